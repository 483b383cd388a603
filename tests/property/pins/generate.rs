//! Generated names, values and commands, and whole files that are no YAML: Dockerfiles by their grammar, the others by the
//! pieces of which such files are made.

use fastrand::Rng;
use xcargo::pins::Kind;

/// One of them.
pub(super) fn of<'a>(rng: &mut Rng, all: &[&'a str]) -> &'a str {
    all[rng.usize(..all.len())]
}

/// What a toolchain may be called, and what it may not.
pub(super) fn name(rng: &mut Rng) -> &'static str {
    const NAMES: &[&str] = &[
        "1.78.0",
        "1.78.0",
        "1.78.0",
        "1.78.0",
        "1.78",
        "1.78",
        "1.70",
        "1.70.0",
        "1.75.0",
        "1.80",
        "1.100",
        "1",
        "latest",
        "stable",
        "beta",
        "nightly",
        "nightly-2026-05-19",
        "stable-2026-05-19",
        "1.78.0-x86_64-unknown-linux-gnu",
        "1.78.0-beta.2",
        "my-own",
        "v1.78.0",
        "1.78.0.1",
        "é1.78.0",
        "",
        "1.78.0 ",
        "~",
        "true",
        "1e3",
        "0x10",
    ];
    of(rng, NAMES)
}

/// A name, or what stands for one.
pub(super) fn value(rng: &mut Rng) -> String {
    const EXPRESSIONS: &[&str] = &[
        "${{ matrix.rust }}",
        "${{ env.RUST }}",
        "${{ inputs.rust || '1.78.0' }}",
        "${{ matrix.rust == '1.78.0' && '1.70' || env.V }}",
        "${{",
        "$RUST",
        "${RUST}",
        "${RUST:-1.78.0}",
        "${RUST-${V:-1.78.0}}",
        "$(RUST)",
        "$[variables.RUST]",
        "%RUST%",
        "<< parameters.rust >>",
        "nightly, 1.78.0",
        "1.78.0,stable",
        "${{ fromJSON('[\"1.78.0\", \"stable\"]') }}",
    ];
    if rng.usize(..4) == 0 { of(rng, EXPRESSIONS).to_owned() } else { name(rng).to_owned() }
}

/// A reference to an image.
pub(super) fn image(rng: &mut Rng) -> String {
    let repository = of(
        rng,
        &[
            "rust",
            "rust",
            "docker.io/library/rust",
            "cimg/rust",
            "rustlang/rust",
            "python",
            "${P}/rust",
            "localhost:5000/x/rust",
        ],
    );
    let variant =
        of(rng, &["", "", "-slim-bookworm", "-alpine3.19", "@sha256:0123", "-bookworm@sha256:0123"]);
    format!("{repository}:{}{variant}", value(rng))
}

/// Some lines for a shell.
pub(super) fn script(rng: &mut Rng) -> String {
    let mut text = String::new();
    for at in 0..rng.usize(1..4) {
        if at > 0 {
            text += of(rng, &["\n", " && ", "; ", " \\\n  ", " | ", "\n# rustup default 1.60.0\n"]);
        }
        let name = value(rng);
        match rng.usize(..14) {
            0 => text += &format!("rustup default {name}"),
            1 => text += &format!("rustup toolchain install \"{name}\" --profile minimal"),
            2 => text += &format!("rustup override set '{name}'"),
            3 => text += &format!("cargo +{name} test --locked"),
            4 => text += &format!("curl https://sh.rustup.rs | sh -s -- -y --default-toolchain {name}"),
            5 => text += &format!("RUSTUP_TOOLCHAIN={name} cargo build"),
            6 => text += &format!("export RUST_VERSION={name}\nrustup run $RUST_VERSION cargo fmt"),
            7 => text += &format!("docker run --rm {} cargo test", image(rng)),
            8 => text += &format!("rustup component add clippy --toolchain={name}"),
            9 => text += &format!("if [ \"$X\" = {name} ]; then rustup default {name}; fi"),
            10 => text += &format!("cat <<EOF\nrustup default {name}\nEOF\n"),
            11 => text += &format!("bash -c 'cargo \"+{name}\" check'"),
            12 => text += &format!("echo \"rustup default {name}"),
            _ => text += &format!("rustup install $(cat rust-toolchain) `echo {name}`"),
        }
    }
    text
}

