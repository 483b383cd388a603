//! Toolchains named in shell scripts: `rustup default 1.78.0`, `cargo +nightly fmt`, `--default-toolchain 1.78.0`.
//!
//! A script is cut into words only as far as this needs it: by blanks, operators and line ends, with comments left out. What
//! is put together by the shell (variables, substitutions) is reported as it stands, for the caller to follow or to leave.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::variable::is_official;
use super::{By, Spelling};

/// A toolchain that a script names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its bytes in the script, without quotes.
    pub span: Range<usize>,
    /// What stands there: a name, or `$RUST_VERSION`, `${{ matrix.rust }}`.
    pub text: String,
    /// What the command does with it.
    pub by: Use,
}

/// What a command does with a toolchain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It chooses a compiler, in this way.
    Chooses(By),
    /// It only installs it: `rustup toolchain install`. The first one installed becomes the default.
    Installs,
    /// It does something to it, or asks for it, and chooses nothing: `rustup component add clippy --toolchain 1.78.0`.
    Mentions,
}

impl Word {
    /// Whether the shell (or the CI system) puts something else in its place.
    #[must_use]
    pub fn is_expanded(&self) -> bool {
        self.text.contains(['$', '`', '%'])
    }
}

/// One word of a script, with what may be left of quotes taken off.
struct Token<'a> {
    text: &'a str,
    start: usize,
    /// It ends a command: a line end, `;`, `&`, `|`, a parenthesis.
    ends: bool,
}

static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    // An expression of the CI system's may hold blanks; a quoted text is one word; a comment starts a word.
    let words = r#""(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\\\r?\n|[\n;&|()]|(?:\$\{\{[^}]*\}\}|[^\s;&|()"'])+"#;
    Regex::new(words).unwrap_or_else(|error| unreachable!("a constant: {error}"))
});

/// Finds every toolchain that a script names, in order.
#[must_use]
pub fn toolchains(script: &str) -> Vec<Word> {
    let tokens = tokens(script);
    let mut found = Vec::new();
    for command in tokens.split(|token| token.ends) {
        let first = command.iter().position(|token| !is_prefix(token.text));
        found.extend(of_quoted_script(command, toolchains));
        for (at, token) in command.iter().enumerate() {
            found.extend(variable(token));
            let before =
                at.checked_sub(1).and_then(|before| Some((command.get(before)?.text, Some(before) == first)));
            if before.is_some_and(|(program, is_first)| takes_plus(program, is_first)) {
                found.extend(plus(token));
            }
            // PowerShell sets a variable with blanks: `$env:RUSTUP_TOOLCHAIN = '1.78.0'`.
            if let [name, equals, value, ..] = &command[at..]
                && name.text.eq_ignore_ascii_case("$env:RUSTUP_TOOLCHAIN")
                && equals.text == "="
            {
                found.extend(word(value, 0, Use::Chooses(By::Variable)));
            }
            if program(token.text) == "rustup" {
                found.extend(of_rustup(&command[at + 1..]));
            }
        }
    }
    found
}

fn tokens(script: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut comment_until = 0;
    let mut joined_until = None;
    for found in TOKEN.find_iter(script) {
        if found.start() < comment_until {
            continue;
        }
        let text = found.as_str();
        if text.starts_with('#') {
            comment_until = script[found.start()..].find('\n').map_or(script.len(), |at| found.start() + at);
            continue;
        }
        if text.starts_with('\\') && text.ends_with('\n') {
            continue;
        }
        let ends = matches!(text, "\n" | ";" | "&" | "|" | "(" | ")");
        // `+${{ matrix.rust }}` and `--x="y"` are one word to the shell: what follows without a blank belongs to it.
        if !ends
            && joined_until == Some(found.start())
            && let Some(last) = tokens.last_mut().filter(|last| !last.ends)
        {
            last.text = &script[last.start..found.end()];
        } else {
            tokens.push(Token { text, start: found.start(), ends });
        }
        joined_until = Some(found.end());
    }
    tokens
}

