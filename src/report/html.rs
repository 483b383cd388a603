//! A report as one page for a browser: a treemap and a table, with all that they need in the one file.
//!
//! Names in a target dir are anybody's (a dependency chooses its package's), and the page is opened from a disk where other
//! pages may be, too. So three things hold: every name is escaped where it stands in markup, none becomes markup in the
//! script, and the policy in the page's head lets nothing run or load but the script and the styles whose hashes it names.

use std::fmt::Write as _;

use super::{By, Item, Report, text, when};
use crate::output::human;

const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/script.js");

/// SHA-256 of [`STYLE`] and [`SCRIPT`]; a test says what they have to be.
const STYLE_HASH: &str = "sha256-3paeL/hDuT6Rjp34XQODJQluUMmYZOfOv0mSEy4fTiM=";
const SCRIPT_HASH: &str = "sha256-4vMrkQgeeYOBNcCoqoJh6oJIqiOmHfQ3IGwQl6z2r0s=";

/// Begins every page. What does not begin like this is somebody else's file.
const START: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"generator\" content=\"xcargo cache\">\n";

/// Whether a file that starts like this is a page of ours, and how much of it has to be read to know: see [`START_LENGTH`].
#[must_use]
pub fn is_page(start: &[u8]) -> bool {
    start.starts_with(START.as_bytes())
}

/// So many bytes tell whether a file is a page of ours.
pub const START_LENGTH: u64 = START.len() as u64;

/// The columns: what the script calls them, their heads, their classes.
const COLUMNS: &[(&str, &str, &str)] = &[
    ("bytes", "Size", "number"),
    ("group", "Package", ""),
    ("name", "Name", ""),
    ("label", "Kind", "kind"),
    ("profile", "Profile", ""),
    ("toolchain", "Toolchain", "rare"),
    ("files", "Files", "number optional"),
    ("built", "Built (UTC)", "when optional"),
];

/// The whole page.
#[must_use]
pub fn render(report: &Report) -> String {
    let total = report.total();
    let mut page = String::from(START);
    let _ = write!(
        page,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{STYLE_HASH}'; \
         script-src '{SCRIPT_HASH}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{size} in {dir}</title>\n<style>{STYLE}</style>\n\
         <header>\n<h1>{size} <small>in {files} files</small></h1>\n<p class=\"where\">{places}</p>\n</header>\n\
         <section class=\"card\" id=\"view\" data-script hidden aria-label=\"Treemap\">\n\
         <div class=\"head\"><nav aria-label=\"Zoom\"><ol id=\"crumbs\"></ol></nav><span id=\"zoomed\"></span></div>\n\
         <svg id=\"map\" role=\"group\" aria-label=\"Sizes as areas. Enter zooms in, Escape zooms out, arrows move\"></svg>\n\
         <div id=\"legend\" role=\"group\" aria-label=\"Kinds\"></div>\n</section>\n\
         <noscript><p class=\"where\">The treemap needs scripts; the table has everything without them.</p></noscript>\n\
         <section class=\"card\" aria-label=\"Table\">\n\
         <div class=\"head\" data-script hidden><input id=\"filter\" type=\"search\" placeholder=\"Filter rows\" \
         aria-label=\"Filter rows\" spellcheck=\"false\"><span id=\"count\" role=\"status\"></span></div>\n\
         <div class=\"scroll\"><table>\n<caption>Everything, the largest first</caption>\n<thead><tr>",
        size = human(total.bytes),
        dir = escaped(&report.target_dir.to_string_lossy()),
        files = text::thousands(total.files),
        places = places(report),
    );
    for (key, head, class) in COLUMNS {
        let sort = if *key == "bytes" { " aria-sort=\"descending\"" } else { "" };
        let _ = write!(page, "<th scope=\"col\" class=\"{class}\" data-key=\"{key}\"{sort}>{head}</th>");
    }
    page.push_str("</tr></thead>\n<tbody id=\"rows\">\n");
    let largest = report.items.first().map_or(0, |item| item.size.bytes);
    for item in &report.items {
        row(&mut page, report, item, largest);
    }
    page.push_str("</tbody>\n</table></div>\n</section>\n");
    let left_alone = report.unknown.iter().map(|unknown| (&*unknown.path, unknown.why.to_string()));
    notes(&mut page, "Left alone", left_alone.collect());
    let unreadable = report.unreadable.iter().map(|(path, why)| (&**path, why.clone()));
    notes(&mut page, "Not counted", unreadable.collect());
    let _ = write!(
        page,
        "<footer>Written by xcargo {version}. A file with several names is counted once.</footer>\n\
         <div id=\"tip\" role=\"tooltip\" hidden></div>\n\
         <script type=\"application/json\" id=\"data\">{data}</script>\n<script>{SCRIPT}</script>\n</html>\n",
        version = env!("CARGO_PKG_VERSION"),
        data = island(report),
    );
    page
}

