//! Which files may name a toolchain, by their path in the repository.

use std::path::Path;

/// A kind of file that names toolchains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `rust-toolchain.toml`, `rust-toolchain`.
    ToolchainFile,
    /// `doctor.toml`, and what it extends.
    Policy,
    /// `.github/workflows/*.yml`.
    Workflow,
    /// `action.yml` of a composite action.
    Action,
    /// `Dockerfile`, `Containerfile` and files named after them.
    Dockerfile,
    /// `.gitlab-ci.yml`, and what lies below `.gitlab/`.
    GitLab,
    /// `.circleci/config.yml`.
    CircleCi,
    /// `azure-pipelines.yml`, and what lies below `.azure-pipelines/`.
    Azure,
    /// `.travis.yml`.
    Travis,
    /// `.woodpecker.yml`, `.woodpecker/*.yml`, `.drone.yml`.
    Woodpecker,
    /// `Jenkinsfile`.
    Jenkinsfile,
    /// `devcontainer.json`.
    Devcontainer,
    /// `compose.yaml`, `docker-compose.yml` and their overrides.
    Compose,
    /// asdf's `.tool-versions`.
    ToolVersions,
    /// mise's files.
    Mise,
    /// `.prototools`.
    Prototools,
    /// `*.nix`.
    Nix,
    /// `MODULE.bazel`, `WORKSPACE`, `WORKSPACE.bazel`, `*.bzl`.
    Bazel,
    /// `.readthedocs.yaml`.
    ReadTheDocs,
    /// `clippy.toml`, `.clippy.toml`.
    Clippy,
    /// `Cargo.toml`.
    Manifest,
}

/// How a file is put together: what an edit is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// JSON with comments.
    Json,
    /// Lines: all but the edited ones must stay.
    Lines,
}

impl Kind {
    /// The kind of a file, by its path relative to the repository. Letters count as they are written.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let parts: Vec<&str> = path.iter().map(|part| part.to_str()).collect::<Option<_>>()?;
        let (name, dirs) = parts.split_last()?;
        let is_yaml = has_extension(name, &["yml", "yaml"]);
        if let Some(kind) = Self::by_name(name) {
            return Some(kind);
        }
        match (dirs, is_yaml) {
            (
                [.., ".github", "workflows"] | [.., ".forgejo", "workflows"] | [.., ".gitea", "workflows"],
                true,
            ) => Some(Self::Workflow),
            ([".circleci", ..], true) => Some(Self::CircleCi),
            ([".gitlab", ..], true) => Some(Self::GitLab),
            ([".azure-pipelines" | ".azure" | "azure-pipelines" | ".pipelines", ..], true) => {
                Some(Self::Azure)
            }
            ([".woodpecker", ..], true) => Some(Self::Woodpecker),
            ([".config", "mise"] | [".mise"] | ["mise"], _) if *name == "config.toml" => Some(Self::Mise),
            ([".config", "mise", "conf.d"], _) if has_extension(name, &["toml"]) => Some(Self::Mise),
            ([".config"], _) if *name == "mise.toml" => Some(Self::Mise),
            _ => None,
        }
    }

    fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "rust-toolchain" | "rust-toolchain.toml" => Self::ToolchainFile,
            "doctor.toml" => Self::Policy,
            "action.yml" | "action.yaml" => Self::Action,
            ".gitlab-ci.yml" | ".gitlab-ci.yaml" => Self::GitLab,
            "azure-pipelines.yml"
            | "azure-pipelines.yaml"
            | ".azure-pipelines.yml"
            | ".azure-pipelines.yaml" => Self::Azure,
            ".travis.yml" | ".travis.yaml" => Self::Travis,
            ".woodpecker.yml" | ".woodpecker.yaml" | ".drone.yml" | ".drone.yaml" => Self::Woodpecker,
            "devcontainer.json" | ".devcontainer.json" => Self::Devcontainer,
            ".tool-versions" => Self::ToolVersions,
            "mise.toml" | ".mise.toml" | "mise.local.toml" | ".mise.local.toml" => Self::Mise,
            ".prototools" => Self::Prototools,
            "MODULE.bazel" | "WORKSPACE" | "WORKSPACE.bazel" | "WORKSPACE.bzlmod" => Self::Bazel,
            ".readthedocs.yaml" | ".readthedocs.yml" | "readthedocs.yaml" | "readthedocs.yml" => {
                Self::ReadTheDocs
            }
            "clippy.toml" | ".clippy.toml" => Self::Clippy,
            "Cargo.toml" => Self::Manifest,
            _ if is_named(name, "Dockerfile") || is_named(name, "Containerfile") => Self::Dockerfile,
            _ if is_named(name, "Jenkinsfile") => Self::Jenkinsfile,
            _ if is_compose(name) => Self::Compose,
            _ if has_extension(name, &["nix"]) => Self::Nix,
            _ if has_extension(name, &["bzl"]) => Self::Bazel,
            _ if is_dockerfile_by_ending(name) => Self::Dockerfile,
            _ => return None,
        })
    }

    /// How its files are put together.
    #[must_use]
    pub const fn format(self) -> Format {
        match self {
            Self::Workflow
            | Self::Action
            | Self::GitLab
            | Self::CircleCi
            | Self::Azure
            | Self::Travis
            | Self::Woodpecker
            | Self::Compose
            | Self::ReadTheDocs => Format::Yaml,
            Self::Policy | Self::Mise | Self::Prototools | Self::Clippy | Self::Manifest => Format::Toml,
            Self::Devcontainer => Format::Json,
            // A toolchain file may be a bare name.
            Self::ToolchainFile
            | Self::Dockerfile
            | Self::Jenkinsfile
            | Self::ToolVersions
            | Self::Nix
            | Self::Bazel => Format::Lines,
        }
    }
}

