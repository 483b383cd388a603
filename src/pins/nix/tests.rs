//! Forms of Nix files.

use crate::pins::testing::check;
use crate::pins::{Frozen, Kind, Role, recognise};

#[test]
fn overlays() {
    check(
        Kind::Nix,
        &[
            (
                "a host stays",
                "{ RUSTUP_TOOLCHAIN = \"«1.78.0-x86_64-pc-windows-gnu»\"; }\n",
                &[Role::Dev],
                &["1.79.0-x86_64-pc-windows-gnu"],
            ),
            (
                "a release of the overlay",
                "{ pkgs }: pkgs.mkShell { packages = [ pkgs.rust-bin.stable.\"«1.78.0»\".default ]; }\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "with parts, CRLF",
                "let\r\n  rust = pkgs.rust-bin.stable.\"«1.75.0»\".minimal.override {\r\n    extensions = [ \"rust-src\" ];\r\n  };\r\nin rust\r\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "nightlies by date, betas too",
                "[ rust-bin.nightly.\"«2026-05-19»\".default rust-bin.beta.\"«2026-05-01»\".default ]",
                &[Role::Deliberate; 2],
                &["2026-05-19", "2026-05-01"],
            ),
            (
                "what moves by itself",
                "{ a = rust-bin.«stable».latest.default; b = rust-bin.«nightly».\"latest\".default; c = rust-bin.«selectLatestNightlyWith» (t: t.default); }",
                &[Role::Deliberate; 3],
                &["stable", "nightly", "selectLatestNightlyWith"],
            ),
            (
                "the toolchain file",
                "{ rust = pkgs.rust-bin.fromRustupToolchainFile ./rust-toolchain.toml; f = fenix.fromToolchainFile { file = ./rust-toolchain.toml; sha256 = \"x\"; }; }",
                &[],
                &[],
            ),
            (
                "a name as rustup takes it",
                "pkgs.rust-bin.fromRustupToolchain { channel = \"«1.78.0»\"; profile = \"minimal\"; }",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "the oldest release by its name",
                "{\n  msrvToolchain = pkgs.rust-bin.stable.\"«1.78.0»\".minimal;\n  dev = pkgs.rust-bin.stable.\"«1.78.0»\".default;\n}\n",
                &[Role::Msrv, Role::Dev],
                &["1.78.0", "1.79.0"],
            ),
            (
                "shells for several releases",
                "[ rust-bin.stable.\"«1.78.0»\".default rust-bin.stable.\"«1.74.0»\".default rust-bin.stable.\"«1.70.0»\".default ]",
                &[Role::Dev, Role::Undecided, Role::Msrv],
                &["1.79.0", "1.74.0", "1.70.0"],
            ),
            (
                "in a string",
                "{ PATH = \"${pkgs.rust-bin.stable.\"«1.78.0»\".default}/bin\"; x = \"rust-bin.stable.1.78.0\"; }",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "comments",
                "# rust-bin.stable.\"1.78.0\"\n/* rust-bin.stable.\"1.78.0\"\n*/\nrust-bin.stable.\"«1.78.0»\".default # as pinned",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "told",
                "{\n  # xcargo: ignore\n  a = rust-bin.stable.\"«1.78.0»\".default;\n  b = rust-bin.stable.\"«1.78.0»\".default; # xcargo: role=deliberate\n}\n",
                &[Role::Ignored, Role::Deliberate],
                &["1.78.0", "1.78.0"],
            ),
        ],
    );
}

