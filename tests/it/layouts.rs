//! Where a command is, held against what cargo itself says: many layouts, each through both.

mod dirs;
mod roots;
mod stops;

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use xcargo::env::Env;
use xcargo::workspace::config::CargoConfig;
use xcargo::workspace::{Asked, Member, Workspace, WorkspaceError, locate};

/// Files in a place of their own, and a command in one of its directories. `{T}` stands for the place.
struct Layout {
    name: &'static str,
    dir: TempDir,
    cwd: PathBuf,
    asked: Asked,
    arguments: Vec<OsString>,
    vars: Vec<(OsString, OsString)>,
}

fn layout(name: &'static str) -> Layout {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let root = dir.path().canonicalize().expect("its real path");
    fs::create_dir_all(root.join("home/.cargo")).expect("a home");
    let vars = [("HOME", root.join("home")), ("CARGO_HOME", root.join("home/.cargo"))];
    let vars = vars.map(|(key, value)| (key.into(), value.into_os_string())).to_vec();
    Layout { name, dir, cwd: root.join("ws"), asked: Asked::default(), arguments: Vec::new(), vars }
}

impl Layout {
    fn root(&self) -> PathBuf {
        self.dir.path().canonicalize().expect("its real path")
    }

    fn filled(&self, text: &str) -> String {
        text.replace("{T}", self.root().to_str().expect("a temporary directory in UTF-8"))
    }

    fn file(self, path: impl AsRef<Path>, text: &str) -> Self {
        let file = self.root().join(path);
        fs::create_dir_all(file.parent().expect("a parent")).expect("directories");
        fs::write(file, self.filled(text)).expect("a file");
        self
    }

    /// A package of this directory's name in `dir`, with more of a manifest.
    fn package(self, dir: impl AsRef<Path>, rest: &str) -> Self {
        let dir = dir.as_ref();
        let name = dir.file_name().and_then(OsStr::to_str).unwrap_or("odd").replace([' ', '[', ']'], "-");
        let manifest =
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{rest}");
        self.file(dir.join("Cargo.toml"), &manifest).file(dir.join("src/lib.rs"), "")
    }

    fn config(self, path: &str, text: &str) -> Self {
        self.file(path, text)
    }

    fn dir(mut self, path: impl AsRef<Path>) -> Self {
        self.cwd = self.root().join(path);
        fs::create_dir_all(&self.cwd).expect("directories");
        self
    }

    fn var(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        let value = value.as_ref();
        let value = value.to_str().map_or_else(|| value.to_owned(), |text| self.filled(text).into());
        self.vars.retain(|(key, _)| key != name);
        self.vars.push((name.into(), value));
        self
    }

    fn flag(mut self, flag: &str, value: &str) -> Self {
        let value = OsString::from(self.filled(value));
        match flag {
            "--config" => self.asked.config.push(value.clone()),
            "--manifest-path" => self.asked.manifest_path = Some(value.clone().into()),
            "--target-dir" => self.asked.target_dir = Some(value.clone().into()),
            other => panic!("{other}"),
        }
        self.arguments.extend([flag.into(), value]);
        self
    }

