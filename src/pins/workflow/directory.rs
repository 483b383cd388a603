//! Where the commands of a job run, as a path in the repository: `working-directory` of the step, the job or the workflow, `cd`
//! in a script, and where the repository is checked out.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use super::actions::{self, input_of};
use crate::pins::Directory;
use crate::pins::yaml::Node;

/// A command that goes elsewhere, and where it goes.
static MOVE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"(?m)(?:^|[\s;&|(])(?:cd|pushd|chdir|Set-Location|Push-Location)(?:[ \t]+(?:"([^"\n]*)"|'([^'\n]*)'|([^\s;&|()"']+)))?"#;
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a constant: {error}"))
});

/// `${{ github.workspace }}` and what stands behind it.
static WORKSPACE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"^(?:\$\{\{\s*github\.workspace\s*\}\}|\$\{?GITHUB_WORKSPACE\}?)(?:/|$)";
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a constant: {error}"))
});

/// More directories than that are many enough for nobody to know.
const MOST: usize = 16;

/// Every directory in which commands of the job run, each once.
pub(super) fn of_job(root: &Node, job: &Node) -> Vec<Directory> {
    const DEFAULT: [&str; 3] = ["defaults", "run", "working-directory"];
    let default = job.at(&DEFAULT).or_else(|| root.at(&DEFAULT));
    let steps = job.get("steps").map(Node::items).unwrap_or_default();
    let checkouts: Vec<Checkout> = steps.iter().filter_map(|step| Checkout::of(step)).collect();
    let mut found: Vec<Directory> = Vec::new();
    for step in steps {
        let Some(script) = step.get("run").and_then(Node::str) else { continue };
        // What only sets rustup up runs no compiler.
        if script.contains("rustup") && !script.contains("cargo") && !script.contains("rustc") {
            continue;
        }
        let start = match step.get("working-directory").or(default) {
            Some(node) => node.str().and_then(|text| join(Path::new(""), text)),
            None => Some(PathBuf::new()),
        };
        for dir in of_script(start, script) {
            let dir = dir.and_then(|dir| in_repository(&dir, &checkouts));
            let dir = dir.map_or(Directory::Unknown, Directory::At);
            if !found.contains(&dir) {
                found.push(dir);
            }
        }
        if found.len() > MOST {
            return vec![Directory::Unknown];
        }
    }
    if found.is_empty() {
        let dir = in_repository(Path::new(""), &checkouts);
        found.push(dir.map_or(Directory::Unknown, Directory::At));
    }
    found
}

/// Where the commands of a script may run: where it starts, and wherever it goes. Whether it comes back nobody can tell.
fn of_script(start: Option<PathBuf>, script: &str) -> Vec<Option<PathBuf>> {
    let mut found = vec![start.clone()];
    let mut at = start.clone();
    for moved in MOVE.captures_iter(script).take(MOST) {
        let to = [1, 2, 3].into_iter().find_map(|group| moved.get(group)).map_or("", |to| to.as_str());
        let go = |from: &Option<PathBuf>| {
            from.as_ref()
                .filter(|_| !to.is_empty() && !to.starts_with(['-', '~']))
                .and_then(|from| join(from, to))
        };
        // It leads back to where it came from, or on from there.
        found.extend(go(&start).map(Some));
        at = go(&at);
        found.push(at.clone());
    }
    found
}

/// A path from a directory; `None` where it leads out of all that is known, or is no plain text.
fn join(from: &Path, text: &str) -> Option<PathBuf> {
    let text = text.trim();
    let (mut path, rest) = match WORKSPACE.find(text) {
        Some(workspace) => (PathBuf::new(), &text[workspace.end()..]),
        None => (from.to_path_buf(), text),
    };
    if rest.starts_with('/') || rest.contains(['$', '%', '`', '*', '?', '\\', ':', '{']) {
        return None;
    }
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." if !path.pop() => return None,
            ".." => {}
            name => path.push(name),
        }
    }
    Some(path)
}

/// A repository that a step checks out.
struct Checkout {
    /// Where; `None` where an expression says it.
    path: Option<PathBuf>,
    /// Whether it is the workflow's own.
    is_own: bool,
}

impl Checkout {
    fn of(step: &Node) -> Option<Self> {
        let uses = step.get("uses").and_then(Node::str)?.trim();
        let name = actions::repository(uses.rsplit_once('@').map_or(uses, |(name, _)| name));
        if !name.eq_ignore_ascii_case("actions/checkout") {
            return None;
        }
        let says = |input| step.get("with").and_then(|with| input_of(with, input)).and_then(Node::str);
        let is_own =
            says("repository").is_none_or(|text| text.is_empty() || text.contains("github.repository"));
        Some(Self { path: join(Path::new(""), says("path").unwrap_or_default()), is_own })
    }
}

/// A path from where the job starts, as one in the repository; `None` where it is not in it.
fn in_repository(dir: &Path, checkouts: &[Checkout]) -> Option<PathBuf> {
    // Who checks out nothing has the repository by other means, in the place where all have it.
    if checkouts.is_empty() {
        return Some(dir.to_path_buf());
    }
    if checkouts.iter().any(|checkout| checkout.path.is_none()) {
        return None;
    }
    let around = checkouts.iter().filter_map(|checkout| {
        let rest = dir.strip_prefix(checkout.path.as_ref()?).ok()?;
        Some((rest, checkout.is_own))
    });
    let (rest, is_own) = around.min_by_key(|(rest, _)| rest.components().count())?;
    is_own.then(|| rest.to_path_buf())
}
