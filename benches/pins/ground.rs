//! The repository that is checked: a workspace of some size, and workflows of several kinds, none like the other.

use std::fs;
use std::path::Path;

use crate::Result;

const PIN: &str = "1.78.0";

/// Files that name no toolchain: sources, documents, data.
const OTHERS: usize = 600;

/// Makes it, and says how many lines its workflows have.
pub(crate) fn repository(dir: &Path, workflows: usize) -> Result<usize> {
    let write = |path: &str, text: &str| -> Result<()> {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().ok_or("a path without a directory")?)?;
        Ok(fs::write(path, text)?)
    };
    write(".git/HEAD", "ref: refs/heads/main\n")?;
    write(".gitignore", "/target\n")?;
    write("rust-toolchain.toml", &format!("[toolchain]\nchannel = \"{PIN}\"\ncomponents = [\"clippy\"]\n"))?;
    write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"2\"\n")?;
    write("Dockerfile", &format!("FROM rust:{PIN} AS build\nRUN cargo build --release\n"))?;
    for member in 0..20 {
        let package = "version = \"0.1.0\"\nedition = \"2021\"\nrust-version = \"1.70\"";
        write(
            &format!("crates/m{member}/Cargo.toml"),
            &format!("[package]\nname = \"m{member}\"\n{package}\n"),
        )?;
        write(&format!("crates/m{member}/src/lib.rs"), "pub mod a0;\n")?;
    }
    for file in 0..OTHERS {
        let (path, line) = match file % 4 {
            0 => (
                format!("docs/d{}/{file}.md", file % 7),
                "Needs Rust 1.78.0 or newer, see `rust-toolchain.toml`.\n",
            ),
            1 => (format!("data/{file}.json"), "{\"rust\": \"1.78.0\"}\n"),
            _ => (
                format!("crates/m{}/src/a{file}.rs", file % 20),
                "pub fn f(x: u32) -> u32 { x + 1 } // as always\n",
            ),
        };
        write(&path, &line.repeat(80))?;
    }
    let mut lines = 0;
    for at in 0..workflows {
        let text = workflow(at);
        lines += text.lines().count();
        write(&format!(".github/workflows/w{at}.yml"), &text)?;
    }
    Ok(lines)
}

fn workflow(at: usize) -> String {
    let branches = ["[main]", "[main, 'release/**']", "\n      - main\n      - develop"][at % 3];
    let mut text = format!(
        "# Part {at} of what is tested.\nname: Part {at}\n\non:\n  push:\n    branches: {branches}\n    paths:\n      - 'crates/m{}/**'\n      \
         - '.github/workflows/w{at}.yml'\n  pull_request:\n  schedule:\n    - cron: '{} 4 * * 1'\n\nconcurrency:\n  group: ${{{{ github.workflow }}}}-${{{{ github.ref }}}}\n  \
         cancel-in-progress: true\n\npermissions:\n  contents: read\n\nenv:\n  CARGO_TERM_COLOR: always\n  CARGO_INCREMENTAL: 0\n  RUSTFLAGS: -D warnings\n  RUST_STABLE: {PIN}\n\njobs:\n",
        at % 20,
        at % 60
    );
    let jobs: [fn(usize) -> String; 7] = [matrix, include, container, setups, scripts, caches, release];
    for nth in 0..3 + at % 3 {
        text += &jobs[(at + nth * (1 + at % 5)) % jobs.len()](at * 10 + nth);
    }
    text
}

fn matrix(id: usize) -> String {
    format!(
        r#"  matrix-{id}:
    name: test (${{{{ matrix.os }}}}, ${{{{ matrix.rust }}}})
    runs-on: ${{{{ matrix.os }}}}
    timeout-minutes: {}
    strategy:
      fail-fast: false
      matrix:
        os: [ubuntu-latest, macos-latest, windows-latest]
        rust: [{PIN}, nightly-2026-05-19]
        exclude:
          - os: windows-latest
            rust: nightly-2026-05-19
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - uses: dtolnay/rust-toolchain@master
        with:
          toolchain: ${{{{ matrix.rust }}}}
          components: clippy, rustfmt
      - name: Test
        run: cargo +${{{{ matrix.rust }}}} test -p m{} --all-features
      - if: matrix.rust == '{PIN}' && matrix.os == 'ubuntu-latest'
        run: cargo clippy --all-targets -- -D warnings

"#,
        10 + id % 50,
        id % 20
    )
}