    /// The real cargo in this place, with nothing of the surroundings but what it needs to run.
    fn cargo(&self, command: &[&str]) -> std::process::Output {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.env_clear();
        for name in ["PATH", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "SYSTEMROOT"] {
            cargo.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        cargo.args(command).args(&self.arguments).envs(self.vars.iter().cloned()).current_dir(&self.cwd);
        cargo.output().expect("cargo runs")
    }

    fn env(&self) -> Env {
        // A process is told the real path of its current directory, whatever link led there.
        Env::of(self.vars.iter().cloned(), self.cwd.canonicalize().expect("a current directory"))
    }

    fn ours(&self) -> Result<Option<Workspace>, WorkspaceError> {
        let env = self.env();
        let config = CargoConfig::load(&self.asked.config, &env)?;
        locate(&self.asked, &config, &env)
    }

    /// Both say the same.
    fn agrees(self) -> Workspace {
        let output = self.cargo(&METADATA);
        let name = self.name;
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let theirs: serde_json::Value = serde_json::from_slice(&output.stdout).expect(name);
        let ours = self.ours().expect(name).expect(name);
        for (key, path) in [
            ("workspace_root", &ours.root),
            ("target_directory", &ours.target_dir.value),
            ("build_directory", &ours.build_dir.value),
        ] {
            let expect = theirs[key].as_str().expect(key);
            assert_eq!(path.to_str(), Some(expect), "{name}: {key}");
        }
        for (key, members) in [
            ("workspace_members", ours.members().expect(name)),
            ("workspace_default_members", ours.default_members().expect(name)),
        ] {
            assert_eq!(names(&members), cargos(&theirs, key), "{name}: {key}");
        }
        ours
    }

    /// Cargo stops, and so do we: without a workspace, or with an error that says that cargo stops.
    fn both_stop(self) {
        let output = self.cargo(&METADATA);
        let name = self.name;
        assert!(!output.status.success(), "{name}: cargo goes on");
        let ours = self.ours().and_then(|found| match found {
            Some(workspace) => workspace.members().and_then(|_| workspace.default_members()).map(Some),
            None => Ok(None),
        });
        match ours {
            Ok(None) => {}
            Ok(Some(members)) => panic!("{name}: we go on with {members:?}"),
            Err(error) => {
                assert!(error.cargo_fails_too(), "{name}: {error}");
                let shown = error.into_failure().diagnostics[0].render(false);
                let (code, help) = ("error[workspace]", "help: ");
                assert!(shown.contains(code) && shown.contains(help), "{name}: {shown}");
            }
        }
    }

    /// `cargo clean` removes what is in our target and build dir: for what `cargo metadata` cannot be asked or say.
    fn gets_cleaned(self) {
        let name = self.name;
        let ours = self.ours().expect(name).expect(name);
        // Cargo loads all members before it cleans, so they must be readable to us too.
        assert!(!ours.members().expect(name).is_empty(), "{name}");
        let marks = [&ours.target_dir.value, &ours.build_dir.value].map(|dir| dir.join("mark"));
        for mark in &marks {
            fs::create_dir_all(mark.parent().expect(name)).expect(name);
            fs::write(mark, "").expect(name);
        }
        let output = self.cargo(&["clean", "--offline"]);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        for mark in marks {
            assert!(!mark.exists(), "{name}: cargo leaves {}", mark.display());
        }
    }
}

const METADATA: [&str; 5] = ["metadata", "--no-deps", "--format-version", "1", "--offline"];

type Named = BTreeSet<(String, PathBuf)>;

fn names(members: &[Member]) -> Named {
    members.iter().map(|member| (member.name.clone(), member.manifest.clone())).collect()
}

fn cargos(metadata: &serde_json::Value, key: &str) -> Named {
    let ids = metadata[key].as_array().expect(key);
    let packages = metadata["packages"].as_array().expect("packages");
    let text = |value: &serde_json::Value| value.as_str().expect("a string").to_owned();
    packages
        .iter()
        .filter(|package| ids.contains(&package["id"]))
        .map(|package| (text(&package["name"]), text(&package["manifest_path"]).into()))
        .collect()
}

/// `[workspace]` with two members, in `ws`.
fn two(name: &'static str) -> Layout {
    layout(name)
        .file("ws/Cargo.toml", "[workspace]\nmembers = ['a', 'b']\n")
        .package("ws/a", "")
        .package("ws/b", "")
}

/// One package without a workspace, in `ws`.
fn one(name: &'static str) -> Layout {
    layout(name).package("ws", "")
}

#[cfg(unix)]
fn odd(name: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    let mut bytes = name.as_bytes().to_vec();
    bytes.push(0xff);
    PathBuf::from(OsString::from_vec(bytes))
}
