//! Names that a CI system or a shell puts values in place of: `$X`, `%X%`, `$(X)`, `${{ parameters.x }}`, `<< parameters.x >>`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// A name in a text, to be followed to its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pins) struct Reference {
    /// All of its bytes in the text.
    pub(in crate::pins) span: Range<usize>,
    /// The name; with its namespace in front where it has one: `parameters.rust`, `inputs.rust`.
    pub(in crate::pins) name: String,
    /// What holds where the name has no value: `1.78.0` of `${RUST_VERSION:-1.78.0}`.
    pub(in crate::pins) default: Option<Range<usize>>,
}

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    let forms = concat!(
        r"\$\{\{\s*(?:(?P<ns>parameters)|variables|matrix|env)(?:\.|\[')(?P<template>[\w.-]+?)(?:'\])?\s*\}\}",
        r"|<<\s*(?P<circle>(?:pipeline\.)?parameters\.[\w.-]+?)\s*>>",
        r"|<<\s*matrix\.(?P<matrix>[\w.-]+?)\s*>>",
        r"|\$\[\[\s*(?P<input>inputs\.[\w-]+)(?:\s*\|[^\]]*)?\s*\]\]",
        r"|\$\[\s*variables(?:\.|\[')(?P<runtime>[\w.-]+?)(?:'\])?\s*\]",
        r"|\$?\$\{(?:env[.:]|params\.)?(?P<brace>[A-Za-z_]\w*)(?::?[-=](?P<default>[^{}]*))?\}",
        r"|\$\((?P<paren>[A-Za-z_][\w.]*)\)",
        r"|\$env:(?P<power>[A-Za-z_]\w*)",
        r"|\$?\$(?P<plain>[A-Za-z_]\w*)",
        // Shorter ones are formats of dates.
        r"|%(?P<percent>[A-Za-z_]\w\w+)%",
    );
    Regex::new(forms).unwrap_or_else(|error| unreachable!("a constant: {error}"))
});

/// All references of a text, in order.
pub(in crate::pins) fn all(text: &str) -> Vec<Reference> {
    // Most texts have none, and this is much faster than finding that out by the expression.
    if !text.contains(['$', '%']) && !text.contains("<<") {
        return Vec::new();
    }
    REFERENCE
        .captures_iter(text)
        .filter_map(|found| {
            let names =
                ["template", "circle", "input", "runtime", "brace", "paren", "power", "plain", "percent"];
            let name = names.iter().find_map(|name| found.name(name));
            let name = match (name, found.name("matrix"), found.name("ns")) {
                (Some(name), _, Some(space)) => format!("{}.{}", space.as_str(), name.as_str()),
                (Some(name), ..) => name.as_str().to_owned(),
                // A matrix of CircleCI's gives values to parameters.
                (None, Some(name), _) => format!("parameters.{}", name.as_str()),
                (None, None, _) => return None,
            };
            let default = found.name("default").map(|default| default.range());
            Some(Reference { span: found.get(0)?.range(), name, default })
        })
        .collect()
}

/// The text with every reference made one word of the shell's, of as many bytes: `<< parameters.x >>` holds blanks and would be
/// several.
pub(in crate::pins) fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for reference in all(text) {
        masked.push_str(text.get(at..reference.span.start).unwrap_or_default());
        masked.push('$');
        masked.extend(std::iter::repeat_n('x', reference.span.len() - 1));
        at = reference.span.end;
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    masked
}

#[cfg(test)]
mod tests {
    use super::{all, mask};

    #[test]
    fn every_form_has_a_name() {
        for (text, name, default) in [
            ("$RUST", "RUST", None),
            ("${RUST}", "RUST", None),
            ("$${RUST}", "RUST", None),
            ("${RUST:-1.78.0}", "RUST", Some("1.78.0")),
            ("${RUST-}", "RUST", Some("")),
            ("${env.RUST}", "RUST", None),
            ("$env:RUST", "RUST", None),
            ("${env:RUST}", "RUST", None),
            ("${params.RUST}", "RUST", None),
            ("%RUST%", "RUST", None),
            ("$(rust.version)", "rust.version", None),
            ("${{ parameters.rust }}", "parameters.rust", None),
            ("${{ variables['rust'] }}", "rust", None),
            ("$[ variables.rust ]", "rust", None),
            ("<< parameters.rust >>", "parameters.rust", None),
            ("<<pipeline.parameters.rust>>", "pipeline.parameters.rust", None),
            ("<< matrix.rust >>", "parameters.rust", None),
            ("$[[ inputs.rust ]]", "inputs.rust", None),
            ("$[[ inputs.rust | expand_vars ]]", "inputs.rust", None),
        ] {
            let found = all(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!((found[0].name.as_str(), found[0].span.clone()), (name, 0..text.len()), "{text}");
            assert_eq!(found[0].default.clone().map(|range| &text[range]), default, "{text}");
        }
        for text in ["", "$", "$1", "date +%Y%m%d", "$(cat x)", "%é%", "<< x >>", "${X:+y}"] {
            assert!(all(text).is_empty(), "{text}: {:?}", all(text));
        }
    }

    #[test]
    fn a_mask_moves_nothing() {
        let text = "é +<< parameters.x >> $(b) ü";
        assert_eq!(mask(text), "é +$xxxxxxxxxxxxxxxxx $xxx ü");
    }
}
