//! The sources of a workspace, as text.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use super::flags::Flags;
use super::spec::{Files, Kind, Member, Script, Spec};

impl Spec {
    /// All sources.
    pub(super) fn files(&self) -> Files {
        let mut files = Files::new();
        let program = &self.members[self.members.len() - 1].name;
        let names: Vec<String> = self.members.iter().map(|member| format!("'{}'", member.name)).collect();
        let manifest = format!(
            "[workspace]\nmembers = [{}]\ndefault-members = ['{program}']\nresolver = '2'\n\
             [profile.dev]\ndebug = false\ncodegen-units = 4\nincremental = {}\n[profile.release]\nopt-level = 1\ncodegen-units = 4\n",
            names.join(", "),
            self.incremental
        );
        files.insert("Cargo.toml".into(), manifest);
        files.insert("doctor.toml".into(), format!("[policy]\n{}", self.policy));
        for at in 0..self.members.len() {
            self.member_files(at, &mut files);
        }
        files
    }

    fn member_files(&self, at: usize, files: &mut Files) {
        let member = &self.members[at];
        let dir = PathBuf::from(&member.name);
        files.insert(dir.join("Cargo.toml"), self.manifest(member));
        let root = if member.kind == Kind::Program { "src/main.rs" } else { "src/lib.rs" };
        files.insert(dir.join(root), self.source(at));
        for (module, value) in &member.modules {
            files.insert(
                dir.join("src").join(format!("{module}.rs")),
                format!("pub const VALUE: u32 = {value};\n"),
            );
        }
        if let Some(value) = member.text {
            files.insert(dir.join("src/text.txt"), format!("{value}\n"));
        }
        if let Some(value) = member.code {
            files.insert(dir.join("src/code.in"), format!("{value}\n"));
        }
        if let Some(script) = &member.script {
            files.insert(dir.join("build.rs"), script.source());
            files.insert(dir.join("input.txt"), format!("{}\n", script.input));
        }
    }

    fn manifest(&self, member: &Member) -> String {
        let Member { name, .. } = member;
        let mut text = format!("[package]\nname = '{name}'\nversion = '0.1.0'\nedition = '2021'\n");
        if member.kind == Kind::Macro {
            text += "[lib]\nproc-macro = true\n";
        }
        if member.has_feature {
            let deps = member.deps.iter().map(|dep| &self.members[*dep]).filter(|dep| dep.has_feature);
            let below: Vec<String> = deps.map(|dep| format!("'{}/more'", dep.name)).collect();
            write!(text, "[features]\nmore = [{}]\n", below.join(", ")).unwrap();
        }
        text += "[dependencies]\n";
        for dep in &member.deps {
            let name = &self.members[*dep].name;
            writeln!(text, "{name} = {{ path = '../{name}' }}").unwrap();
        }
        text
    }

    fn source(&self, at: usize) -> String {
        let member = &self.members[at];
        let mut text = "#![allow(unexpected_cfgs)]\n".to_owned();
        for module in member.modules.keys() {
            writeln!(text, "mod {module};").unwrap();
        }
        let public = if member.kind == Kind::Lib { "pub " } else { "" };
        writeln!(text, "{public}const VALUE: u32 = {};", member.value).unwrap();
        let flags = Flags::default();
        let parts = self.parts(at, flags, &BTreeSet::new()).into_iter().map(|part| part.expression);
        let parts: Vec<String> = parts.collect();
        let body =
            format!("String::from(\"{}(\") + &[{}].join(\" \") + \")\"", member.name, parts.join(", "));
        let api = member.api;
        match member.kind {
            Kind::Lib => writeln!(text, "pub fn line_{api}() -> String {{ {body} }}"),
            Kind::Macro => writeln!(
                text,
                "use proc_macro::TokenStream;\n#[proc_macro]\npub fn line_{api}(_: TokenStream) -> TokenStream {{\n    \
                 let line = {body};\n    format!(\"{{line:?}}\").parse().unwrap()\n}}"
            ),
            Kind::Program => writeln!(
                text,
                "fn main() {{\n    let line = {body};\n    \
                 println!(\"{{line}} {{}}\", if cfg!(debug_assertions) {{ \"dev\" }} else {{ \"release\" }});\n}}"
            ),
        }
        .unwrap();
        text
    }
}

impl Script {
    fn source(&self) -> String {
        let rerun = if self.says_rerun { "println!(\"cargo::rerun-if-changed=input.txt\");" } else { "" };
        format!(
            "fn main() {{\n    {rerun}\n    let input = std::fs::read_to_string(\"input.txt\").unwrap();\n    \
             let made = format!(\"{}-{{}}\", input.trim());\n    println!(\"cargo::rustc-env=MADE={{made}}\");\n    \
             let out = std::env::var(\"OUT_DIR\").unwrap();\n    \
             std::fs::write(format!(\"{{out}}/made.rs\"), format!(\"{{made:?}}\")).unwrap();\n}}\n",
            self.value
        )
    }
}
