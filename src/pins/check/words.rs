//! Roles, and the reasons for them, as people read them.

use crate::pins::{Kind, Role, Why};

/// A role's name, as comments and the policy spell it.
#[must_use]
pub const fn role(role: Role) -> &'static str {
    match role {
        Role::Dev => "dev",
        Role::Msrv => "msrv",
        Role::Deliberate => "deliberate",
        Role::Undecided => "undecided",
        Role::Ignored => "ignored",
    }
}

/// Why a place has its role.
#[must_use]
pub fn reason(why: &Why) -> String {
    match why {
        Why::Comment => "a comment says so".to_owned(),
        Why::Policy => "the policy says so".to_owned(),
        Why::IsThePin => "the toolchain is pinned here".to_owned(),
        Why::Definition => "this key is for the oldest supported release".to_owned(),
        Why::Marked(word) => format!("`{word}` stands beside it"),
        Why::NamesThePin => "it names what is or was pinned".to_owned(),
        Why::NamesBoth => "it names the pin and `rust-version`, which are the same".to_owned(),
        Why::NamesRustVersion => "it names `rust-version`".to_owned(),
        Why::OtherChannel => "it names another channel".to_owned(),
        Why::SetsUpEnvironment => "it sets up an environment".to_owned(),
        Why::OneOfSeveral => "it is one of several".to_owned(),
        Why::NamesAnother => "it names another release, and nothing says what for".to_owned(),
        Why::OtherTree => "it is for the tree below another toolchain file".to_owned(),
    }
}

/// What a comment of xcargo's starts with in such a file.
pub(super) const fn comment_mark(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(Kind::Jenkinsfile | Kind::Devcontainer) => "//",
        _ => "#",
    }
}