#[test]
fn others() {
    check(
        Kind::Nix,
        &[
            (
                "fenix with a hash",
                "fenix.packages.${system}.toolchainOf {\n  channel = \"«1.78.0»\";\n  sha256 = \"sha256-AAAA\";\n}\n",
                &[Role::Dev],
                &["1.78.0"],
            ),
            (
                "fenix by name",
                "(fenix.fromToolchainName { name = \"«1.78.0»\"; sha256 = lib.fakeSha256; })",
                &[Role::Dev],
                &["1.78.0"],
            ),
            (
                "fenix, a nightly",
                "toolchainOf { channel = \"nightly\"; date = \"«2026-05-19»\"; sha256 = \"\"; }",
                &[Role::Deliberate],
                &["2026-05-19"],
            ),
            (
                "Mozilla's overlay",
                "(nixpkgs.rustChannelOf { channel = \"«1.78.0»\"; }).rust",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "Mozilla's overlay, a nightly",
                "rustChannelOf { date = \"«2026-05-19»\"; channel = \"nightly\"; }",
                &[Role::Deliberate],
                &["2026-05-19"],
            ),
            (
                "devenv",
                "{ languages.rust = { enable = true; channel = \"stable\"; version = \"«1.78.0»\"; }; languages.python.version = \"3.12\"; }",
                &[Role::Dev],
                &["1.79.0"],
            ),
            ("devenv, one line", "{ languages.rust.version = \"«1.75.0»\"; }", &[Role::Dev], &["1.79.0"]),
            (
                "a variable",
                "let rustVersion = \"«1.78.0»\"; in pkgs.rust-bin.stable.${rustVersion}.default",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "a variable whose name says nothing",
                "{ version ? \"«1.75.0»\", pkgs }: rustChannelOf { channel = version; }",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "a variable with a hash beside its use",
                "let v = \"«1.78.0»\"; in fenix.fromToolchainName { name = v; sha256 = \"x\"; }",
                &[Role::Dev],
                &["1.78.0"],
            ),
            (
                "an environment",
                "mkShell { RUSTUP_TOOLCHAIN = \"«1.78.0»\"; RUST_BACKTRACE = \"1\"; RUSTUP_VERSION = \"1.27.1\"; }",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "a script",
                "{\n  shellHook = ''\n    # rustup default 1.60.0\n    rustup default «1.78.0»\n    cargo +${x} b ''${y} ''' ''\\n\n  '';\n}\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "packages of that name",
                "{ rust = pkgs.rust; pname = \"rust\"; version = \"1.78.0\"; src = fetchFromGitHub { rev = \"1.78.0\"; }; }",
                &[],
                &[],
            ),
        ],
    );
}

#[test]
fn what_cannot_be_followed_is_said() {
    for (text, expect) in [
        ("rust-bin.stable.${version}.default", "${version}"),
        ("{ v = \"1.78.0\"; v = \"1.79.0\"; x = rust-bin.stable.${v}; }", "${v}"),
        ("rustChannelOf { channel = version; }", "version"),
    ] {
        let found = recognise(Kind::Nix, text).expect("Nix");
        assert!(found.pins.is_empty(), "{text}: {:?}", found.pins);
        assert_eq!(&text[found.remarks[0].span.clone()], expect, "{text}");
    }
}

#[test]
fn the_reason_for_leaving_it_is_said() {
    let text = "toolchainOf { channel = \"1.78.0\"; sha256 = \"\"; } rust-bin.stable.latest";
    let found = recognise(Kind::Nix, text).expect("Nix");
    let frozen: Vec<_> = found.pins.iter().map(|pin| pin.frozen).collect();
    assert_eq!(frozen, [Some(Frozen::Checksum), Some(Frozen::Fixed)]);
}

/// Whatever stands in a file, it is read in no time.
#[test]
fn odd_files_are_read() {
    let many = 20_000;
    for text in [
        "rust-bin.stable.\"".to_owned(),
        "rust-bin.stable.${ rust-bin . stable . rustChannelOf {".to_owned(),
        "\"\\é ''\\é '' ''é".to_owned(),
        "}}}} ${ '' ${ \" ${ '' }".to_owned(),
        "rustChannelOf { ".repeat(many),
        "\"${".repeat(many),
        "''${".repeat(many),
        "/*".repeat(many),
        "rust-bin.stable.".repeat(many),
        "v = \"1.78.0\"; rust-bin.stable.${v} ".repeat(many),
    ] {
        let _ = recognise(Kind::Nix, &text);
    }
}