fn places(report: &Report) -> String {
    let code = |path: &std::path::Path| format!("<code>{}</code>", escaped(&path.to_string_lossy()));
    if report.build_dir == report.target_dir {
        code(&report.target_dir)
    } else {
        format!("target dir {} · build dir {}", code(&report.target_dir), code(&report.build_dir))
    }
}

/// What the group of an item in the third level is called: its package, else its kind.
fn group(report: &Report, item: &Item) -> String {
    let by = if item.package.is_some() { By::Package } else { By::Kind };
    report.label(by, item).0
}

fn row(page: &mut String, report: &Report, item: &Item, largest: u64) {
    let label = |by| escaped(&report.label(by, item).0);
    let mut name = escaped(&item.name);
    if !item.features.is_empty() {
        let _ = write!(name, " <small>{}</small>", escaped(&item.features.join(", ")));
    }
    if let Some(why) = &item.why {
        let _ = write!(name, " <small>{}</small>", escaped(why));
    }
    let permille = (u128::from(item.size.bytes) * 1000).checked_div(u128::from(largest)).unwrap_or(0);
    let cells = [
        // Presentation attributes, as the page's policy allows no styles here.
        format!(
            "{}<svg viewBox=\"0 0 1000 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"k-{}\" \
             width=\"{permille}\" height=\"1\"/></svg>",
            human(item.size.bytes),
            item.kind.slug()
        ),
        escaped(&group(report, item)),
        name,
        format!("<i class=\"dot k-{}\"></i>{}", item.kind.slug(), item.kind.label()),
        label(By::Profile),
        label(By::Toolchain),
        text::thousands(item.size.files),
        item.built.map(when::minute).unwrap_or_default(),
    ];
    page.push_str("<tr>");
    for ((_, _, class), cell) in COLUMNS.iter().zip(cells) {
        let _ = write!(page, "<td class=\"{class}\">{cell}</td>");
    }
    page.push_str("</tr>\n");
}

fn notes(page: &mut String, title: &str, lines: Vec<(&std::path::Path, String)>) {
    if lines.is_empty() {
        return;
    }
    let _ = write!(page, "<section class=\"card\">\n<h2>{title}</h2>\n<ul class=\"notes\">\n");
    for (path, why) in lines {
        let _ = writeln!(page, "<li><code>{}</code>: {}", escaped(&path.to_string_lossy()), escaped(&why));
    }
    page.push_str("</ul>\n</section>\n");
}

/// The items as JSON that may stand in a script element: nothing in it can end that, or begin a comment.
fn island(report: &Report) -> String {
    let items: Vec<serde_json::Value> = report
        .items
        .iter()
        .map(|item| {
            serde_json::json!({
                "bytes": item.size.bytes,
                "files": item.size.files,
                "kind": item.kind.slug(),
                "label": item.kind.label(),
                "group": group(report, item),
                "name": item.name,
                "profile": report.label(By::Profile, item).0,
                "toolchain": report.label(By::Toolchain, item).0,
                "features": item.features.join(", "),
                "built": item.built.map(when::minute),
                "path": item.path.to_string_lossy(),
                "why": item.why,
            })
        })
        .collect();
    let json = serde_json::Value::Array(items).to_string();
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// Text as it may stand in an element or in a quoted attribute. Control characters would be no better than markup.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if c.is_control() => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::{SCRIPT, SCRIPT_HASH, STYLE, STYLE_HASH, escaped};

    /// RFC 4648.
    fn base64(bytes: &[u8]) -> String {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for chunk in bytes.chunks(3) {
            let number =
                chunk.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
            for at in 0..4 {
                let digit = DIGITS[(number >> (18 - 6 * at)) as usize & 63];
                text.push(if at <= chunk.len() { char::from(digit) } else { '=' });
            }
        }
        text
    }

    /// With another hash the browser would refuse the page's own script.
    #[test]
    fn the_policy_names_the_script_and_the_styles() {
        assert_eq!((&*base64(b"Man"), &*base64(b"Ma"), &*base64(b"M")), ("TWFu", "TWE=", "TQ=="));
        for (text, hash) in [(STYLE, STYLE_HASH), (SCRIPT, SCRIPT_HASH)] {
            assert_eq!(hash, format!("sha256-{}", base64(&Sha256::digest(text))));
            assert!(!text.to_ascii_lowercase().contains("</"), "would end its element");
        }
    }

    #[test]
    fn names_are_never_markup() {
        assert_eq!(escaped("<b a=\"'\">&\n"), "&lt;b a=&quot;&#39;&quot;&gt;&amp;\u{fffd}");
    }
}
