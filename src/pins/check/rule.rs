//! The rules of `xcargo toolchain check`: their published names, and what each is about.

use crate::diagnostic::Severity;

/// What may be wrong with the places that name a toolchain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A place that should name the pinned toolchain names another.
    PinDrift,
    /// Nothing says what a place is for.
    UndecidedPin,
    /// The oldest supported release is newer than the pin.
    MsrvAbovePin,
    /// A CI job chooses a toolchain that the toolchain file outranks.
    ShadowedToolchain,
    /// YAML reads a version as another number.
    YamlFloat,
    /// A place names another toolchain than the pin, and text alone cannot move it.
    DigestPinned,
    /// A version ref of an action stands beside an input that it does not have.
    RefWithInput,
    /// The dist server has no such release.
    UnknownVersion,
    /// An expression leads out of its file.
    UnfollowedExpression,
    /// A file is not what its name says.
    Unreadable,
    /// Two toolchain files in one directory.
    ShadowedFile,
    /// The toolchain file and the policy name different toolchains.
    TwoPinsDisagree,
    /// A comment for xcargo has no effect.
    UnknownDirective,
    /// What the policy's pattern finds is no toolchain's name.
    PatternCapturesNoVersion,
}

impl Rule {
    /// All, in the order in which they are documented.
    pub const ALL: [Self; 14] = [
        Self::PinDrift,
        Self::UndecidedPin,
        Self::MsrvAbovePin,
        Self::ShadowedToolchain,
        Self::YamlFloat,
        Self::DigestPinned,
        Self::RefWithInput,
        Self::UnknownVersion,
        Self::UnfollowedExpression,
        Self::Unreadable,
        Self::ShadowedFile,
        Self::TwoPinsDisagree,
        Self::UnknownDirective,
        Self::PatternCapturesNoVersion,
    ];

    /// Its published name.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::PinDrift => "pin-drift",
            Self::UndecidedPin => "undecided-pin",
            Self::MsrvAbovePin => "msrv-above-pin",
            Self::ShadowedToolchain => "shadowed-toolchain",
            Self::YamlFloat => "yaml-float",
            Self::DigestPinned => "digest-pinned",
            Self::RefWithInput => "ref-with-input",
            Self::UnknownVersion => "unknown-version",
            Self::UnfollowedExpression => "unfollowed-expression",
            Self::Unreadable => "unreadable",
            Self::ShadowedFile => "shadowed-file",
            Self::TwoPinsDisagree => "two-pins-disagree",
            Self::UnknownDirective => "unknown-directive",
            Self::PatternCapturesNoVersion => "pattern-captures-no-version",
        }
    }

    /// One line on what it finds.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::PinDrift => "A place that should name the pinned toolchain names another",
            Self::UndecidedPin => "Nothing says whether a place should follow the pinned toolchain",
            Self::MsrvAbovePin => "The oldest supported release is newer than the pinned toolchain",
            Self::ShadowedToolchain => "A CI job chooses a toolchain that the toolchain file outranks",
            Self::YamlFloat => "YAML reads a version without quotes as another number",
            Self::DigestPinned => {
                "A place is fixed by a digest, a commit or a checksum and names another toolchain than the pin"
            }
            Self::RefWithInput => "An action's version ref stands beside an input that decides nothing",
            Self::UnknownVersion => "The dist server has no such release",
            Self::UnfollowedExpression => "An expression cannot be followed to a value in the same file",
            Self::Unreadable => "A file that may name a toolchain cannot be read",
            Self::ShadowedFile => {
                "`rust-toolchain.toml` counts for nothing beside a file named `rust-toolchain`"
            }
            Self::TwoPinsDisagree => "The toolchain file and the policy name different toolchains",
            Self::UnknownDirective => "A comment for xcargo is not understood, or concerns no toolchain",
            Self::PatternCapturesNoVersion => "A pattern of `pins.extra` captures what names no toolchain",
        }
    }

    /// How much its findings weigh unless something special is known of them.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::UndecidedPin
            | Self::UnfollowedExpression
            | Self::UnknownDirective
            | Self::PatternCapturesNoVersion => Severity::Warning,
            Self::PinDrift
            | Self::MsrvAbovePin
            | Self::ShadowedToolchain
            | Self::YamlFloat
            | Self::DigestPinned
            | Self::RefWithInput
            | Self::UnknownVersion
            | Self::Unreadable
            | Self::ShadowedFile
            | Self::TwoPinsDisagree => Severity::Error,
        }
    }

    /// The way out, in general.
    #[must_use]
    pub const fn way_out(self) -> &'static str {
        match self {
            Self::PinDrift => {
                "Run `xcargo toolchain sync`, or say what the place is for: `# xcargo: role=deliberate`"
            }
            Self::UndecidedPin => {
                "Say what the place is for in a comment beside it: `# xcargo: role=dev`, `role=msrv` or `role=deliberate`"
            }
            Self::MsrvAbovePin => {
                "Lower `rust-version`, or pin a newer toolchain with `xcargo toolchain set`"
            }
            Self::ShadowedToolchain => {
                "Choose the toolchain with `RUSTUP_TOOLCHAIN` or `cargo +name`, which outrank the toolchain file"
            }
            Self::YamlFloat => "Put the version in quotes, or write its three numbers",
            Self::DigestPinned => "Move the digest, the commit or the checksum together with the version",
            Self::RefWithInput => "Name the version in one place: the ref, or the input of `@master`",
            Self::UnknownVersion => "Name a release that exists",
            Self::UnfollowedExpression => {
                "Write the version in the same file, or look at the place that the expression names"
            }
            Self::Unreadable => "Mend the file, or name it under `ignore` in `[pins]` of doctor.toml",
            Self::ShadowedFile => "Remove one of the two files",
            Self::TwoPinsDisagree => "Name the toolchain in one of the two, or the same in both",
            Self::UnknownDirective => {
                "Write `# xcargo: ignore` or `# xcargo: role=…` behind the toolchain that it is about"
            }
            Self::PatternCapturesNoVersion => "Let the pattern's group match a version alone",
        }
    }
}
