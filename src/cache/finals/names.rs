//! Which targets a file without an id may have been made for, by its name: cargo's `file_types` and `uplift_filename` in
//! `core/compiler/build_context/target_info.rs`, for all platforms, as a build dir may hold several.

/// What kind of target it was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::cache) enum Class {
    /// A program: nothing before the name.
    Program,
    /// A library: `lib` before the name, on most platforms.
    Library,
}

const OF_PROGRAMS: &[&str] = &[
    "",
    ".exe",
    ".efi",
    ".js",
    ".wasm",
    ".wasm.map",
    ".pdb",
    ".dwp",
    ".exe.dwp",
    ".wasm.dwp",
    ".dSYM",
    ".d",
];

const OF_LIBRARIES: &[&str] = &[
    ".rlib",
    ".rmeta",
    ".a",
    ".so",
    ".dylib",
    ".dll",
    ".lib",
    ".wasm",
    ".dll.lib",
    ".dll.exp",
    ".dll.a",
    ".pdb",
    ".so.dwp",
    ".dll.dwp",
    ".dylib.dSYM",
    ".d",
];

/// The targets that this may be a file of, with their names as crates have them (`-` is `_`).
pub(in crate::cache) fn could_be(file: &str) -> Vec<(Class, String)> {
    let mut found = Vec::new();
    let mut add = |class, name: Option<&str>| {
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            found.push((class, name.replace('-', "_")));
        }
    };
    for suffix in OF_PROGRAMS {
        add(Class::Program, file.strip_suffix(suffix));
    }
    for name in OF_LIBRARIES.iter().filter_map(|suffix| file.strip_suffix(suffix)) {
        add(Class::Library, Some(name));
        add(Class::Library, name.strip_prefix("lib"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Class, could_be};

    #[test]
    fn a_file_names_its_target() {
        for (file, class, name) in [
            ("my-app", Class::Program, "my_app"),
            ("my-app.exe", Class::Program, "my_app"),
            ("my_app.pdb", Class::Program, "my_app"),
            ("my-app.d", Class::Program, "my_app"),
            ("my.app", Class::Program, "my.app"),
            ("app.wasm", Class::Program, "app"),
            ("libx.rlib", Class::Library, "x"),
            ("libx.d", Class::Library, "x"),
            ("x.d", Class::Library, "x"),
            ("libx.so.dwp", Class::Library, "x"),
            ("x.dll.lib", Class::Library, "x"),
            ("liblib.a", Class::Library, "lib"),
        ] {
            assert!(could_be(file).contains(&(class, name.to_owned())), "{file}: {:?}", could_be(file));
        }
        assert!(!could_be("notes.txt").iter().any(|(_, name)| name == "notes"));
        assert_eq!(could_be(".d").iter().find(|(_, name)| name.is_empty()), None);
    }
}
