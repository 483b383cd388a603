//! A RUSTUP_HOME of its own, and the two who are asked about it: the real rustup and xcargo.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use tempfile::TempDir;
use xcargo::env::Env;
use xcargo::sourced::Origin;
use xcargo::toolchain::{self, Active};

/// The machine's rustup. These tests mean nothing without it, so they do not pass without it either.
pub(super) fn real_rustup() -> PathBuf {
    let path = std::env::var_os("PATH").expect("PATH is set");
    let file = format!("rustup{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path)
        .map(|dir| dir.join(&file))
        .find(|candidate| candidate.is_file())
        .unwrap_or_else(|| panic!("these tests need rustup in PATH; install it from https://rustup.rs"))
}

/// An answer, by rustup or by xcargo.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// This toolchain, for this reason, in the words of `rustup show active-toolchain`.
    Active(String),
    /// This toolchain, which is not installed.
    Missing(String),
    /// None is configured.
    None,
    /// A file, variable or name is broken.
    Refused,
}

/// The triple that rustup completes names with, asked for once.
static HOST: OnceLock<String> = OnceLock::new();

/// A RUSTUP_HOME of its own and a directory to work in, both empty but for what a situation puts there.
pub(super) struct Sandbox {
    _dir: TempDir,
    pub(super) root: PathBuf,
    host: String,
}

impl Sandbox {
    pub(super) fn new() -> Self {
        let dir = TempDir::new().expect("a temporary directory");
        let root = fs::canonicalize(dir.path()).expect("its real path");
        for part in ["w", "home", "rustup/toolchains"] {
            fs::create_dir_all(root.join(part)).expect(part);
        }
        let mut sandbox = Self { _dir: dir, root, host: String::new() };
        sandbox.host = HOST.get_or_init(|| sandbox.ask_for_host()).clone();
        let installed = ["stable", "1.95.0", "1.8.0", "nightly-2026-05-19"];
        for name in installed
            .map(|name| format!("{name}-{}", sandbox.host))
            .iter()
            .map(String::as_str)
            .chain(["stage1", "my chain"])
        {
            fs::create_dir_all(sandbox.root.join("rustup/toolchains").join(name).join("bin")).expect(name);
        }
        fs::create_dir_all(sandbox.root.join("opt/rust/bin")).expect("a toolchain elsewhere");
        sandbox
    }

    fn ask_for_host(&self) -> String {
        let output = self.rustup(&["show"], Path::new("w"), &[]);
        let shown = String::from_utf8_lossy(&output.stdout);
        let host = shown.lines().find_map(|line| line.strip_prefix("Default host: "));
        host.unwrap_or_else(|| panic!("rustup names no host: {shown}")).to_owned()
    }

    /// The variables that both are given, and no others.
    pub(super) fn vars(&self, more: &[(&str, OsString)]) -> Vec<(OsString, OsString)> {
        let mut vars: Vec<(OsString, OsString)> = vec![
            ("HOME".into(), self.root.join("home").into()),
            ("CARGO_HOME".into(), self.root.join("home/.cargo").into()),
            ("RUSTUP_HOME".into(), self.root.join("rustup").into()),
            ("RUSTUP_AUTO_INSTALL".into(), "0".into()),
            ("RUSTUP_OVERRIDE_UNIX_FALLBACK_SETTINGS".into(), self.root.join("fallback.toml").into()),
            ("PATH".into(), self.root.join("bin").into()),
        ];
        if let Some(system) = std::env::var_os("SystemRoot") {
            vars.push(("SystemRoot".into(), system));
        }
        vars.retain(|(key, _)| more.iter().all(|(name, _)| key != name));
        vars.extend(more.iter().map(|(key, value)| (OsString::from(key), value.clone())));
        vars
    }

    pub(super) fn rustup(&self, args: &[&str], cwd: &Path, vars: &[(&str, OsString)]) -> Output {
        let mut command = Command::new(real_rustup());
        command.args(args).current_dir(self.root.join(cwd)).env_clear().envs(self.vars(vars));
        command.output().expect("rustup starts")
    }

