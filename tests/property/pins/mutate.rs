//! What happens to texts: parts go, come twice, change places, and odd things come in. Always on whole characters.

use fastrand::Rng;

/// Texts that mean something to one format or another, or to a reader of names.
const ODD: &[&str] = &[
    "\"",
    "'",
    "'''",
    "\"\"\"",
    "\\",
    "`",
    "\n",
    "\r",
    "\r\n",
    "\t",
    " ",
    "  ",
    "#",
    " # ",
    "//",
    "/*",
    "*/",
    "${",
    "}",
    "$",
    "$(",
    "${{",
    "}}",
    "${{ env.RUST }}",
    "${{ matrix.rust || '1.78.0' }}",
    ": ",
    "- ",
    "? ",
    "| ",
    ">-\n",
    "|\n",
    "&a ",
    "*a",
    "<<: *a\n",
    "!!str ",
    "!x ",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "[",
    "]",
    "{",
    "}",
    ",",
    "=",
    "@",
    "@sha256:00",
    "<<EOF\n",
    "EOF\n",
    "<<-'E'\n",
    "\u{feff}",
    "\u{0}",
    "\u{1f980}",
    "é",
    "\u{2028}",
    "\u{85}",
    "\u{a0}",
    "1.78.0",
    "1.78",
    "1.70",
    "1.80",
    "stable",
    "nightly",
    "nightly-2026-05-19",
    "latest",
    "rust:1.78.0",
    "+1.78.0",
    "--default-toolchain ",
    "rustup default 1.78.0\n",
    "RUST_VERSION=1.78.0",
    "RUSTUP_TOOLCHAIN: 1.78.0\n",
    "toolchain: 1.78.0\n",
    "# xcargo: ignore\n",
    "# xcargo: role=msrv",
    "msrv",
    "escape=`",
    "\\\n",
    "`\n",
    "\\u002e",
    "$RUST",
    "${RUST:-1.78.0}",
    "$$",
    "%RUST%",
    "$(rust)",
    "99999999999999999999",
    "1.78.0-x86_64-unknown-linux-gnu",
    "<<<<<<< HEAD\n",
    ">>>>>>> x\n",
];

/// Bytes without meaning, made UTF-8, or tokens without order.
pub(super) fn noise(rng: &mut Rng) -> String {
    let length = rng.usize(..300);
    if rng.bool() {
        let bytes: Vec<u8> = std::iter::repeat_with(|| rng.u8(..)).take(length).collect();
        return String::from_utf8_lossy(&bytes).into_owned();
    }
    std::iter::repeat_with(|| ODD[rng.usize(..ODD.len())]).take(length / 6).collect()
}

/// One change.
pub(super) fn once(text: &mut String, rng: &mut Rng) {
    let (start, end) = (place(text, rng), place(text, rng));
    let part = match rng.usize(..3) {
        // A few bytes, a line, anything.
        0 => start..boundary(text, start + rng.usize(..8)),
        1 => lines(text, start),
        _ => start.min(end)..start.max(end),
    };
    match rng.usize(..8) {
        0 => text.replace_range(part, ""),
        1 => {
            // Not without bound: five of these would make a text 32 times as long.
            let copy: String = text[part.clone()].chars().take(400).collect();
            text.insert_str(part.end, &copy);
        }
        2 => {
            let copy = text[part.clone()].to_owned();
            text.replace_range(part, "");
            let at = place(text, rng);
            text.insert_str(at, &copy);
        }
        3 => {
            let Some(character) = text[start..].chars().next() else { return };
            let flipped = char::from_u32(u32::from(character) ^ (1 << rng.u32(..7))).unwrap_or('\u{fffd}');
            text.replace_range(start..start + character.len_utf8(), &flipped.to_string());
        }
        4 => {
            let (_, other) = super::corpus::TEXTS[rng.usize(..super::corpus::TEXTS.len())];
            let at = place(other, rng);
            text.insert_str(start, &other[lines(other, at)]);
        }
        5 => text.truncate(start),
        _ => text.insert_str(start, ODD[rng.usize(..ODD.len())]),
    }
}

fn place(text: &str, rng: &mut Rng) -> usize {
    boundary(text, rng.usize(..=text.len()))
}

fn boundary(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

/// The line that holds this byte, with its end.
fn lines(text: &str, at: usize) -> std::ops::Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    start..end
}
