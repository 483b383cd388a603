//! The fields of the tables that stand in lists (and of `policy.xcargo`): the second half of [`super::keys`].

use super::shape::{Field, Kind, Presence};
use super::words::{Role, When, Word};

/// Of `policy.xcargo`.
pub(super) const VERSIONS: &[Field] = &[
    Field {
        name: "required",
        kind: Kind::VersionReq,
        presence: Presence::Optional,
        about: "Another version stops.",
    },
    Field {
        name: "recommended",
        kind: Kind::VersionReq,
        presence: Presence::Optional,
        about: "Another version warns.",
    },
];

/// Of an entry of `pins.ignore`.
pub(super) const IGNORED: &[Field] = &[
    Field { name: "path", kind: Kind::Glob, presence: Presence::Required, about: "Which files." },
    Field { name: "reason", kind: Kind::Reason, presence: Presence::Required, about: "Why they may differ." },
];

/// Of an entry of `pins.extra`.
pub(super) const EXTRA_PIN: &[Field] = &[
    Field { name: "path", kind: Kind::Glob, presence: Presence::Required, about: "Which files." },
    Field {
        name: "pattern",
        kind: Kind::Pattern,
        presence: Presence::Required,
        about: "What to look for; the capture group is the version.",
    },
    Field {
        name: "role",
        kind: Kind::Words(Role::WORDS),
        presence: Presence::Required,
        about: "Whether that version follows the pin.",
    },
];

const COMMAND: Field = Field {
    name: "command",
    kind: Kind::Command,
    presence: Presence::Required,
    about: "The command, as cargo names it.",
};

const REASON: Field = Field {
    name: "reason",
    kind: Kind::Reason,
    presence: Presence::Optional,
    about: "What whoever is refused is told.",
};

/// Of an entry of `commands.deny`.
pub(super) const DENIED: &[Field] = &[COMMAND, REASON];

/// Of an entry of `commands.require`.
pub(super) const REQUIRED: &[Field] = &[
    COMMAND,
    Field {
        name: "args",
        kind: Kind::Filled(&Kind::Argument),
        presence: Presence::Required,
        about: "All of these.",
    },
    Field {
        name: "when",
        kind: Kind::Words(When::WORDS),
        presence: Presence::Default("always"),
        about: "Where the rule holds.",
    },
    REASON,
];