fn include(id: usize) -> String {
    format!(
        r#"  include-{id}:
    runs-on: ${{{{ matrix.os }}}}
    strategy:
      matrix:
        include:
          - {{ os: ubuntu-latest, target: x86_64-unknown-linux-gnu, rust: {PIN} }}
          - {{ os: ubuntu-latest, target: aarch64-unknown-linux-gnu, rust: {PIN} }}
          - os: windows-latest
            target: x86_64-pc-windows-msvc
            rust: {PIN}
          - os: macos-latest
            target: aarch64-apple-darwin
            rust: "{PIN}"
    env:
      CARGO_BUILD_TARGET: ${{{{ matrix.target }}}}
    steps:
      - uses: actions/checkout@v4
      - uses: actions-rust-lang/setup-rust-toolchain@v1
        with:
          toolchain: ${{{{ matrix.rust }}}}
          target: ${{{{ matrix.target }}}}
          cache-key: include-{id}
      - run: |
          cargo build --release --locked
          cargo test --release --no-run

"#
    )
}

fn container(id: usize) -> String {
    format!(
        r#"  container-{id}:
    runs-on: ubuntu-latest
    container:
      image: rust:{PIN}-bookworm
      options: --cpus 2
    services:
      db:
        image: postgres:16.{}
        env: {{ POSTGRES_PASSWORD: test }}
        ports: ['5432:5432']
    steps:
      - uses: actions/checkout@v4
      - run: apt-get update && apt-get install --yes pkg-config libssl-dev
      - name: Migrations
        env:
          DATABASE_URL: postgres://postgres:test@db/part{id}
        run: cargo run --bin migrate
      - run: cargo test --workspace -- --test-threads=1

"#,
        id % 5
    )
}

fn setups(id: usize) -> String {
    let step = [
        format!("uses: dtolnay/rust-toolchain@{PIN}"),
        format!("uses: moonrepo/setup-rust@v1\n        with:\n          channel: '{PIN}'"),
        "uses: dtolnay/rust-toolchain@master\n        with:\n          toolchain: ${{ env.RUST_STABLE }}"
            .to_owned(),
        format!(
            "uses: actions-rs/toolchain@v1\n        with:\n          toolchain: {PIN}\n          override: true"
        ),
    ];
    format!(
        r#"  setup-{id}:
    runs-on: ubuntu-24.04
    steps:
      - name: Checkout
        uses: actions/checkout@v4
      - name: Rust
        {}
      - name: Cache
        uses: Swatinem/rust-cache@v2
        with:
          shared-key: setup-{}
          save-if: ${{{{ github.ref == 'refs/heads/main' }}}}
      - name: Docs
        env:
          RUSTDOCFLAGS: -D warnings
        run: cargo doc --no-deps --document-private-items

"#,
        step[id % step.len()],
        id % 9
    )
}

fn scripts(id: usize) -> String {
    format!(
        r#"  scripts-{id}:
    runs-on: ubuntu-latest
    defaults:
      run:
        shell: bash
    steps:
      - uses: actions/checkout@v4
      - name: Rust
        run: |
          set -euo pipefail
          curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs \
            | sh -s -- -y --profile minimal --default-toolchain {PIN}
          echo "$HOME/.cargo/bin" >> "$GITHUB_PATH"
          rustup toolchain install nightly-2026-05-19 --component miri
      - name: Oldest release
        run: |
          rustup toolchain install 1.70.0 --profile minimal
          cargo +1.70.0 check --workspace
      - name: Miri
        run: cargo +nightly-2026-05-19 miri test -p m{}
      - run: |
          for crate in crates/*; do
            (cd "$crate" && cargo package --list > /dev/null)
          done

"#,
        id % 20
    )
}

fn caches(id: usize) -> String {
    format!(
        r#"  cache-{id}:
    runs-on: ubuntu-latest
    outputs:
      key: ${{{{ steps.key.outputs.key }}}}
    steps:
      - uses: actions/checkout@v4
      - id: key
        run: echo "key=$(sha256sum Cargo.lock | cut -c1-16)" >> "$GITHUB_OUTPUT"
      - uses: actions/cache@v4
        with:
          path: |
            ~/.cargo/registry
            ~/.cargo/git
            target
          key: ${{{{ runner.os }}}}-{id}-${{{{ steps.key.outputs.key }}}}
          restore-keys: |
            ${{{{ runner.os }}}}-{id}-
      - uses: actions/setup-node@v4
        with:
          node-version: 20
      - run: npm ci && npm run build --if-present
        working-directory: web

"#
    )
}

fn release(id: usize) -> String {
    format!(
        r#"  release-{id}:
    if: startsWith(github.ref, 'refs/tags/v')
    needs: []
    runs-on: ubuntu-latest
    permissions:
      contents: write
    steps:
      - uses: actions/checkout@v4
      - uses: docker/setup-buildx-action@v3
      - uses: docker/build-push-action@v6
        with:
          context: .
          push: true
          tags: registry.example.org/part:{id}
          build-args: |
            RUST_VERSION={PIN}
            PROFILE=release
      - name: Notes
        run: |
          git log --oneline --no-merges "$(git describe --abbrev=0 --tags HEAD^)"..HEAD > notes.txt
      - uses: softprops/action-gh-release@v2
        with:
          body_path: notes.txt
          files: target/release/part-*

"#
    )
}
