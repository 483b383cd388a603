//! Codes are distinct, every page leads somewhere, and every symptom is found by what people type.

use std::collections::BTreeSet;

use super::CHECKS;
use super::explain::{Topic, find, symptoms};

#[test]
fn codes_are_distinct_and_every_symptom_names_checks_that_exist() {
    let codes: BTreeSet<&str> = CHECKS.iter().map(|check| check.code).collect();
    assert_eq!(codes.len(), CHECKS.len());
    for symptom in symptoms() {
        assert!(!symptom.messages.is_empty() && !symptom.findings.is_empty(), "{symptom:?}");
        assert!(symptom.findings.iter().all(|code| codes.contains(code)), "{symptom:?}");
    }
}

/// Who has only one line of the error must find its page.
#[test]
fn every_symptom_is_found_by_each_of_its_codes_and_messages_in_any_case() {
    for symptom in symptoms() {
        let mut queries: Vec<String> = symptom.codes.iter().map(|code| format!("error[{code}]: x")).collect();
        queries.extend(symptom.codes.iter().map(|code| code.to_lowercase()));
        queries.extend(symptom.messages.iter().map(|message| message.to_uppercase()));
        queries.extend(symptom.messages.iter().map(|message| format!("error: {message} `x`: more")));
        for query in queries {
            let found = find(&query).unwrap_or_default();
            let is_it = |topic: &Topic| matches!(topic, Topic::Symptom(it) if std::ptr::eq(*it, symptom));
            assert!(found.iter().any(is_it), "{query}: {found:?}");
        }
    }
}

#[test]
fn a_findings_code_is_found_and_what_is_unknown_is_not() {
    for check in CHECKS {
        let found = find(&check.code.to_uppercase()).unwrap_or_default();
        assert!(matches!(found.as_slice(), [Topic::Finding(it)] if it.code == check.code), "{}", check.code);
    }
    for (asked, nearest) in [
        ("gost-source", Some("ghost-source")),
        ("E0465", Some("E0463")),
        ("", None),
        ("of", None),
        ("nonsense", None),
    ] {
        let unknown = find(asked).expect_err("there is no such page");
        assert_eq!(unknown.nearest, nearest, "{asked}");
    }
}
