//! Spans are exact, whatever stands around them.

use super::{Node, Style, read};

fn leaves(node: &Node, into: &mut Vec<(String, Style, String)>, text: &str) {
    match node {
        Node::Scalar(scalar) if scalar.is_literal => {
            into.push((scalar.value.clone(), scalar.style, text[scalar.span.clone()].to_owned()));
        }
        Node::Scalar(_) => {}
        Node::Sequence(items) => items.iter().for_each(|item| leaves(item, into, text)),
        Node::Mapping(entries) => entries.iter().for_each(|(_, node)| leaves(node, into, text)),
    }
}

/// A span that is off by one byte spoils a file.
#[test]
fn what_may_be_edited_is_its_own_source_text() {
    let text = "\u{feff}# é\r\nname: é ü\r\nenv: &anc { rust: 1.78.0, os: 'linux' } # MSRV\r\nother: *anc\r\n\
                list: [1.56.0, \"stable\", nightly ]\r\nafter: !!str 1.2  \r\nq: &b \"x\"   \r\nt: &c plain # c\r\n\
                key with é: [ü, 'ö', 1.2]\r\n";
    let documents = read(text).expect("YAML");
    let mut found = Vec::new();
    leaves(&documents[0], &mut found, text);
    let expect = [
        ("é ü", Style::Plain),
        ("1.78.0", Style::Plain),
        ("linux", Style::Quoted),
        // The alias is the node that it names.
        ("1.78.0", Style::Plain),
        ("linux", Style::Quoted),
        ("1.56.0", Style::Plain),
        ("stable", Style::Quoted),
        ("nightly", Style::Plain),
        ("1.2", Style::Plain),
        ("x", Style::Quoted),
        ("plain", Style::Plain),
        ("ü", Style::Plain),
        ("ö", Style::Quoted),
        ("1.2", Style::Plain),
    ];
    assert_eq!(found.len(), expect.len(), "{found:#?}");
    for ((value, style, source), (expected, expected_style)) in found.iter().zip(expect) {
        assert_eq!((value.as_str(), *style), (expected, expected_style));
        assert_eq!(value, source);
    }
}

/// A comment behind a value in quotes is no part of it.
#[test]
fn quotes_end_where_they_are_closed() {
    let text =
        "a: \"1.78\" # \"MSRV\"\nb:\n  - '1.70' # it's\nc: {x: \"é\" , y: 'z'} # c\nd: \"\\\"q\\\\\" # \"\n";
    let documents = read(text).expect("YAML");
    let mut found = Vec::new();
    leaves(&documents[0], &mut found, text);
    let found: Vec<&str> = found.iter().map(|(_, _, source)| source.as_str()).collect();
    assert_eq!(found, ["1.78", "1.70", "é", "z"]);
    let escaped = documents[0].get("d").and_then(Node::scalar).expect("a scalar");
    assert_eq!(&text[escaped.span.clone()], "\\\"q\\\\");
}

#[test]
fn what_is_escaped_folded_or_a_block_is_no_text_to_edit() {
    for text in
        ["a: 'it''s'\n", "a: \"x\\ty\"\n", "a: one\n  two\n", "a: |\n  x\n", "a: >-\n  x\n", "a: 'x\n  y'\n"]
    {
        let documents = read(text).expect("YAML");
        let scalar = documents[0].get("a").and_then(Node::scalar).expect("a scalar");
        assert!(!scalar.is_literal, "{text:?}");
    }
}

/// The raw lines of a block are there for those who look for words in it.
#[test]
fn the_span_of_a_block_covers_its_lines() {
    let text = "é: 1\nrun: |\n  rustup default 1.78.0\n  cargo build\nafter: 1\n";
    let documents = read(text).expect("YAML");
    let scalar = documents[0].get("run").and_then(Node::scalar).expect("a scalar");
    assert_eq!(scalar.style, Style::Block);
    let raw = &text[scalar.span.clone()];
    assert!(
        raw.contains("rustup default 1.78.0") && raw.contains("cargo build") && !raw.contains("after"),
        "{raw:?}"
    );
}

#[test]
fn what_is_no_yaml_is_said_with_its_place() {
    for text in ["a: [1,\n", "a: 'x\n", "\ta: b: c\n", "a: *unknown\n", "{", "- a\nb: c\n"] {
        let error = read(text).expect_err(text);
        assert!(error.span.is_some_and(|span| span.start <= text.len()) && !error.why.is_empty(), "{text:?}");
    }
    let deep = "[".repeat(100_000);
    assert!(read(&deep).is_err(), "no stack is left behind");
    for deep in ["- ".repeat(50_000), format!("{}{}", "[".repeat(5_000), "]".repeat(5_000))] {
        assert!(read(&deep).is_err(), "nor where everything is closed");
    }
    let chain: String = (1..10_000).map(|at| format!("a{at}: &a{at} [*a{}]\n", at - 1)).collect();
    assert!(read(&format!("a0: &a0 [x]\n{chain}")).is_err(), "no stack is left behind by aliases either");
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n";
    assert!(read(bomb).is_ok(), "aliases share what they name");
}

/// The parser counts a comment behind a closing quote to the scalar.
#[test]
fn a_comment_behind_a_quote_is_no_text() {
    for (text, value) in [
        ("a: '1.75' # é\r\n", "1.75"),
        ("a: \"1.75\" # MSRV's \"x\"\n", "1.75"),
        ("- a: &b 'x' #c'\n", "x"),
        ("a: \"\" # \"\n", ""),
    ] {
        let documents = read(text).expect("YAML");
        let node = documents[0].items().first().unwrap_or(&documents[0]);
        let scalar = node.get("a").and_then(Node::scalar).expect("a scalar");
        assert!(scalar.is_literal, "{text:?}");
        assert_eq!((&text[scalar.span.clone()], scalar.value.as_str()), (value, value), "{text:?}");
    }
}
