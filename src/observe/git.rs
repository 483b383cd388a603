//! What git has of a file. Git is asked, never told to change anything, and never goes to the network for it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The file's content in the last commit; `None` where there is no git, no commit, or no such file in it or on this machine.
#[must_use]
pub fn committed(top: &Path, relative: &Path) -> Option<Vec<u8>> {
    // Git writes `/` everywhere.
    let names: Vec<&str> = relative.iter().map(|name| name.to_str()).collect::<Option<_>>()?;
    answer(top, &["cat-file", "blob", &format!("HEAD:./{}", names.join("/"))])
}

/// The files below `top` that git tracks although one of its ignore rules matches them, relative to `top`; none where there is
/// no git to ask.
#[must_use]
pub fn tracked_though_ignored(top: &Path) -> Vec<PathBuf> {
    let listed = answer(top, &["ls-files", "-z", "--cached", "--ignored", "--exclude-standard"]);
    let listed = listed.unwrap_or_default();
    // A name that is not Unicode is none of a file that is looked at.
    listed
        .split(|byte| *byte == 0)
        .filter_map(|name| std::str::from_utf8(name).ok())
        .filter(|name| !name.is_empty())
        .map(PathBuf::from)
        .collect()
}

fn answer(top: &Path, args: &[&str]) -> Option<Vec<u8>> {
    let mut command = Command::new("git");
    // In a hook these name the repository for which it runs, which need not be the one around `top`.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"] {
        command.env_remove(name);
    }
    let answer = command
        .arg("-C")
        .arg(top)
        .arg("--no-optional-locks")
        .args(args)
        // A partial clone would fetch what it lacks: git since 2.45 knows the first, every git the second.
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_ALLOW_PROTOCOL", "")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    answer.status.success().then_some(answer.stdout)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::{Command, Stdio};

    use super::committed;

    fn git(dir: &Path, args: &[&str]) -> bool {
        let identity =
            ["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "protocol.file.allow=always"];
        let run = Command::new("git")
            .arg("-C")
            .arg(dir)
            .args(identity)
            .args(args)
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .status();
        run.is_ok_and(|status| status.success())
    }

    /// A look at the last commit that goes to the network would hang where there is none, against the user's `--offline`.
    #[test]
    fn what_a_partial_clone_lacks_is_not_fetched() {
        let dir = tempfile::tempdir().expect("a directory");
        let (all, part) = (dir.path().join("all"), dir.path().join("part"));
        fs_err::create_dir(&all).expect("a directory");
        fs_err::write(all.join("rust-toolchain"), "1.78.0\n").expect("a file");
        assert!(git(&all, &["init", "-q"]));
        assert!(git(&all, &["config", "uploadpack.allowFilter", "true"]));
        assert!(git(&all, &["add", "."]) && git(&all, &["commit", "-qm", "first"]));
        let file = Path::new("rust-toolchain");
        assert_eq!(committed(&all, file).as_deref(), Some(&b"1.78.0\n"[..]));
        let address = format!("file://{}", all.display());
        let part_name = part.to_string_lossy();
        let clone = ["clone", "-q", "--no-checkout", "--filter=blob:none", &address, &part_name];
        assert!(git(dir.path(), &clone));
        assert_eq!(committed(&part, file), None);
        assert!(git(&part, &["cat-file", "blob", "HEAD:rust-toolchain"]), "git itself fetches it");
        assert_eq!(committed(&part, file).as_deref(), Some(&b"1.78.0\n"[..]));
    }
}
