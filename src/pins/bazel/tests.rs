//! Forms of Bazel's files.

use crate::pins::testing::check;
use crate::pins::{Frozen, Kind, Role, recognise};

#[test]
fn toolchains() {
    check(
        Kind::Bazel,
        &[
            (
                "a module",
                "bazel_dep(name = \"rules_rust\", version = \"0.50.0\")\nrust = use_extension(\"@rules_rust//rust:extensions.bzl\", \"rust\")\nrust.toolchain(\n    edition = \"2021\",\n    versions = [\"«1.78.0»\"],\n)\nuse_repo(rust, \"rust_toolchains\")\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "a module out of step, CRLF",
                "rust.toolchain(\r\n  versions = ['«1.75.0»'],\r\n)\r\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "a workspace",
                "rules_rust_dependencies()\n\nrust_register_toolchains(\n    edition = \"2021\",\n    versions = [\n        \"«1.78.0»\",  # the pin\n        \"«nightly/2026-05-19»\",\n        \"«1.70.0»\",\n        \"«1.74.0»\",\n    ],\n)\n",
                &[Role::Dev, Role::Deliberate, Role::Msrv, Role::Undecided],
                &["1.79.0", "nightly/2026-05-19", "1.70.0", "1.74.0"],
            ),
            (
                "a version alone, and that of rustfmt",
                "rust_register_toolchains(version = \"«1.78.0»\", rustfmt_version = \"«nightly/2026-05-19»\")",
                &[Role::Dev, Role::Deliberate],
                &["1.79.0", "nightly/2026-05-19"],
            ),
            (
                "a set of repositories",
                "rust_repository_set(\n    name = \"rust_linux\",\n    exec_triple = \"x86_64-unknown-linux-gnu\",\n    version = \"«1.78.0»\",\n)\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "hashes beside it",
                "rust.repository_set(\n    versions = [\"«1.78.0»\"],\n    sha256s = {\n        \"rustc-1.78.0-x86_64-unknown-linux-gnu.tar.xz\": \"abcd\",\n    },\n)\nrust.toolchain(versions = [\"«1.78.0»\"], sha256s = {})\n",
                &[Role::Dev; 2],
                &["1.78.0", "1.79.0"],
            ),
            (
                "an extension by another name",
                "my_rust_ext.toolchain(versions = [\"«1.78.0»\"])\ngo_sdk.toolchain(versions = [\"1.78.0\"])\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "a constant",
                "RUST_VERSION = \"«1.78.0»\"\nrust_register_toolchains(versions = [RUST_VERSION])\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "a constant whose name says nothing, with hashes",
                "VERSION = \"«1.78.0»\"\nOTHER = \"1.78.0\"\nrust_repository_set(version = VERSION, sha256s = HASHES)\n",
                &[Role::Dev],
                &["1.78.0"],
            ),
            (
                "a list by its name",
                "VERSIONS = [\"«1.78.0»\", \"«1.70.0»\"]\n\nrust.toolchain(versions = VERSIONS)\n",
                &[Role::Dev, Role::Msrv],
                &["1.79.0", "1.70.0"],
            ),
            (
                "names that say enough",
                "MSRV = \"«1.78.0»\"\ndef setup(rust_version = \"«1.78.0»\", rustup_version = \"1.27.1\"):\n    pass\nsetup(rust_version = \"«1.75.0»\")\n",
                &[Role::Msrv, Role::Dev, Role::Dev],
                &["1.78.0", "1.79.0", "1.79.0"],
            ),
            (
                "a crate of that name",
                "crate.spec(package = \"rust\", version = \"1.78.0\")\ncrate.annotation(crate = \"rust\", version = \"1.78.0\")\n",
                &[],
                &[],
            ),
            (
                "comments and texts",
                "# rust.toolchain(versions = [\"1.78.0\"])\n\"\"\"\nrust.toolchain(versions = [\"1.78.0\"])\n\"\"\"\nprint('rust_version = \"1.78.0\"')\n",
                &[],
                &[],
            ),
            (
                "told",
                "rust.toolchain(\n    # xcargo: role=msrv\n    versions = [\"«1.78.0»\"],\n)\n",
                &[Role::Msrv],
                &["1.78.0"],
            ),
            (
                "comparisons and escapes",
                "x = rust_version == \"1.78.0\"\nrust_version = \"1.7\\x38.0\"\nrust_version = r\"1.78.0\"\n",
                &[],
                &[],
            ),
        ],
    );
}

#[test]
fn what_cannot_be_followed_is_said() {
    for (text, expect) in [
        ("load(\":v.bzl\", \"V\")\nrust.toolchain(versions = [V])\n", "V"),
        ("rust.toolchain(versions = [V, \"x\"] + MORE)\n", "["),
        ("V = \"1.78.0\"\nV = \"1.79.0\"\nrust.toolchain(versions = [V])\n", "V"),
        ("rust_repository_set(version = \"1.78.\" + PATCH)\n", "1.78."),
    ] {
        let found = recognise(Kind::Bazel, text).expect("Starlark");
        assert!(found.pins.is_empty(), "{text}: {:?}", found.pins);
        assert_eq!(&text[found.remarks[0].span.clone()], expect, "{text}");
    }
}

#[test]
fn the_reason_for_leaving_it_is_said() {
    let text = "rust_repository_set(sha256s = {\"a\": \"b\"}, version = \"1.78.0\")";
    let found = recognise(Kind::Bazel, text).expect("Starlark");
    assert_eq!(found.pins[0].frozen, Some(Frozen::Checksum));
}

/// Whatever stands in a file, it is read in no time.
#[test]
fn odd_files_are_read() {
    let many = 20_000;
    for text in [
        "rust.toolchain(versions = [\"".to_owned(),
        "\\é \"\\é\n'''é ]]]}}} r\"\\".to_owned(),
        "rust.toolchain(versions = ".repeat(many),
        "[".repeat(many),
        "versions = [a, ".repeat(many),
        "V = [\"1.78.0\", \"1.78.0\"]\nrust.toolchain(versions = V)\n".repeat(many),
        format!("V = [{}]\n{}", "\"1.78.0\",".repeat(many), "rust.toolchain(versions = V)\n".repeat(many)),
        "rust.toolchain(version = \"1.78.0\"),".repeat(many),
    ] {
        let _ = recognise(Kind::Bazel, &text);
    }
}
