//! The channel manifest that rustup reads: version 2, and only the keys that it needs.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use super::tarball::Tarball;

/// One package for one target, written to disk.
pub(super) struct Part {
    package: String,
    target: String,
    role: Role,
    url: String,
    hash: String,
}

/// Whether a toolchain always has it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// In every toolchain.
    Required,
    /// Where it was asked for.
    Optional,
}

impl Part {
    /// Writes the tarball into `dir`.
    pub(super) fn new(package: &str, target: &str, role: Role, dir: PathBuf, tarball: Tarball) -> Self {
        let (file, hash) = tarball.write(&dir);
        let url = format!("file://{}", file.display());
        Self { package: package.to_owned(), target: target.to_owned(), role, url, hash }
    }
}

/// The manifest of a channel with these parts.
pub(super) fn write(version: &str, date: &str, host: &str, parts: &[Part]) -> String {
    let mut text = format!("manifest-version = \"2\"\ndate = \"{date}\"\n");
    // rustup refuses a rename to what is not there.
    for name in ["clippy", "rustfmt"] {
        let preview = format!("{name}-preview");
        if parts.iter().any(|part| part.package == preview) {
            writeln!(text, "[renames.{name}]\nto = \"{preview}\"").expect("a string takes all");
        }
    }
    text.push_str("[profiles]\nminimal = [\"rustc\", \"cargo\", \"rust-std\"]\n");
    let list = |role: Role| -> String {
        let of_role = parts.iter().filter(|part| part.role == role);
        of_role.fold(String::new(), |mut list, part| {
            write!(list, "{{ pkg = \"{}\", target = \"{}\" }}, ", part.package, part.target)
                .expect("a string takes all");
            list
        })
    };
    let (components, extensions) = (list(Role::Required), list(Role::Optional));
    write!(
        text,
        "[pkg.rust]\nversion = \"{version}\"\n[pkg.rust.target.{host}]\navailable = true\n\
         components = [{components}]\nextensions = [{extensions}]\n"
    )
    .expect("a string takes all");
    for package in parts.iter().map(|part| &part.package).collect::<BTreeSet<_>>() {
        writeln!(text, "[pkg.{package}]\nversion = \"{version}\"").expect("a string takes all");
        for part in parts.iter().filter(|part| part.package == *package) {
            let Part { target, url, hash, .. } = part;
            writeln!(
                text,
                "[pkg.{package}.target.{target}]\navailable = true\nurl = \"{url}\"\nhash = \"{hash}\""
            )
            .expect("a string takes all");
        }
    }
    text
}
