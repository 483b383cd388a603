//! A real workspace in small: eleven members, packages from the registry, C code, a proc macro, build scripts, an alias.

use super::project::Project;
use super::sandbox::Sandbox;

/// The package versions that its lock file names: what an `update` may move is then a test's own choice.
pub(crate) const OLD_ITOA: &str = "1.0.18";

/// Writes the workspace, without a lock file and without a policy.
pub(crate) fn workspace(sandbox: &Sandbox, name: &str) -> Project {
    let mut project = Project::new(sandbox, name)
        .file(
            "Cargo.toml",
            "[workspace]\nresolver = \"2\"\nmembers = [\"crates/*\", \"xtask\"]\ndefault-members = [\"crates/app\"]\n\
             [workspace.dependencies]\nitoa = \"1\"\n[profile.dev]\ndebug = false\n[profile.bench]\nopt-level = 0\n",
        )
        .file(".cargo/config.toml", "[alias]\nxtask = \"run --quiet --package xtask --\"\nb2 = [\"build\", \"--workspace\"]\n")
        .file(".gitignore", "/target\n")
        // A -sys crate that compiles C from the registry, and one that compiles its own.
        .package("crates/zip", "zip", "[dependencies]\nbzip2-sys = { version = \"0.1\", features = [\"static\"] }\n")
        .file(
            "crates/zip/src/lib.rs",
            "//! C from the registry.\nuse bzip2_sys as _;\nunsafe extern \"C\" {\n    \
             fn BZ2_bzlibVersion() -> *const std::ffi::c_char;\n}\n/// The version of the C library.\n\
             pub fn version() -> String {\n    \
             let text = unsafe { std::ffi::CStr::from_ptr(BZ2_bzlibVersion()) };\n    text.to_string_lossy().into_owned()\n}\n",
        )
        .package("crates/own-sys", "own-sys", "links = \"own\"\n[build-dependencies]\ncc = \"1\"\n")
        .file("crates/own-sys/own.c", "int own_answer(void) { return 42; }\n")
        .file(
            "crates/own-sys/build.rs",
            "fn main() {\n    println!(\"cargo::rerun-if-changed=own.c\");\n    \
             cc::Build::new().file(\"own.c\").compile(\"own\");\n}\n",
        )
        .file(
            "crates/own-sys/src/lib.rs",
            "//! C of its own.\nunsafe extern \"C\" {\n    fn own_answer() -> i32;\n}\n/// The answer.\n\
             pub fn answer() -> i32 {\n    unsafe { own_answer() }\n}\n",
        )
        .package("crates/macros", "macros", "[lib]\nproc-macro = true\n")
        .file(
            "crates/macros/src/lib.rs",
            "//! A proc macro.\nuse proc_macro::TokenStream;\n/// Makes `fn made() -> u32`.\n#[proc_macro]\n\
             pub fn make(_: TokenStream) -> TokenStream {\n    \"fn made() -> u32 { 7 }\".parse().unwrap()\n}\n",
        )
        .package("crates/scripted", "scripted", "[build-dependencies]\nautocfg = \"1\"\n")
        .file(
            "crates/scripted/build.rs",
            "fn main() {\n    autocfg::rerun_path(\"build.rs\");\n    \
             let out = std::path::PathBuf::from(std::env::var_os(\"OUT_DIR\").unwrap());\n    \
             std::fs::write(out.join(\"made.rs\"), \"pub const MADE: u32 = 3;\").unwrap();\n    \
             println!(\"cargo::warning=made by a script\");\n}\n",
        )
        .file("crates/scripted/src/lib.rs", "//! Made by a script.\ninclude!(concat!(env!(\"OUT_DIR\"), \"/made.rs\"));\n")
        .package("crates/text", "text", "[dependencies]\nitoa.workspace = true\npaste = \"1\"\n[[bench]]\nname = \"speed\"\nharness = false\n")
        .file(
            "crates/text/src/lib.rs",
            "//! Text.\npaste::paste! {\n    /// Seven.\n    pub fn [<sev en>]() -> String {\n        \
             itoa::Buffer::new().format(7).to_owned()\n    }\n}\n\n/// Unused, so that there is a warning to replay.\nfn idle() {}\n",
        );
    // Four plain ones that lean on each other.
    let mut below = "text".to_owned();
    for leaf in ["one", "two", "three", "four"] {
        let rest = format!("[dependencies]\n{below} = {{ path = \"../{below}\" }}\ncfg-if = \"1\"\n");
        project = project.package(&format!("crates/{leaf}"), leaf, &rest).file(
            format!("crates/{leaf}/src/lib.rs"),
            format!(
                "//! Leans on `{below}`.\ncfg_if::cfg_if! {{\n    if #[cfg(unix)] {{ /// Its name.\n        \
                 pub const NAME: &str = \"{leaf}\"; }} else {{ /// Its name.\n        pub const NAME: &str = \"-\"; }}\n}}\n"
            ),
        );
        below = leaf.to_owned();
    }
    project
        .package(
            "crates/app",
            "app",
            "default-run = \"app\"\n[dependencies]\nfour = { path = \"../four\" }\nmacros = { path = \"../macros\" }\n\
             own-sys = { path = \"../own-sys\" }\nscripted = { path = \"../scripted\" }\ntext = { path = \"../text\" }\n\
             zip = { path = \"../zip\" }\n",
        )
        // Not as rustfmt would have it, and with something for clippy: both must show the same through xcargo.
        .file(
            "crates/app/src/main.rs",
            "//! The program.\nmacros::make!();\nfn main( ) {\n    let code = std::env::args().nth(1);\n    \
             println!(\"{} {} {} {} {}\", zip::version(), own_sys::answer(), scripted::MADE, text::seven(), four::NAME);\n    \
             if made() == 7 { eprintln!(\"{:?}\", code); }\n    \
             std::process::exit(code.and_then(|c| c.parse().ok()).unwrap_or(0));\n}\n",
        )
        .file("crates/app/tests/passes.rs", "#[test]\nfn passes() {\n    assert_eq!(own_sys::answer(), 42);\n}\n")
        .file("crates/text/benches/speed.rs", "fn main() {\n    println!(\"{}\", text::seven());\n}\n")
        .package("xtask", "xtask", "")
        .file("xtask/src/main.rs", "fn main() {\n    println!(\"{:?}\", std::env::args().skip(1).collect::<Vec<_>>());\n}\n")
}

/// The same with a lock file that holds [`OLD_ITOA`], as a team would have committed it.
pub(crate) fn locked_workspace(sandbox: &Sandbox, name: &str) -> Project {
    let project = workspace(sandbox, name);
    sandbox.cargo().args(["generate-lockfile"]).dir(project.root()).run().ok();
    sandbox.cargo().args(["update", "itoa", "--precise", OLD_ITOA]).dir(project.root()).run().ok();
    project
}
