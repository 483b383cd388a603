//! The workspace that is cleaned: a real build, multiplied to more than 100,000 files, and fresh copies of it.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::Result;

/// The workspace's members.
const MEMBERS: usize = 60;

/// Those that `clean -p` is told.
pub(crate) const PACKAGES: Range<usize> = 0..50;

/// Every so many members has a build script with an OUT_DIR of this many files.
const SCRIPTS: (usize, usize) = (20, 40);

/// Some files are not a unit's and not multiplied.
const ENOUGH: usize = 112_000;

pub(crate) struct Ground {
    /// Where all of it lies.
    pub(crate) dir: PathBuf,
    /// The files in the target dir.
    pub(crate) files: usize,
}

impl Ground {
    /// Builds and multiplies, or finds what an earlier run made.
    pub(crate) fn prepare(place: Option<PathBuf>) -> Result<Self> {
        let default = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-clean");
        let mut ground = Self { dir: place.unwrap_or(default), files: 0 };
        let ready = ground.dir.join("ready");
        if !ready.exists() {
            for part in ["workspace", "pristine"] {
                match fs::remove_dir_all(ground.dir.join(part)) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                    _ => {}
                }
            }
            workspace(&ground.workspace())?;
            ground.run(Path::new("cargo"), &["build".to_owned(), "--workspace".to_owned()])?;
            multiply(&ground.workspace().join("target/debug"))?;
            fs::rename(ground.workspace().join("target"), ground.pristine())?;
            fs::write(ready, "")?;
        }
        ground.files = count(&ground.pristine())?;
        if ground.files < 100_000 {
            return Err(format!("only {} files", ground.files).into());
        }
        Ok(ground)
    }

    fn workspace(&self) -> PathBuf {
        self.dir.join("workspace")
    }

    fn pristine(&self) -> PathBuf {
        self.dir.join("pristine")
    }

    /// The target dir as it was, with its times, and nothing waiting to be written.
    pub(crate) fn refresh(&self) -> Result<()> {
        let target = self.workspace().join("target");
        if target.exists() {
            fs::remove_dir_all(&target)?;
        }
        let copied =
            Command::new("cp").args(["-a", "--reflink=auto"]).arg(self.pristine()).arg(&target).status()?;
        let synced = Command::new("sync").status()?;
        if copied.success() && synced.success() {
            Ok(())
        } else {
            Err("could not copy the target dir".into())
        }
    }

    /// A policy for those who wait; none for the others.
    pub(crate) fn policy(&self, waits: bool) -> Result<()> {
        let path = self.workspace().join("doctor.toml");
        if waits {
            fs::write(path, "[clean]\nbackground = false\n")?;
        } else if path.exists() {
            fs::remove_file(path)?;
        }
        Ok(())
    }

    /// Runs a program in the workspace, silently.
    pub(crate) fn run(&self, program: &Path, args: &[String]) -> Result<()> {
        let mut command = Command::new(program);
        self.finish(command.args(args))
    }

    /// The most memory that it had at once, in MiB.
    pub(crate) fn peak(&self, program: &Path, args: &[String]) -> Result<u64> {
        let file = self.dir.join("peak");
        let mut command = Command::new("/usr/bin/time");
        self.finish(command.args(["-f", "%M", "-o"]).arg(&file).arg(program).args(args))?;
        Ok(fs::read_to_string(file)?.trim().parse::<u64>()? / 1024)
    }

    fn finish(&self, command: &mut Command) -> Result<()> {
        // With `CARGO` set, xcargo would rightly take the call for a nested one.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text == "CARGO" || text.starts_with("CARGO_") && text != "CARGO_HOME" {
                command.env_remove(&name);
            }
        }
        command.env("CARGO_NET_OFFLINE", "true").current_dir(self.workspace());
        let output = command.stdin(Stdio::null()).stdout(Stdio::null()).output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(format!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)).into())
    }

    /// That it did what it is measured for.
    pub(crate) fn check(&self, removes: bool, who: &str) -> Result<()> {
        let left = self.workspace().join("target/debug/deps").read_dir().map_or(0, Iterator::count);
        let before = self.pristine().join("debug/deps").read_dir()?.count();
        let is_right = if removes { left < before / 2 } else { left == before };
        if is_right { Ok(()) } else { Err(format!("{who} left {left} of {before} files in deps").into()) }
    }

    pub(crate) fn wait_for_trash(&self) {
        while self.workspace().join("target/.xcargo/trash").exists() {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// `cargo-sweep`, as its authors build it.
    pub(crate) fn cargo_sweep(&self) -> Result<PathBuf> {
        let tools = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench-tools");
        let program = tools.join("bin/cargo-sweep");
        if !program.exists() {
            let install = ["install", "cargo-sweep", "--locked", "--root"];
            if !Command::new("cargo").args(install).arg(&tools).status()?.success() {
                return Err("could not install cargo-sweep".into());
            }
        }
        Ok(program)
    }
}

fn workspace(dir: &Path) -> Result<()> {
    fs::create_dir_all(dir)?;
    let profile = "[profile.dev]\ndebug = 0\nstrip = true\n";
    fs::write(
        dir.join("Cargo.toml"),
        format!("[workspace]\nmembers = [\"m*\"]\nresolver = \"3\"\n{profile}"),
    )?;
    for member in 0..MEMBERS {
        let root = dir.join(format!("m{member}"));
        fs::create_dir_all(root.join("src"))?;
        let package = format!(
            "[package]\nname = \"m{member}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n"
        );
        let before: String = (member.saturating_sub(2)..member)
            .map(|other| format!("m{other} = {{ path = \"../m{other}\" }}\n"))
            .collect();
        fs::write(root.join("Cargo.toml"), package + &before)?;
        fs::write(root.join("src/lib.rs"), "pub fn f(x: u32) -> String { format!(\"{x}\") }\n")?;
        if member % SCRIPTS.0 == 0 {
            let script = format!(
                "fn main() {{\n    let out = std::env::var(\"OUT_DIR\").unwrap();\n    for n in 0..{} {{\n        \
                 std::fs::write(format!(\"{{out}}/{{n}}.rs\"), \"// generated\").unwrap();\n    }}\n    \
                 println!(\"cargo:rerun-if-changed=build.rs\");\n}}\n",
                SCRIPTS.1
            );
            fs::write(root.join("build.rs"), script)?;
        }
    }
    Ok(())
}

/// Copies every unit under other ids until there is enough.
fn multiply(profile: &Path) -> Result<()> {
    let mut originals = Vec::new();
    for dir in [".fingerprint", "deps", "build", "incremental"] {
        for entry in fs::read_dir(profile.join(dir))? {
            originals.push(entry?.path());
        }
    }
    let each = count(profile)?;
    for copy in 1..=ENOUGH / each + 1 {
        for path in &originals {
            let name = path.file_name().and_then(|name| name.to_str()).ok_or("an odd name")?;
            let (Some(stem), rest) = (name.rsplit_once('-').map(|(stem, _)| stem), name.rsplit('-').next())
            else {
                continue;
            };
            let rest = rest.unwrap_or_default();
            let id = rest.split('.').next().unwrap_or_default();
            // Another id of the same length and alphabet: with the copy's number in front.
            let other = format!("{copy:03x}{}", id.get(3..).unwrap_or_default());
            copy_all(path, &path.with_file_name(format!("{stem}-{}", rest.replacen(id, &other, 1))))?;
        }
    }
    Ok(())
}

fn copy_all(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy_all(&entry.path(), &to.join(entry.file_name()))?;
        }
    } else {
        fs::copy(from, to)?;
    }
    Ok(())
}

fn count(dir: &Path) -> Result<usize> {
    let mut files = 0;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        files += if entry.file_type()?.is_dir() { count(&entry.path())? } else { 1 };
    }
    Ok(files)
}
