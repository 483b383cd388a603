//! A local dist server, as files: a real rustup installs real toolchains from it.
//!
//! Two kinds of toolchain are served. *Stubs* are shell scripts: their rustc says what `-vV` says for the release
//! they play, and compiles with the machine's compiler under another `-C metadata`, so that cargo takes them for two
//! compilers and what they make cannot be linked together (E0460 where it is tried). Their crate metadata still says
//! the machine's version: stable rustc lets nobody change it, so there is no E0514 between stubs. The *real* one is the
//! machine's own toolchain, repackaged.

mod manifest;
mod tarball;

use std::path::{Path, PathBuf};

use fs_err as fs;

use self::manifest::{Part, Role};
use self::tarball::Tarball;
use super::machine::machine;
use super::sandbox::Sandbox;

/// A release that a stub plays.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Release {
    /// As `rustc -vV` says it: `1.77.2`, `1.80.0-nightly`.
    pub(crate) version: &'static str,
    /// The commit's hash; its first nine digits stand in the version line.
    pub(crate) commit: &'static str,
    /// The commit's date, which is also the manifest's.
    pub(crate) date: &'static str,
}

/// Two stable releases and two nightlies.
pub(crate) const R1_77: Release =
    Release { version: "1.77.2", commit: "25ef9e3d85d934b27d9dada2f9dd52b1dc63bb04", date: "2024-04-09" };
/// See [`R1_77`].
pub(crate) const R1_78: Release =
    Release { version: "1.78.0", commit: "9b00956e56009bab2aa15d7bff10916599e3d6d6", date: "2024-04-29" };
/// See [`R1_77`].
pub(crate) const NIGHTLY: Release = Release {
    version: "1.80.0-nightly",
    commit: "ada5e2c7b5427a591e30baeeee2698a5eb6db0bd",
    date: "2024-05-01",
};

impl Release {
    /// What its `rustc -vV` prints.
    pub(crate) fn verbose_version(&self) -> String {
        let Self { version, commit, date } = self;
        format!(
            "rustc {version} ({} {date})\nbinary: rustc\ncommit-hash: {commit}\ncommit-date: {date}\nhost: {}\n\
             release: {version}\nLLVM version: 17.0.6\n",
            &commit[..9],
            machine().host
        )
    }

    fn line(&self, tool: &str) -> String {
        format!("{tool} {} ({} {})", self.version, &self.commit[..9], self.date)
    }
}

/// The server's files in one sandbox.
pub(crate) struct Dist {
    root: PathBuf,
}

impl Dist {
    /// The server that the sandbox's rustup asks.
    pub(crate) fn of(sandbox: &Sandbox) -> Self {
        Self { root: sandbox.dist() }
    }

    /// Publishes a stub under a channel's name: `1.78.0`, `stable`, `nightly-2024-05-01`. It has the profile
    /// `minimal`, the components `clippy` and `rustfmt`, and the target `wasm32-unknown-unknown`.
    pub(crate) fn stub(&self, channel: &str, release: &Release) {
        let host = machine().host.as_str();
        let real = |tool: &str| machine().tool(tool).display().to_string();
        let becomes = |tool: &str| {
            let version = release.line(tool);
            format!(
                "case \"$1\" in -V|--version) echo '{version}'; exit;; esac\nexec '{}' \"$@\"\n",
                real(tool)
            )
        };
        let rustc = format!(
            "case \"$*\" in\n-vV|'--version --verbose') cat <<'END'\n{}END\nexit;;\n-V|--version) echo '{}'; exit;;\n\
             esac\nexec '{}' \"$@\" -C metadata={}\n",
            release.verbose_version(),
            release.line("rustc"),
            real("rustc"),
            &release.commit[..9],
        );
        let packages = [
            ("cargo", Role::Required, &["cargo"][..]),
            ("rustc", Role::Required, &["rustc", "rustdoc"]),
            ("clippy-preview", Role::Optional, &["cargo-clippy", "clippy-driver"]),
            ("rustfmt-preview", Role::Optional, &["rustfmt", "cargo-fmt"]),
        ];
        let mut parts = Vec::new();
        for (package, role, tools) in packages {
            let mut tarball = Tarball::new(package, host);
            for tool in tools {
                let text = if *tool == "rustc" { rustc.clone() } else { becomes(tool) };
                tarball = tarball.program(&format!("bin/{tool}"), &format!("#!/bin/sh\n{text}"));
            }
            parts.push(Part::new(package, host, role, self.place(channel), tarball));
        }
        for (target, role) in [(host, Role::Required), ("wasm32-unknown-unknown", Role::Optional)] {
            let marker = format!("lib/rustlib/{target}/lib/stub");
            let tarball = Tarball::new("rust-std", target).file(&marker, release.version);
            parts.push(Part::new("rust-std", target, role, self.place(channel), tarball));
        }
        self.publish(channel, release.version, release.date, &parts);
    }

    /// Publishes the machine's own toolchain, repackaged: rustc, cargo and the host's standard library.
    pub(crate) fn real(&self, channel: &str) {
        let host = machine().host.as_str();
        let parts = ["rustc", "cargo", "rust-std"].map(|package| {
            let tarball = Tarball::repackage(package, host, &machine().sysroot);
            Part::new(package, host, Role::Required, self.place(channel), tarball)
        });
        self.publish(channel, &machine().release, "2026-01-01", &parts);
    }

    fn publish(&self, channel: &str, version: &str, date: &str, parts: &[Part]) {
        let text = manifest::write(version, date, &machine().host, parts);
        let (dir, name) = match channel.split_once('-') {
            // A dated channel: `nightly-2024-05-01` is `2024-05-01/channel-rust-nightly.toml`.
            Some((name, date)) => (self.root.join("dist").join(date), name),
            None => (self.root.join("dist"), channel),
        };
        fs::create_dir_all(&dir).expect("the server's directory");
        let file = format!("channel-rust-{name}.toml");
        fs::write(dir.join(format!("{file}.sha256")), tarball::sha256(text.as_bytes()))
            .expect("the manifest's hash");
        fs::write(dir.join(file), text).expect("the manifest");
    }

    fn place(&self, channel: &str) -> PathBuf {
        self.root.join("dist/packages").join(channel)
    }
}

/// The full name under which rustup keeps a channel's toolchain.
pub(crate) fn full_name(channel: &str) -> String {
    format!("{channel}-{}", machine().host)
}

/// The `bin` of an installed toolchain.
pub(crate) fn installed(sandbox: &Sandbox, channel: &str, tool: &str) -> PathBuf {
    sandbox.rustup_home().join("toolchains").join(full_name(channel)).join(Path::new("bin")).join(tool)
}
