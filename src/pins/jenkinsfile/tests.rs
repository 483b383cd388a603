//! Forms of Jenkinsfiles.

use crate::pins::Kind;
use crate::pins::Role::{Deliberate, Dev, Msrv};
use crate::pins::testing::check;

#[test]
fn images() {
    check(
        Kind::Jenkinsfile,
        &[
            (
                "an agent",
                "pipeline {\n  agent { docker { image 'rust:«1.78.0»' args '-v /x:/y' } }\n}\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "inside",
                "#!groovy\r\nnode {\r\n  docker.image(\"rust:«1.78»-slim\").inside { sh 'cargo test' }\r\n  docker.image('python:3.12').pull()\r\n}\r\n",
                &[Dev],
                &["1.79"],
            ),
            ("a digest", "agent { docker { image 'rust:«1.78.0»@sha256:00' } }", &[Dev], &["1.78.0"]),
            (
                "a pod",
                "agent { kubernetes { yaml '''\nspec:\n  containers:\n  - name: rust\n    image: rust:«1.78.0»\n  - name: py\n    image: python:3\n''' } }\ncontainerTemplate(name: 'r', image: 'rust:«1.78»')\n",
                &[Dev, Dev],
                &["1.79.0", "1.79"],
            ),
            (
                "comments, and what looks like them",
                "// image 'rust:1.78.0'\n/* image 'rust:1.78.0' */\ndef url = 'https://x.org/*' // it's é\ndef m = (x =~ /it's \"/)\nimage 'rust:«1.78.0»' // xcargo: role=msrv\n",
                &[Msrv],
                &["1.78.0"],
            ),
            ("a sum", "image 'rust:1.78' + '.0'\ndef RUST_VERSION = '1.78' + patch\n", &[], &[]),
        ],
    );
}

#[test]
fn scripts_and_names() {
    check(
        Kind::Jenkinsfile,
        &[
            (
                "shell steps",
                "stage('MSRV') { steps { sh 'cargo +«1.65» check' } }\nstage('test') { steps {\n  sh '''\n    # cargo +1.78.0 no\n    cargo +«1.78.0» test\n  '''\n  bat(script: \"rustup default «1.78.0-x86_64-pc-windows-msvc»\", returnStdout: true)\n  sh label: 'cargo +1.78.0', script: \"\"\"rustup run «nightly» cargo fmt\"\"\"\n} }\n",
                &[Msrv, Dev, Dev, Deliberate],
                &["1.65", "1.79.0", "1.79.0-x86_64-pc-windows-msvc", "nightly"],
            ),
            (
                "an environment",
                "environment {\n  TC = '«1.78.0»'\n  VERSION = '1.78.0'\n}\nagent { docker { image \"rust:${env.TC}-slim\" } }\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "variables, by name alone and followed",
                "def tc = \"«1.78»\"\nenv.RUSTUP_TOOLCHAIN = '«1.78.0»'\nsh \"rustup toolchain install ${tc}\"\nwithEnv(['RUST_VERSION=«1.78.0»', 'A=1.78.0']) { }\n",
                &[Dev, Dev, Dev],
                &["1.79", "1.79.0", "1.79.0"],
            ),
            (
                "parameters and axes",
                "parameters {\n  string(name: 'TC', defaultValue: '«1.78.0»', description: 'Rust 1.78.0')\n  string(name: 'APP', defaultValue: '1.78.0')\n}\nmatrix { axes { axis { name 'RUST' \n values '«1.70»', '«1.78.0»', '«stable»' } } }\nsh \"cargo +${params.TC} test\"\n",
                &[Dev, Msrv, Dev, Deliberate],
                &["1.79.0", "1.70", "1.79.0", "stable"],
            ),
        ],
    );
}

/// A recogniser meets anything.
#[test]
fn broken_files_are_read_as_far_as_they_go() {
    use crate::pins::recognise;
    for text in ["'", "\"\"\"", "/*", "\"${", "image '\\", "é'é\\", "sh \"\\", "}}}", "=/", "'''\\''"] {
        assert!(recognise(Kind::Jenkinsfile, text).is_ok_and(|found| found.pins.is_empty()), "{text}");
    }
}