/// A file of a kind that is no YAML.
pub(super) fn file(rng: &mut Rng) -> (Kind, String) {
    let kinds = [
        Kind::Dockerfile,
        Kind::Dockerfile,
        Kind::Dockerfile,
        Kind::ToolchainFile,
        Kind::Policy,
        Kind::Mise,
        Kind::Prototools,
        Kind::Clippy,
        Kind::Manifest,
        Kind::Devcontainer,
        Kind::Nix,
        Kind::Bazel,
        Kind::Jenkinsfile,
        Kind::ToolVersions,
    ];
    let kind = kinds[rng.usize(..kinds.len())];
    if kind == Kind::Dockerfile {
        return (kind, dockerfile(rng));
    }
    let pieces = pieces(kind);
    let text = match kind {
        Kind::Devcontainer => {
            let inside: String = (0..rng.usize(..5)).map(|_| filled(of(rng, pieces), rng)).collect();
            format!("{{\n{inside}}}\n")
        }
        Kind::ToolchainFile => filled(of(rng, pieces), rng),
        _ => (0..rng.usize(1..5)).map(|_| filled(of(rng, pieces), rng)).collect(),
    };
    (kind, text)
}

/// A piece with names, images and commands where it has room for them.
fn filled(piece: &str, rng: &mut Rng) -> String {
    let mut text = String::new();
    for (at, part) in piece.split('§').enumerate() {
        match (at, part.chars().next()) {
            (0, _) => text += part,
            (_, Some('i')) => text += &(image(rng) + &part[1..]),
            (_, Some('s')) => text += &(script(rng).replace(['"', '\'', '\\', '\n'], " ") + &part[1..]),
            (_, Some('m')) => text += &(script(rng) + &part[1..]),
            (_, Some('v')) => text += &(value(rng) + &part[1..]),
            _ => text += &(name(rng).to_owned() + part.get(1..).unwrap_or_default()),
        }
    }
    text
}

/// `§n` is a name, `§v` a value, `§i` an image, `§s` a command in one line, `§m` one in several.
const fn pieces(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::ToolchainFile => &[
            "§n\n",
            " §n \r\n",
            "[toolchain]\nchannel = \"§n\"\n",
            "[toolchain]\n# why\nchannel = '§n' # xcargo: role=dev\ncomponents = [\"clippy\"]\n",
            "toolchain = { channel = \"\"\"§n\"\"\", profile = \"minimal\" }\n",
            "[toolchain]\nchannel = \"\"\"\\\n  §n\"\"\"\n",
        ],
        Kind::Policy => &[
            "[toolchain]\nchannel = \"§n\"\n",
            "[clean]\nbackground = false\n",
            "toolchain.channel = '§n'\n",
            "# §n\n",
        ],
        Kind::Mise => &[
            "[tools]\nrust = \"§n\"\n",
            "tools.rust = [\"§n\", { version = '§n' }]\n",
            "[[tools.rust]]\nversion = \"§n\"\n",
            "[tasks.test]\nrun = [\"§s\", '§s']\n",
            "[tasks.msrv]\nrun = '''\n§m\n'''\n",
            "[env]\nRUSTUP_TOOLCHAIN = \"§v\"\nMSRV = '§n'\n",
            "[tasks]\na = \"\"\"§s\"\"\"\n",
        ],
        Kind::Prototools => &[
            "rust = \"§n\"\n",
            "[settings]\nauto-install = true\n",
            "[tools.rust]\nversion = '§n'\n",
            "node = '20'\n",
        ],
        Kind::Clippy => &[
            "msrv = \"§n\"\n",
            "msrv = '§n' # oldest\n",
            "cognitive-complexity-threshold = 30\n",
            "msrv = §n\n",
        ],
        Kind::Manifest => &[
            "[package]\nname = \"a\"\nrust-version = \"§n\"\n",
            "[workspace.package]\nrust-version = '§n'\n",
            "[workspace]\npackage = { rust-version = \"§n\" }\n",
            "[dependencies]\nrust = \"1.78.0\"\n",
            "[package.metadata.x]\nrust-version = \"§n\"\n",
        ],
        Kind::Devcontainer => &[
            "  \"image\": \"§i\",\n",
            "  // §n\n",
            "  /* §n */ \"features\": { \"ghcr.io/devcontainers/features/rust:1\": { \"version\": \"§n\", }, },\n",
            "  \"features\": {\"ghcr.io/devcontainers/features/rust:1\": \"§n\"},\n",
            "  \"build\": { \"args\": { \"RUST_VERSION\": \"§v\" } },\n",
            "  \"postCreateCommand\": [\"rustup\", \"default\", \"§n\"],\n",
            "  \"postCreateCommand\": \"§s\",\n",
            "  \"containerEnv\": {'RUSTUP_TOOLCHAIN': \"1\\u002e78.0\", \"é\": null, 5: tru},\n",
        ],
        Kind::Nix => &[
            "rust-bin.stable.\"§n\".default\n",
            "{ a = pkgs.rust-bin.nightly.\"2026-05-19\".minimal; }\n",
            "rust-bin.fromRustupToolchain { channel = \"§n\"; }\n",
            "(toolchainOf { channel = \"§n\"; sha256 = \"\"; })\n",
            "{ languages.rust = { version = \"§n\"; channel = \"stable\"; }; }\n",
            "let v = \"§n\"; msrv = \"§n\"; in rust-bin.stable.${v}.default\n",
            "''\n  §m ''${x} ${rust-bin.stable.\"§n\".default}\n''\n",
            "# §n\n/* \"§n\" */\n",
            "\"a \\\" ${\"b ${\"c\"}\"}\"\n",
            "rustChannelOf { channel = \"nightly\"; date = \"§n\"; }\n",
        ],
        Kind::Bazel => &[
            "rust.toolchain(edition = \"2021\", versions = [\"§n\", '§n'])\n",
            "rust_register_toolchains(version = \"§n\", rustfmt_version = \"nightly/2026-05-19\")\n",
            "RUST_VERSION = \"§n\"\nrust.toolchain(versions = [RUST_VERSION])\n",
            "rust.repository_set(versions = [\"§n\"], sha256s = {\"a\": \"b\"})\n",
            "VERSIONS = [\n    \"§n\",  # MSRV\n    r'§n',\n]\nrust.toolchain(versions = VERSIONS)\n",
            "# §n\n\"\"\"§n \\\"\"\"\"\n",
            "def f(rust_version = \"§n\"):\n    pass\n",
            "x = ((((((\"§n\" + '§n'",
        ],
        Kind::Jenkinsfile => &[
            "agent { docker { image '§i' args '-v x' } }\n",
            "docker.image(\"§i\").inside { sh '§s' }\n",
            "sh '''\n§m\n'''\n",
            "sh \"\"\"\n§m ${V}\n\"\"\"\n",
            "environment {\n  RUSTUP_TOOLCHAIN = '§n'\n  TC = \"§v\"\n}\n",
            "def RUST_VERSION = '§n' // MSRV\n",
            "/* §n */ bat(script: \"§s\", returnStdout: true)\n",
            "matrix { axes { axis { name 'RUST'; values '§n', '§n' } } }\n",
            "x = $/a '/$ /it's/\n",
        ],
        _ => &[
            "rust §n\n",
            "rust §n §n # MSRV\n",
            "nodejs 20.1\n",
            "  rust\t§n\n",
            "rust ref:master\n",
            "# rust §n\n",
        ],
    }
}

