//! What a `Cargo.lock` names: enough to tell which package versions left it. Pure.

use std::collections::BTreeSet;

use toml_edit::{DocumentMut, Item};

/// One `[[package]]` of a lock file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Package {
    /// `name`.
    pub name: String,
    /// `version`, build metadata included.
    pub version: String,
    /// `source`, as far as it tells units apart.
    pub source: Source,
}

/// Where a locked package comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A registry, sparse or by git, remote or local.
    Registry,
    /// A git repository, at this full revision.
    Git(String),
    /// A path: the lock file does not say which.
    Path,
}

/// A package with its `source` as it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locked {
    /// The package.
    pub package: Package,
    /// `registry+https://…`, `git+https://…?branch=…#…`. `None`: a path package.
    pub url: Option<String>,
}

/// The packages that a lock file names. `None`: it cannot be read, so nothing may be concluded from it.
///
/// All formats (1 to 4) write `name`, `version` and `source` in the same way; `[root]` of format 1 is a path package.
#[must_use]
pub fn packages(lock: &[u8]) -> Option<BTreeSet<Package>> {
    Some(locked(lock)?.into_iter().map(|locked| locked.package).collect())
}

/// As [`packages`], each with its source's URL.
#[must_use]
pub fn locked(lock: &[u8]) -> Option<BTreeSet<Locked>> {
    let document: DocumentMut = std::str::from_utf8(lock).ok()?.parse().ok()?;
    let Some(tables) = document.get("package") else { return Some(BTreeSet::new()) };
    tables.as_array_of_tables()?.iter().map(|table| package(|key| table.get(key))).collect()
}

fn package<'a>(get: impl Fn(&str) -> Option<&'a Item>) -> Option<Locked> {
    let text = |key: &str| get(key).and_then(Item::as_str);
    let source = match text("source") {
        None => Source::Path,
        Some(source) if source.starts_with("git+") => Source::Git(source.rsplit_once('#')?.1.to_owned()),
        Some(_) => Source::Registry,
    };
    let package = Package { name: text("name")?.to_owned(), version: text("version")?.to_owned(), source };
    Some(Locked { package, url: text("source").map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::{Package, Source, packages};

    #[test]
    fn every_kind_of_source_is_told_apart() {
        let lock = br#"
version = 4
[[package]]
name = "app"
version = "0.1.0"
dependencies = ["itoa"]

[[package]]
name = "itoa"
version = "1.0.9+x"
source = "registry+https://example.invalid/index"
checksum = "00"

[[package]]
name = "g"
version = "2.0.0"
source = "git+https://example.invalid/g?branch=main#0123456789abcdef0123456789abcdef01234567"
"#;
        let found: Vec<_> = packages(lock).expect("reads").into_iter().collect();
        let package = |name: &str, version: &str, source| Package {
            name: name.to_owned(),
            version: version.to_owned(),
            source,
        };
        assert_eq!(
            found,
            [
                package("app", "0.1.0", Source::Path),
                package("g", "2.0.0", Source::Git("0123456789abcdef0123456789abcdef01234567".to_owned())),
                package("itoa", "1.0.9+x", Source::Registry),
            ]
        );
    }

    #[test]
    fn nothing_is_concluded_from_what_cannot_be_read() {
        for lock in [
            &b"\xff"[..],
            b"[[package]",
            b"package = 1",
            b"[[package]]\nname = 1",
            b"[[package]]\nname = \"g\"\nversion = \"1\"\nsource = \"git+x\"",
        ] {
            assert_eq!(packages(lock), None, "{}", String::from_utf8_lossy(lock));
        }
        assert_eq!(packages(b"").map(|found| found.len()), Some(0));
    }
}