    pub(super) fn their_answer(
        &self,
        plus: Option<&str>,
        cwd: &Path,
        vars: &[(&str, OsString)],
    ) -> (Answer, String) {
        let plus = plus.map(|name| format!("+{name}"));
        let args: Vec<&str> = plus.as_deref().into_iter().chain(["show", "active-toolchain"]).collect();
        let output = self.rustup(&args, cwd, vars);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let missing = said
            .split_once("override toolchain '")
            .and_then(|(_, rest)| rest.split_once("' is not installed"));
        let answer = if output.status.success() {
            Answer::Active(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
        } else if said.contains("no active toolchain") {
            Answer::None
        } else if let Some((name, _)) = missing {
            Answer::Missing(name.to_owned())
        } else {
            Answer::Refused
        };
        (answer, said)
    }

    pub(super) fn our_answer(
        &self,
        plus: Option<&str>,
        cwd: &Path,
        vars: &[(&str, OsString)],
    ) -> (Answer, String) {
        let cwd = fs::canonicalize(self.root.join(cwd)).expect("the directory is there");
        let env = Env::of(self.vars(vars), cwd);
        let active = toolchain::rustup(&env)
            .and_then(|rustup| toolchain::active(&rustup.expect("rustup is there"), plus, &env));
        match active {
            Ok(Some(active)) if toolchain::is_installed(&active) => {
                (Answer::Active(format!("{} ({})", active.full_name, reason(&active))), String::new())
            }
            Ok(Some(active)) => (Answer::Missing(active.full_name), String::new()),
            Ok(None) => (Answer::None, String::new()),
            Err(error) => {
                assert!(error.rustup_fails_too(), "{error} (rustup would go on)");
                (Answer::Refused, error.to_string())
            }
        }
    }

    /// Text with `{ROOT}` and `{HOST}` filled in.
    pub(super) fn fill(&self, text: &str) -> String {
        text.replace("{ROOT}", self.root.to_str().expect("a plain path")).replace("{HOST}", &self.host)
    }
}

pub(super) fn reason(active: &Active) -> String {
    match &active.name.origin {
        Origin::CommandLine(_) => "overridden by +toolchain on the command line".to_owned(),
        Origin::Environment(name) => format!("overridden by environment variable {name}"),
        Origin::RustupOverride(dir) => format!("directory override for '{}'", dir.display()),
        Origin::ToolchainFile(file) => format!("overridden by '{}'", file.display()),
        _ => "default".to_owned(),
    }
}

/// One situation, below the directory `w` in which everything happens.
pub(super) struct Situation {
    what: &'static str,
    /// Lines of `settings.toml` behind its version.
    settings: &'static str,
    files: &'static [(&'static str, &'static [u8])],
    cwd: &'static str,
    plus: Option<&'static str>,
    vars: &'static [(&'static str, &'static str)],
    expect: Expect,
}

/// What the situation is about, so that a mistake of the test itself does not pass as agreement.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expect {
    Active,
    Missing,
    None,
    Refused,
}

impl Situation {
    pub(super) const fn new(what: &'static str, expect: Expect) -> Self {
        Self { what, settings: DEFAULT, files: &[], cwd: "w", plus: None, vars: &[], expect }
    }

    pub(super) fn settings(self, settings: &'static str) -> Self {
        Self { settings, ..self }
    }

    pub(super) fn files(self, files: &'static [(&'static str, &'static [u8])]) -> Self {
        Self { files, ..self }
    }

    pub(super) fn cwd(self, cwd: &'static str) -> Self {
        Self { cwd, ..self }
    }

    pub(super) fn plus(self, name: &'static str) -> Self {
        Self { plus: Some(name), ..self }
    }

    pub(super) fn vars(self, vars: &'static [(&'static str, &'static str)]) -> Self {
        Self { vars, ..self }
    }

    pub(super) fn check(&self) {
        let sandbox = Sandbox::new();
        for (path, bytes) in self.files {
            let path = sandbox.root.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
            match std::str::from_utf8(bytes) {
                Ok(text) => fs::write(path, sandbox.fill(text)),
                Err(_) => fs::write(path, bytes),
            }
            .expect("a file");
        }
        fs::create_dir_all(sandbox.root.join(self.cwd)).expect("the working directory");
        let settings = sandbox.fill(&self.settings.replace("{VERSION}", "version = \"12\""));
        fs::write(sandbox.root.join("rustup/settings.toml"), settings).expect("settings");
        let vars: Vec<(&str, OsString)> =
            self.vars.iter().map(|(key, value)| (*key, sandbox.fill(value).into())).collect();

        // Ours first: it only reads, while rustup may write its settings.
        let (ours, our_words) = sandbox.our_answer(self.plus, Path::new(self.cwd), &vars);
        let (theirs, their_words) = sandbox.their_answer(self.plus, Path::new(self.cwd), &vars);
        let what = self.what;
        assert_eq!(ours, theirs, "{what}\nxcargo: {our_words}\nrustup: {their_words}");
        let kind = match theirs {
            Answer::Active(_) => Expect::Active,
            Answer::Missing(_) => Expect::Missing,
            Answer::None => Expect::None,
            Answer::Refused => Expect::Refused,
        };
        assert_eq!(kind, self.expect, "{what}: rustup said {their_words}");
    }
}

/// Settings with a default and nothing else.
const DEFAULT: &str = "{VERSION}\ndefault_toolchain = \"stable-{HOST}\"\n";
