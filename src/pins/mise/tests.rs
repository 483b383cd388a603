//! Forms of mise's files.

use crate::pins::testing::check;
use crate::pins::{Kind, Role, recognise};

#[test]
fn tools() {
    check(
        Kind::Mise,
        &[
            (
                "a host stays",
                "[tools]\nrust = \"«1.78.0-x86_64-pc-windows-gnu»\"\n",
                &[Role::Dev],
                &["1.79.0-x86_64-pc-windows-gnu"],
            ),
            ("a string", "[tools]\nnode = \"20\"\nrust = \"«1.78»\"\n", &[Role::Dev], &["1.79"]),
            (
                "an inline table",
                "[tools]\nrust = { version = \"«1.78.0»\", components = \"clippy,rustfmt\" }\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "a table",
                "[tools.rust]\r\nversion = '«1.78.0»'\r\nprofile = 'minimal'\r\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "several",
                "[tools]\nrust = [\"«1.78»\", \"«nightly»\", { version = \"«1.70»\" }, \"«1.74»\"]\n",
                &[Role::Dev, Role::Deliberate, Role::Msrv, Role::Undecided],
                &["1.79", "nightly", "1.70", "1.74"],
            ),
            (
                "several tables",
                "[[tools.rust]]\nversion = \"«1.78.0»\"\n[[tools.rust]]\nversion = \"«beta»\"\n",
                &[Role::Dev, Role::Deliberate],
                &["1.79.0", "beta"],
            ),
            ("its backend", "[tools]\n\"core:rust\" = \"«1.75.0»\"\n", &[Role::Dev], &["1.79.0"]),
            ("one of a list", "tools.rust = [\"«1.75.0»\"]\n", &[Role::Dev], &["1.79.0"]),
            ("the newest", "[tools]\nrust = \"«latest»\"\n", &[Role::Deliberate], &["latest"]),
            ("a BOM", "\u{feff}[tools]\nrust = \"«1.78.0»\"\n", &[Role::Dev], &["1.79.0"]),
            (
                "other tools",
                "[tools]\n\"cargo:cargo-nextest\" = \"1.78.0\"\nrust-analyzer = \"1.78.0\"\n\"ubi:a/rust\" = \"1.78\"\n",
                &[],
                &[],
            ),
            (
                "no name of rustup's",
                "[tools]\nrust = \"path:/opt/rust\"\nmin_version = \"1.78.0\"\n",
                &[],
                &[],
            ),
            ("escapes", "[tools]\nrust = \"«1\\u002E78.0»\"\n", &[Role::Dev], &["1\\u002E78.0"]),
            ("told", "[tools]\n# xcargo: role=msrv\nrust = \"«1.78.0»\"\n", &[Role::Msrv], &["1.78.0"]),
        ],
    );
}

#[test]
fn tasks_and_environment() {
    check(
        Kind::Mise,
        &[
            (
                "a task",
                "[tasks.lint]\nrun = \"cargo +«1.78» clippy -- -D warnings\"\n",
                &[Role::Dev],
                &["1.79"],
            ),
            (
                "several commands",
                "[tasks.fmt]\nrun = ['rustup toolchain install «nightly»', 'cargo +«nightly» fmt']\n",
                &[Role::Deliberate, Role::Deliberate],
                &["nightly", "nightly"],
            ),
            (
                "a script over lines, CRLF",
                "[tasks.setup]\r\nrun = '''\r\n#!/bin/sh\r\n# rustup default 1.70\r\nrustup default «1.78.0»\r\n'''\r\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            ("a short task", "[tasks]\ntest = \"cargo +«1.70» test\"\n", &[Role::Msrv], &["1.70"]),
            (
                "tools and environment of a task",
                "[tasks.msrv]\ntools = { rust = \"«1.70»\" }\nenv = { RUSTUP_TOOLCHAIN = \"«1.70»\" }\nrun = \"cargo check\"\n",
                &[Role::Msrv, Role::Msrv],
                &["1.70", "1.70"],
            ),
            (
                "an environment",
                "[env]\nRUSTUP_TOOLCHAIN = \"«1.78.0»\"\nMSRV = { value = \"«1.78.0»\" }\nRUST_BACKTRACE = \"1\"\n",
                &[Role::Dev, Role::Msrv],
                &["1.79.0", "1.78.0"],
            ),
            ("a hook", "[hooks]\npostinstall = \"rustup default «1.78.0»\"\n", &[Role::Dev], &["1.79.0"]),
        ],
    );
}

#[test]
fn a_template_is_said() {
    let text = "[tools]\nrust = \"{{ vars.rust }}\"\n";
    let found = recognise(Kind::Mise, text).expect("TOML");
    assert_eq!((found.pins.len(), &text[found.remarks[0].span.clone()]), (0, "{{ vars.rust }}"));
}