/// The file name of a program, without quotes and ending.
fn program(word: &str) -> &str {
    let word = unquoted(word).0;
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    name.strip_suffix(".exe").unwrap_or(name)
}

fn unquoted(word: &str) -> (&str, usize) {
    for quote in ['"', '\''] {
        if let Some(inner) = word.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return (inner, 1);
        }
    }
    (word, 0)
}

fn word(token: &Token<'_>, skip: usize, by: Use) -> Option<Word> {
    let rest = token.text.get(skip..)?;
    let (text, quote) = unquoted(rest);
    if text.is_empty() || text.starts_with('-') {
        return None;
    }
    let start = token.start + skip + quote;
    Some(Word { span: start..start + text.len(), text: text.to_owned(), by })
}

/// The toolchain that the second of two words names for the first, which is the program: `cargo`, `+nightly`.
#[must_use]
pub fn behind(program: &str, word: &str) -> Option<Word> {
    let token = Token { text: word, start: 0, ends: false };
    takes_plus(program.trim(), true).then(|| plus(&token)).flatten()
}

/// Whether a word is a program that takes `+toolchain` as its first argument: one of rustup's proxies, `cross`, or whatever
/// stands behind a variable in the place of a program. To any other, `+1` is something else (`tail -n +1`).
fn takes_plus(word: &str, is_first: bool) -> bool {
    // `` V=`cargo +nightly --version` ``
    let name = program(word);
    let name = name.rsplit('`').next().unwrap_or(name);
    let is_proxy = matches!(
        name,
        "cargo"
            | "rustc"
            | "rustdoc"
            | "rustfmt"
            | "clippy-driver"
            | "rust-gdb"
            | "rust-lldb"
            | "rustup"
            | "cross"
    );
    if is_proxy || name.starts_with("cargo-") {
        return true;
    }
    is_first && unquoted(word).0.starts_with(['$', '%'])
}

