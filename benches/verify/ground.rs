//! The workspaces: members with modules, dependencies, build scripts and programs, and what is done to them.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use filetime::FileTime;

use crate::Result;

/// One of so many members has a build script, and one of so many a program.
const SCRIPTS: usize = 10;
const PROGRAMS: usize = 25;

const MODULES: [&str; 4] = ["one", "two", "three", "four"];

/// Who builds, and how.
#[derive(Clone, Copy)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) exe: &'static str,
    /// Arguments ahead of the verb.
    pub(crate) before: &'static [&'static str],
    pub(crate) target_dir: &'static str,
    /// What stands in doctor.toml while it runs.
    pub(crate) policy: &'static str,
}

pub(crate) struct Ground {
    dir: PathBuf,
    pub(crate) members: usize,
    /// What the last build compiled.
    compiled: Cell<usize>,
    edits: Cell<u32>,
}

impl Ground {
    /// Writes the workspace, or takes what an earlier run left.
    pub(crate) fn prepare(dir: &Path, members: usize) -> Result<Self> {
        let dir = dir.to_path_buf();
        let ground = Self { dir, members, compiled: Cell::new(0), edits: Cell::new(0) };
        if !ground.dir.join("doctor.toml").exists() {
            for (path, text) in files(members) {
                ground.write(&path, &text)?;
            }
            ground.write("doctor.toml", crate::DEFAULT)?;
        }
        Ok(ground)
    }

    pub(crate) fn build(&self, program: &Program) -> Result<()> {
        self.timed(program, None).map(drop)
    }

    /// Builds everything, which must compile so many packages.
    pub(crate) fn timed(&self, program: &Program, packages: Option<usize>) -> Result<Duration> {
        let policy = self.dir.join("doctor.toml");
        if fs::read_to_string(&policy)? != program.policy {
            fs::write(policy, program.policy)?;
        }
        let mut command = self.command(program.exe);
        command.args(program.before).args(["build", "--workspace", "--offline"]);
        if program.target_dir != "target" {
            command.args(["--target-dir", program.target_dir]);
        }
        let start = Instant::now();
        let output = command.output()?;
        let took = start.elapsed();
        let said = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(format!("{}: {}\n{said}", program.name, output.status).into());
        }
        self.compiled.set(said.lines().filter(|line| line.trim_start().starts_with("Compiling ")).count());
        match packages {
            Some(packages) if packages != self.compiled() => {
                Err(format!("{} compiled {} packages, not {packages}\n{said}", program.name, self.compiled())
                    .into())
            }
            _ => Ok(took),
        }
    }

    pub(crate) fn compiled(&self) -> usize {
        self.compiled.get()
    }

    /// The variables that cargo set for this benchmark are taken away: with `CARGO` set, xcargo would rightly take the call for a
    /// nested one.
    fn command(&self, exe: &str) -> Command {
        let mut command = Command::new(exe);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text == "CARGO"
                || text == "RUSTUP_TOOLCHAIN"
                || text.starts_with("CARGO_") && text != "CARGO_HOME"
            {
                command.env_remove(&name);
            }
        }
        command.current_dir(&self.dir).stdin(Stdio::null());
        command
    }

    /// `cargo clean`.
    pub(crate) fn clean(&self) -> Result<Duration> {
        let start = Instant::now();
        let status = self.command("cargo").arg("clean").stderr(Stdio::null()).status()?;
        let took = start.elapsed();
        if status.success() { Ok(took) } else { Err(format!("cargo clean: {status}").into()) }
    }

    pub(crate) fn forget(&self, program: &Program) -> Result<()> {
        remove(&self.dir.join(program.target_dir))
    }

    /// Puts its target dir away.
    pub(crate) fn save(&self, program: &Program) -> Result<()> {
        let saved = self.saved(program);
        remove(&saved)?;
        Ok(fs::rename(self.dir.join(program.target_dir), saved)?)
    }

    /// As a CI system does it: the times of the files are kept, all else of their `stat` is new.
    pub(crate) fn restore(&self, program: &Program) -> Result<()> {
        self.forget(program)?;
        let mut copy = Command::new("cp");
        let status =
            copy.arg("-a").arg(self.saved(program)).arg(self.dir.join(program.target_dir)).status()?;
        if status.success() { Ok(()) } else { Err(format!("cp: {status}").into()) }
    }

    fn saved(&self, program: &Program) -> PathBuf {
        let name: String = program.name.chars().filter(char::is_ascii_alphanumeric).collect();
        self.dir.join(format!("saved-{name}"))
    }

    /// Every source anew: the same content, another file.
    pub(crate) fn check_out(&self) -> Result<()> {
        for (path, text) in files(self.members) {
            fs::remove_file(self.dir.join(&path))?;
            self.write(&path, &text)?;
        }
        Ok(())
    }

    /// Another content of the last member, on which no other depends.
    pub(crate) fn edit(&self) -> Result<PathBuf> {
        self.edits.set(self.edits.get() + 1);
        let path = self.dir.join(format!("m{}/src/one.rs", self.members - 1));
        // Of one length, and never that of an earlier run.
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
        let number = since.subsec_micros() * 1000 + self.edits.get() % 1000;
        fs::write(&path, format!("pub fn one(x: u32) -> u32 {{\n    x ^ {number:010}\n}}\n"))?;
        Ok(path)
    }

    /// The same, under a time long before the build: `mv`, an unpacked archive, a layer of an image.
    pub(crate) fn edit_unseen(&self) -> Result<()> {
        Ok(filetime::set_file_mtime(self.edit()?, FileTime::from_unix_time(1_600_000_000, 0))?)
    }

    fn write(&self, path: &str, text: &str) -> Result<()> {
        let path = self.dir.join(path);
        fs::create_dir_all(path.parent().ok_or("a path without a directory")?)?;
        Ok(fs::write(path, text)?)
    }
}

