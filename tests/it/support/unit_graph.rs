//! What cargo says it built, and what must be built again without a unit: cargo's own messages and its own unit graph.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use xcargo::cache::{Mode, Target, Unit};

/// What stands for a unit in cargo's words: package (`name@version`), kind and name of the target, mode.
pub(crate) type Key = (String, String, String, String);

/// From the messages of `--message-format=json`: what rustc had to make. A run of a build script makes no artifact.
pub(crate) fn rebuilt(messages: &[u8]) -> BTreeSet<Key> {
    let messages = String::from_utf8_lossy(messages);
    let messages = messages.lines().filter(|line| line.starts_with('{'));
    messages
        .map(|line| serde_json::from_str::<Value>(line).expect("a message is JSON"))
        .filter(|message| message["reason"] == "compiler-artifact" && message["fresh"] == false)
        .map(|message| {
            let is_test = message["profile"]["test"].as_bool().expect("a profile says so");
            key(&message["package_id"], &message["target"], if is_test { "test" } else { "build" })
        })
        .collect()
}

/// From `--unit-graph`: each unit with all that must be made again without it.
pub(crate) fn dependants(graph: &[u8]) -> BTreeMap<Key, BTreeSet<Key>> {
    let graph: Value = serde_json::from_slice(graph).expect("a unit graph");
    let units = graph["units"].as_array().expect("units");
    let keys: Vec<Key> = units
        .iter()
        .map(|unit| key(&unit["pkg_id"], &unit["target"], unit["mode"].as_str().expect("a mode")))
        .collect();
    let mut above: Vec<Vec<usize>> = vec![Vec::new(); units.len()];
    for (at, unit) in units.iter().enumerate() {
        for edge in unit["dependencies"].as_array().expect("dependencies") {
            let below = usize::try_from(edge["index"].as_u64().expect("an index")).expect("an index");
            // A test needs the program to be there, but is not made again with it (`calculate_normal` in cargo).
            if keys[below].1 != "bin" {
                above[below].push(at);
            }
        }
    }
    let closure = |start: usize| {
        let (mut seen, mut todo) = (BTreeSet::from([start]), vec![start]);
        while let Some(at) = todo.pop() {
            todo.extend(above[at].iter().filter(|next| seen.insert(**next)));
        }
        let seen = seen.into_iter().map(|at| keys[at].clone());
        seen.filter(|key| key.3 != "run-custom-build").collect()
    };
    let all: BTreeMap<Key, BTreeSet<Key>> =
        (0..keys.len()).map(|at| (keys[at].clone(), closure(at))).collect();
    assert_eq!(all.len(), keys.len(), "two units have one key: the fixture must tell them apart");
    all
}

fn key(package: &Value, target: &Value, mode: &str) -> Key {
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    (name_and_version(&text(package)), text(&target["kind"][0]), text(&target["name"]), mode.to_owned())
}

/// `path+file:///…/app#0.1.0`, `registry+https://…#itoa@1.0.19`: the name is behind the `#`, or the directory before it.
fn name_and_version(id: &str) -> String {
    let (url, rest) = id.rsplit_once('#').expect("a package id");
    if rest.contains('@') {
        return rest.to_owned();
    }
    let directory = url.split('?').next().and_then(|url| url.rsplit('/').next()).expect("a directory");
    format!("{directory}@{rest}")
}

/// A unit of the cache as cargo names it, without the version. `mac` and `paste` are the proc macros of all fixtures: a
/// fingerprint does not tell them from other libraries.
pub(crate) fn key_of(unit: &Unit) -> Key {
    let print = &unit.fingerprints[0];
    let kind = match print.kind.target {
        Target::Lib if matches!(unit.package.as_str(), "mac" | "paste") => "proc-macro",
        // The fixture that names its crate types: cargo gives the first of them.
        Target::Lib if unit.package == "every" => "rlib",
        Target::Lib => "lib",
        Target::Bin => "bin",
        Target::IntegrationTest => "test",
        Target::Example => "example",
        Target::Bench => "bench",
        Target::BuildScript => "custom-build",
    };
    let mode = match print.kind.mode {
        Mode::Build => "build",
        Mode::Test => "test",
        Mode::Doc => "doc",
        Mode::Run => "run-custom-build",
    };
    (unit.package.clone(), kind.to_owned(), print.kind.name.clone(), mode.to_owned())
}

#[cfg(test)]
mod tests {
    use super::name_and_version;

    /// If two packages had one name here, "nothing else was rebuilt" could be said of the wrong one.
    #[test]
    fn package_ids_are_read() {
        for (id, expect) in [
            ("path+file:///ws/app#0.1.0", "app@0.1.0"),
            ("path+file:///ws/dir#app@0.1.0", "app@0.1.0"),
            ("registry+https://github.com/rust-lang/crates.io-index#itoa@1.0.19", "itoa@1.0.19"),
            ("git+file:///git/either?rev=1#0.3.0", "either@0.3.0"),
            ("git+file:///git/repo#either@0.3.0", "either@0.3.0"),
        ] {
            assert_eq!(name_and_version(id), expect);
        }
    }
}