/// `Dockerfile`, `Dockerfile.dev`, `Dockerfile-ci`; not `Dockerfile.md` or a template, which is no such file yet.
fn is_named(name: &str, stem: &str) -> bool {
    let Some(rest) = name.strip_prefix(stem) else { return false };
    let no_text =
        !has_extension(name, &["md", "txt", "j2", "tmpl", "template", "orig", "rej", "dockerignore"]);
    rest.is_empty() || (rest.starts_with(['.', '-', '_']) && no_text)
}

/// `dev.Dockerfile`, `web.dockerfile`, `app.Containerfile`.
fn is_dockerfile_by_ending(name: &str) -> bool {
    let ending = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, ending)| ending);
    ending
        .is_some_and(|it| ["dockerfile", "containerfile"].iter().any(|known| it.eq_ignore_ascii_case(known)))
}

fn is_compose(name: &str) -> bool {
    let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"));
    stem.is_some_and(|stem| {
        ["compose", "docker-compose"].iter().any(|first| {
            stem.strip_prefix(first).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
        })
    })
}

fn has_extension(name: &str, extensions: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, found)| !stem.is_empty() && extensions.contains(&found))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Kind;

    /// A file that is not recognised is never brought in step, and nobody would know.
    #[test]
    fn files_are_known_by_their_paths() {
        for (path, kind) in [
            ("rust-toolchain", Some(Kind::ToolchainFile)),
            ("fuzz/rust-toolchain.toml", Some(Kind::ToolchainFile)),
            ("doctor.toml", Some(Kind::Policy)),
            (".github/workflows/ci.yml", Some(Kind::Workflow)),
            (".github/workflows/ci.yaml", Some(Kind::Workflow)),
            (".github/workflows/README.md", None),
            (".github/dependabot.yml", None),
            (".github/actions/setup/action.yml", Some(Kind::Action)),
            ("action.yml", Some(Kind::Action)),
            ("Dockerfile", Some(Kind::Dockerfile)),
            ("docker/Dockerfile.dev", Some(Kind::Dockerfile)),
            ("ci.dockerfile", Some(Kind::Dockerfile)),
            ("docker/dev.Dockerfile", Some(Kind::Dockerfile)),
            ("app.ContainerFile", Some(Kind::Dockerfile)),
            (".Dockerfile", None),
            ("Containerfile", Some(Kind::Dockerfile)),
            ("Dockerfile.md", None),
            ("Dockerfile.j2", None),
            (".gitlab-ci.yml", Some(Kind::GitLab)),
            (".gitlab/ci/build.yml", Some(Kind::GitLab)),
            (".circleci/config.yml", Some(Kind::CircleCi)),
            ("azure-pipelines.yml", Some(Kind::Azure)),
            (".travis.yml", Some(Kind::Travis)),
            (".woodpecker/build.yaml", Some(Kind::Woodpecker)),
            (".drone.yml", Some(Kind::Woodpecker)),
            ("Jenkinsfile", Some(Kind::Jenkinsfile)),
            (".devcontainer/devcontainer.json", Some(Kind::Devcontainer)),
            (".devcontainer/rust/devcontainer.json", Some(Kind::Devcontainer)),
            ("docker-compose.override.yml", Some(Kind::Compose)),
            ("compose.yaml", Some(Kind::Compose)),
            ("composer.yaml", None),
            (".tool-versions", Some(Kind::ToolVersions)),
            (".config/mise/config.toml", Some(Kind::Mise)),
            (".cargo/config.toml", None),
            (".prototools", Some(Kind::Prototools)),
            ("flake.nix", Some(Kind::Nix)),
            (".nix", None),
            ("MODULE.bazel", Some(Kind::Bazel)),
            (".readthedocs.yaml", Some(Kind::ReadTheDocs)),
            (".clippy.toml", Some(Kind::Clippy)),
            ("crates/a/Cargo.toml", Some(Kind::Manifest)),
            ("src/main.rs", None),
        ] {
            assert_eq!(Kind::of(Path::new(path)), kind, "{path}");
        }
    }
}