pub(crate) fn has_nightly() -> bool {
    let asked = Command::new("cargo").args(["+nightly", "-V"]).env("RUSTUP_AUTO_INSTALL", "0").output();
    asked.is_ok_and(|output| output.status.success())
}

fn remove(dir: &Path) -> Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// The sources, in no order. Each member depends on two that come far before it, so that many can be built at once.
fn files(members: usize) -> Vec<(String, String)> {
    let profile = "[profile.dev]\ndebug = false\nincremental = false\n";
    let list: Vec<String> = (0..members).map(|member| format!("\"m{member}\"")).collect();
    let root = format!("[workspace]\nmembers = [{}]\nresolver = \"3\"\n{profile}", list.join(", "));
    let mut all = vec![("Cargo.toml".to_owned(), root)];
    for member in 0..members {
        let mut write = |path: &str, text: String| all.push((format!("m{member}/{path}"), text));
        let mut earlier = vec![member / 2, member / 3];
        earlier.retain(|other| *other != member);
        earlier.dedup();
        let dependencies: String =
            earlier.iter().map(|other| format!("m{other} = {{ path = \"../m{other}\" }}\n")).collect();
        let package = format!("[package]\nname = \"m{member}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        write("Cargo.toml", format!("{package}[dependencies]\n{dependencies}"));
        let mut lib: String = MODULES.map(|module| format!("pub mod {module};\n")).concat();
        let calls: String = earlier.iter().map(|other| format!(" + m{other}::f(x / 2)")).collect();
        lib += &format!("pub fn f(x: u32) -> u32 {{\n    one::one(x){calls}\n}}\n");
        for module in MODULES {
            write(
                &format!("src/{module}.rs"),
                format!("pub fn {module}(x: u32) -> u32 {{\n    x ^ {member}\n}}\n"),
            );
        }
        if member % SCRIPTS == SCRIPTS - 1 {
            lib += "include!(concat!(env!(\"OUT_DIR\"), \"/g.rs\"));\n";
            let out = "std::path::Path::new(&std::env::var_os(\"OUT_DIR\").unwrap()).join(\"g.rs\")";
            let rerun = "println!(\"cargo::rerun-if-changed=build.rs\");";
            let made = "b\"pub const G: u32 = 1;\\n\"";
            write(
                "build.rs",
                format!("fn main() {{\n    {rerun}\n    std::fs::write({out}, {made}).unwrap();\n}}\n"),
            );
        }
        if member % PROGRAMS == PROGRAMS - 1 {
            write("src/main.rs", format!("fn main() {{\n    println!(\"{{}}\", m{member}::f(1));\n}}\n"));
        }
        write("src/lib.rs", lib);
    }
    all
}
