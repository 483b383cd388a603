//! What git has of a file. Git is asked, never told to change anything.

use std::path::Path;
use std::process::{Command, Stdio};

/// The file's content in the last commit; `None` where there is no git, no commit, or no such file in it.
#[must_use]
pub fn committed(top: &Path, relative: &Path) -> Option<Vec<u8>> {
    // Git writes `/` everywhere.
    let names: Vec<&str> = relative.iter().map(|name| name.to_str()).collect::<Option<_>>()?;
    let answer = Command::new("git")
        .arg("-C")
        .arg(top)
        .args(["--no-optional-locks", "cat-file", "blob"])
        .arg(format!("HEAD:./{}", names.join("/")))
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    answer.status.success().then_some(answer.stdout)
}
