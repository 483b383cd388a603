//! The JSON beside a hash file, as far as it is of use.

use std::path::PathBuf;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

/// The part of the JSON that is of use here, as cargo writes it; other fields come and go with its versions.
#[derive(Deserialize)]
pub(super) struct Json {
    pub(super) rustc: u64,
    #[serde(default)]
    pub(super) features: String,
    #[serde(default)]
    pub(super) profile: u64,
    #[serde(default)]
    pub(super) path: u64,
    #[serde(default)]
    pub(super) deps: Vec<Dep>,
    #[serde(default)]
    pub(super) local: Vec<Local>,
}

/// The same, where only the compiler is told in the known form. What is told otherwise is not said at all.
#[derive(Deserialize)]
pub(super) struct Loose {
    rustc: u64,
    #[serde(default)]
    features: Value,
    #[serde(default)]
    profile: Value,
    #[serde(default)]
    path: Value,
    #[serde(default)]
    deps: Value,
    #[serde(default)]
    local: Value,
}

/// `[package id hash, extern crate name, public, fingerprint hash]` (`impl Serialize for DepFingerprint`).
#[derive(Deserialize)]
pub(super) struct Dep(pub(super) u64, IgnoredAny, IgnoredAny, pub(super) u64);

impl Loose {
    pub(super) fn into_known(self) -> Json {
        Json {
            rustc: self.rustc,
            features: self.features.as_str().unwrap_or_default().to_owned(),
            profile: self.profile.as_u64().unwrap_or_default(),
            path: self.path.as_u64().unwrap_or_default(),
            deps: items(self.deps),
            local: locals(self.local),
        }
    }
}

fn items<T: DeserializeOwned>(value: Value) -> Vec<T> {
    let Value::Array(items) = value else { return Vec::new() };
    items.into_iter().filter_map(|item| serde_json::from_value(item).ok()).collect()
}

/// What is said in another form is said to be unknown, rather than not said.
fn locals(value: Value) -> Vec<Local> {
    let Value::Array(items) = value else { return vec![Local::default()] };
    items.into_iter().map(|item| serde_json::from_value(item).unwrap_or_default()).collect()
}

/// What a fingerprint says of the unit's own inputs: one of cargo's `LocalFingerprint`. None at all: one that is not known.
#[derive(Debug, Default, Deserialize)]
pub(in crate::cache) struct Local {
    /// A text, of which nothing but the hash counts.
    #[serde(default, rename = "Precalculated")]
    pub(in crate::cache) precalculated: Option<String>,
    /// The files in an encoded dep-info.
    #[serde(default, rename = "CheckDepInfo")]
    pub(in crate::cache) dep_info: Option<DepInfo>,
    /// What a build script named.
    #[serde(default, rename = "RerunIfChanged")]
    pub(in crate::cache) rerun: Option<Rerun>,
    /// A variable that a build script named.
    #[serde(default, rename = "RerunIfEnvChanged")]
    pub(in crate::cache) variable: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
pub(in crate::cache) struct DepInfo {
    /// Relative to the build dir.
    #[serde(rename = "dep_info")]
    pub(in crate::cache) path: PathBuf,
    /// Compared by content: `-Zchecksum-freshness`.
    #[serde(default)]
    pub(in crate::cache) checksum: bool,
}

#[derive(Debug, Deserialize)]
pub(in crate::cache) struct Rerun {
    /// What the script printed, relative to the build dir.
    pub(in crate::cache) output: PathBuf,
    /// Relative to the root of the package, or absolute.
    pub(in crate::cache) paths: Vec<PathBuf>,
}