fn dockerfile(rng: &mut Rng) -> String {
    let mut text = String::new();
    let mut escape = '\\';
    match rng.usize(..8) {
        0 => {
            text += "# escape=`\n";
            escape = '`';
        }
        1 => text += "# syntax=docker/dockerfile:1\n",
        _ => {}
    }
    for _ in 0..rng.usize(1..8) {
        let instruction = instruction(rng);
        // Any blank outside of a here-document may be the end of a line.
        let is_plain = !instruction.contains('\n');
        for part in instruction.split_inclusive(' ') {
            text += part;
            if is_plain && part.ends_with(' ') && rng.usize(..8) == 0 {
                text.push(escape);
                text += of(rng, &["\n", "  \n", "\n# rustup default 1.60.0\n", "\n\n", "\r\n"]);
            }
        }
        text += of(rng, &["\n", "\n", "\n\n", " \n", "\n# xcargo: ignore\n", "\n# MSRV\n"]);
    }
    text
}

fn instruction(rng: &mut Rng) -> String {
    const VARIABLES: &[&str] = &["RUST_VERSION", "RUST", "V", "TAG", "MSRV", "BASE", "RUSTUP_TOOLCHAIN"];
    let variable = of(rng, VARIABLES);
    let reference = match rng.usize(..5) {
        0 => format!("${variable}"),
        1 => format!("${{{variable}}}"),
        2 => format!("${{{variable}:-{}}}", name(rng)),
        3 => format!("${{{variable}:+{}}}", name(rng)),
        _ => name(rng).to_owned(),
    };
    match rng.usize(..16) {
        0 => format!("FROM {}", image(rng)),
        1 | 2 => {
            format!("FROM --platform=$BUILDPLATFORM rust:{reference}-slim AS {}", of(rng, &["build", "msrv"]))
        }
        3 => format!("from {reference}"),
        4 | 5 => format!("ARG {variable}={}", name(rng)),
        6 => format!("ARG {variable} OTHER=\"{}\" V='{reference}'", name(rng)),
        7 => format!("ENV {variable}={reference} A=\"b c\""),
        8 => format!("ENV {variable} {reference}"),
        9 => format!("ONBUILD RUN rustup default {reference}"),
        10 => format!("RUN <<EOF\n{}\nEOF", script(rng)),
        11 => format!("RUN bash -e <<-'A' <<\"B\"\n\trustup default {reference}\n\tA\n{}\nB", script(rng)),
        12 => format!("RUN [\"rustup\", \"default\", \"{reference}\"]"),
        13 => format!("COPY --from=rust:{reference} /usr/local/cargo /c"),
        14 => format!("RUN --mount=type=bind,from=rust:{reference},target=/r cargo +{reference} b"),
        _ => format!("RUN {}", script(rng).replace('\n', " ")),
    }
}