/// What may stand before the program of a command.
fn is_prefix(word: &str) -> bool {
    matches!(
        word,
        "sudo" | "env" | "time" | "exec" | "command" | "if" | "!" | "then" | "do" | "while" | "else"
    ) || word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// `+nightly`, behind a program that takes it.
fn plus(token: &Token<'_>) -> Option<Word> {
    let (text, quote) = unquoted(token.text);
    // `cargo +"$RUST_VERSION"` is quoted behind the sign.
    let (name, inner) = unquoted(text.strip_prefix('+')?);
    let start = token.start + quote + 1 + inner;
    let found = Word { span: start..start + name.len(), text: name.to_owned(), by: Use::Chooses(By::Plus) };
    let is_name = name != "latest" && is_official(name, Spelling::Channel);
    (is_name || found.is_expanded()).then_some(found)
}

/// What one word sets: `RUSTUP_TOOLCHAIN=1.78.0`.
fn variable(token: &Token<'_>) -> Option<Word> {
    const VARIABLE: &str = "RUSTUP_TOOLCHAIN=";
    let (text, quote) = unquoted(token.text);
    for variable in [VARIABLE, "$env:RUSTUP_TOOLCHAIN="] {
        // The quotes stand around the value, or around all of it: `echo "RUSTUP_TOOLCHAIN=1.78.0" >> "$GITHUB_ENV"`.
        if token.text.starts_with(variable) {
            return word(token, variable.len(), Use::Chooses(By::Variable));
        }
        if let Some(name) = text.strip_prefix(variable).filter(|name| !name.is_empty()) {
            let start = token.start + quote + variable.len();
            let by = Use::Chooses(By::Variable);
            return Some(Word { span: start..start + name.len(), text: name.to_owned(), by });
        }
    }
    None
}

/// Whether a script builds or runs something with whatever toolchain is active: cargo without `+name`, outside of
/// `rustup run` and without a variable of its own.
#[must_use]
pub fn has_plain_cargo(script: &str) -> bool {
    const BUILDS: &[&str] = &[
        "bench", "build", "b", "check", "c", "clippy", "doc", "d", "hack", "nextest", "run", "r", "rustc",
        "rustdoc", "test", "t",
    ];
    let tokens = tokens(script);
    tokens.split(|token| token.ends).any(|command| {
        let Some(at) = command.iter().position(|token| program(token.text) == "cargo") else { return false };
        let is_told = command[..at].iter().any(|token| {
            program(token.text) == "rustup" || unquoted(token.text).0.starts_with("RUSTUP_TOOLCHAIN=")
        });
        let first = command[at + 1..].iter().find(|token| !token.text.starts_with('-'));
        !is_told && first.is_some_and(|token| BUILDS.contains(&token.text))
    })
}

/// What is given a script as one word, behind `-c`.
fn is_shell(program: &str) -> bool {
    matches!(
        program,
        "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" | "su" | "runuser" | "pwsh" | "powershell"
    )
}

/// What the script in quotes behind a shell's `-c` (`-lc`, `-euxc`) names, where a command has one.
fn of_quoted_script(command: &[Token<'_>], find: fn(&str) -> Vec<Word>) -> Vec<Word> {
    let is_flag = |flag: &str| {
        let letters =
            flag.strip_prefix('-').filter(|rest| rest.bytes().all(|byte| byte.is_ascii_alphabetic()));
        letters.is_some_and(|letters| letters.ends_with('c')) || matches!(flag, "--command" | "-Command")
    };
    let mut rest = command.iter().skip_while(|token| !is_shell(program(token.text)));
    let Some(token) = rest.find(|token| is_flag(token.text)).and_then(|_| rest.next()) else {
        return Vec::new();
    };
    let (script, quote) = unquoted(token.text);
    // Only what has lost its quotes is read again, so that this comes to an end.
    if quote == 0 {
        return Vec::new();
    }
    let start = token.start + quote;
    let inside = find(script).into_iter();
    inside.map(|word| Word { span: start + word.span.start..start + word.span.end, ..word }).collect()
}

/// What follows `rustup` (or what a script of rustup's installer is given).
fn of_rustup(args: &[Token<'_>]) -> Vec<Word> {
    // `rustup --quiet default 1.78.0`: flags of rustup's own, of which none takes a value.
    let own = args.iter().take_while(|token| unquoted(token.text).0.starts_with('-')).count();
    let args = &args[own..];
    let texts: Vec<&str> = args.iter().take(2).map(|token| unquoted(token.text).0).collect();
    let (skip, by, many) = match &texts[..] {
        ["default", ..] => (1, Use::Chooses(By::Default), false),
        ["override", "set" | "add", ..] => (2, Use::Chooses(By::Override), false),
        ["toolchain", "install" | "add" | "update", ..] => (2, Use::Installs, true),
        ["install" | "update" | "upgrade", ..] => (1, Use::Installs, true),
        ["run", ..] => (1, Use::Chooses(By::Plus), false),
        _ => return mentioned(args),
    };
    let mut found = Vec::new();
    let mut rest = args[skip..].iter();
    while let Some(token) = rest.next() {
        let text = unquoted(token.text).0;
        if takes_value(text) {
            rest.next();
        } else if !text.starts_with('-') {
            found.extend(word(token, 0, by));
            if !many {
                break;
            }
        }
    }
    found
}

/// `--toolchain 1.78.0` and `--toolchain=1.78.0`, which most commands of rustup's take.
fn mentioned(args: &[Token<'_>]) -> Vec<Word> {
    const FLAG: &str = "--toolchain";
    let mut found = Vec::new();
    // Nobody gives it more than these.
    for (at, token) in args.iter().take(64).enumerate() {
        if token.text == FLAG {
            found.extend(args.get(at + 1).and_then(|next| word(next, 0, Use::Mentions)));
        } else if token.text.strip_prefix(FLAG).is_some_and(|rest| rest.starts_with('=')) {
            found.extend(word(token, FLAG.len() + 1, Use::Mentions));
        }
    }
    found
}

/// Flags of rustup's whose value is a word of its own.
fn takes_value(flag: &str) -> bool {
    matches!(
        flag,
        "--profile" | "--component" | "-c" | "--target" | "-t" | "--path" | "--host" | "--default-host"
    )
}

/// `--default-toolchain 1.78.0` and `--default-toolchain=1.78.0`, which rustup's installer takes wherever it comes from.
#[must_use]
pub fn of_installer(script: &str) -> Vec<Word> {
    const FLAG: &str = "--default-toolchain";
    let tokens = tokens(script);
    let scripts = tokens.split(|token| token.ends).flat_map(|it| of_quoted_script(it, of_installer));
    let mut found: Vec<Word> = scripts.collect();
    for (at, token) in tokens.iter().enumerate() {
        let by = Use::Chooses(By::Default);
        if token.text == FLAG {
            found.extend(tokens.get(at + 1).filter(|next| !next.ends).and_then(|next| word(next, 0, by)));
        } else if token.text.strip_prefix(FLAG).is_some_and(|rest| rest.starts_with('=')) {
            found.extend(word(token, FLAG.len() + 1, by));
        }
    }
    found
}

/// Everything of a script, in order: [`toolchains`] and [`of_installer`].
#[must_use]
pub fn all(script: &str) -> Vec<Word> {
    let mut found = toolchains(script);
    found.extend(of_installer(script));
    found.sort_by_key(|word| word.span.start);
    found.dedup_by(|next, kept| next.span == kept.span);
    found
}

#[cfg(test)]
mod tests {
    use super::{Use, all};
    use crate::pins::By;

    /// What is not found here stays behind when the pin moves; what is found in the wrong place is spoiled.
    #[test]
    fn words_of_scripts() {
        let default = Use::Chooses(By::Default);
        let over = Use::Chooses(By::Override);
        let plus = Use::Chooses(By::Plus);
        let table: &[(&str, &[(&str, Use)])] = &[
            ("rustup default 1.78.0", &[("1.78.0", default)]),
            ("rustup default \"1.78.0\" && cargo build", &[("1.78.0", default)]),
            ("rustup override set 1.78.0", &[("1.78.0", over)]),
            ("rustup override set --path . 1.78.0", &[("1.78.0", over)]),
            ("rustup toolchain install 1.78.0 --profile minimal", &[("1.78.0", Use::Installs)]),
            ("rustup toolchain install --profile minimal 1.78.0", &[("1.78.0", Use::Installs)]),
            (
                "rustup toolchain install stable nightly",
                &[("stable", Use::Installs), ("nightly", Use::Installs)],
            ),
            ("rustup install 1.78.0 -c clippy", &[("1.78.0", Use::Installs)]),
            ("rustup run 1.78.0 cargo test", &[("1.78.0", plus)]),
            ("cargo +1.78.0 test", &[("1.78.0", plus)]),
            ("cargo +nightly-2026-05-19 miri test", &[("nightly-2026-05-19", plus)]),
            ("cargo +${{ matrix.rust }} test", &[("${{ matrix.rust }}", plus)]),
            ("cargo +$RUST_VERSION test", &[("$RUST_VERSION", plus)]),
            ("cargo \"+1.78.0\" test", &[("1.78.0", plus)]),
            ("cargo +\"$RUST_VERSION\" test", &[("$RUST_VERSION", plus)]),
            ("cargo +'1.78.0' test", &[("1.78.0", plus)]),
            ("RUSTUP_TOOLCHAIN=1.78.0 cargo test", &[("1.78.0", Use::Chooses(By::Variable))]),
            ("echo \"RUSTUP_TOOLCHAIN=1.78.0\" >> $GITHUB_ENV", &[("1.78.0", Use::Chooses(By::Variable))]),
            ("$env:RUSTUP_TOOLCHAIN = '1.78.0'\ncargo b", &[("1.78.0", Use::Chooses(By::Variable))]),
            ("$env:RUSTUP_TOOLCHAIN=\"1.78.0\"", &[("1.78.0", Use::Chooses(By::Variable))]),
            ("sh rustup.sh -y --default-toolchain 1.78.0", &[("1.78.0", default)]),
            ("sh -s -- -y --default-toolchain=1.78.0 --profile minimal", &[("1.78.0", default)]),
            ("sh -s -- -y --default-toolchain none", &[("none", default)]),
            ("sh -s -- -y \\\n    --default-toolchain \\\n  1.78.0\ncargo b", &[("1.78.0", default)]),
            ("# rustup default 1.70.0\nrustup default 1.78.0 # not 1.60.0\n", &[("1.78.0", default)]),
            ("echo rustup; default 1.78.0", &[]),
            ("rustup component add clippy", &[]),
            ("rustup target add wasm32-unknown-unknown", &[]),
            ("rustup show", &[]),
            ("rustup component add clippy --toolchain 1.78.0", &[("1.78.0", Use::Mentions)]),
            ("rustup component add --toolchain=1.78.0 clippy", &[("1.78.0", Use::Mentions)]),
            ("rustup -q target add wasm32-wasip1 --toolchain \"1.78.0\"", &[("1.78.0", Use::Mentions)]),
            ("rustup which --toolchain $RUST cargo", &[("$RUST", Use::Mentions)]),
            ("rustup doc --toolchain", &[]),
            ("rustup run 1.78.0 tool --toolchain x", &[("1.78.0", plus)]),
            ("rustup -v toolchain install 1.78.0", &[("1.78.0", Use::Installs)]),
            ("rustup --quiet default 1.78.0", &[("1.78.0", default)]),
            (
                "bash -c \"rustup default 1.78.0 && cargo +nightly fmt\"",
                &[("1.78.0", default), ("nightly", plus)],
            ),
            ("docker run x sh -euxc 'cargo +1.78.0 test'", &[("1.78.0", plus)]),
            ("su builder -c 'sh rustup.sh --default-toolchain 1.78.0'", &[("1.78.0", default)]),
            ("bash -lc \"bash -c 'rustup run 1.78.0 cargo b'\"", &[("1.78.0", plus)]),
            ("bash -c 'echo x' 'cargo +1.78.0 b'", &[]),
            ("echo 'cargo +1.78.0 test'", &[]),
            ("rustup update", &[]),
            ("rustup default", &[]),
            ("date +%Y", &[]),
            ("chmod +x a.sh", &[]),
            ("~/.cargo/bin/rustup.exe default 1.78.0", &[("1.78.0", default)]),
            ("git log --since='1 day' +1", &[]),
            ("tail -n +1 x; tail +1.78 x", &[]),
            ("find . -size +1M -mtime +1.78", &[]),
            ("date +1.78.0; date +nightly; date +$FORMAT; date +%Y%m%d", &[]),
            ("echo $CARGO +1.78.0", &[]),
            ("cargo +1 test; cargo +latest b; cargo +my-own b; cargo test +1.78.0", &[]),
            ("$CARGO +1.78.0 test", &[("1.78.0", plus)]),
            ("X=1 \"${CARGO}\" +1.78.0 test", &[("1.78.0", plus)]),
            ("${{ env.CARGO }} +1.78.0 test", &[("1.78.0", plus)]),
            ("cross +1.78.0 b && sudo rustc +beta -V", &[("1.78.0", plus), ("beta", plus)]),
            ("cargo-clippy +1.78.0; ~/.cargo/bin/cargo.exe +1.77", &[("1.78.0", plus), ("1.77", plus)]),
            ("V=`cargo +nightly -V`", &[("nightly", plus)]),
            ("V=$(rustc +1.78.0 -V)", &[("1.78.0", plus)]),
            ("cargo \\\n  +1.78.0 test", &[("1.78.0", plus)]),
            ("cargo +%RUST% test", &[("%RUST%", plus)]),
            ("cargo +nightly-$DATE test", &[("nightly-$DATE", plus)]),
            ("cargo +1.78.0-x86_64-pc-windows-gnu b", &[("1.78.0-x86_64-pc-windows-gnu", plus)]),
        ];
        for (script, expect) in table {
            let found = all(script);
            let found: Vec<(&str, Use)> =
                found.iter().map(|word| (&script[word.span.clone()], word.by)).collect();
            assert_eq!(&found[..], *expect, "{script}");
        }
    }
}
