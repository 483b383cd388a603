//! `--explain`: a page for every symptom, and a hint where there is none.

use xcargo::doctor::CHECKS;
use xcargo::doctor::explain::symptoms;

use super::USAGE;
use crate::support::sandbox::Sandbox;

/// Somebody has an error on the screen and no workspace that can be read: it works anywhere.
#[test]
fn every_symptom_and_every_finding_has_a_page() {
    let sandbox = Sandbox::new();
    let explain = |what: &str| sandbox.xcargo().args(["doctor", "--explain", what]).run().ok();
    for symptom in symptoms() {
        let asked = symptom.codes.first().or(symptom.messages.first()).expect("a name");
        let run = explain(&asked.to_lowercase());
        let text = run.out().split_whitespace().collect::<Vec<_>>().join(" ");
        let page = symptom.page;
        for part in [page.means, page.cause, page.proof, page.remedy] {
            let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(&part), "{part}\n{}", run.show());
        }
        for code in symptom.findings {
            assert!(text.contains(code), "{code}\n{}", run.show());
        }
        assert!(run.out().lines().all(|line| line.chars().count() <= 140), "{}", run.show());
    }
    for check in CHECKS {
        assert!(explain(check.code).out().starts_with(check.code), "{}", check.code);
    }
}

#[test]
fn the_overview_names_all_and_what_is_unknown_is_hinted_at() {
    let sandbox = Sandbox::new();
    let overview = sandbox.xcargo().args(["doctor", "--explain"]).run().ok().out();
    for name in CHECKS.iter().map(|check| check.code).chain(symptoms().flat_map(|it| it.codes).copied()) {
        assert!(overview.contains(name), "{name} in\n{overview}");
    }
    for (asked, help) in
        [("E0466", "did you mean `E04"), ("gost-source", "`ghost-source`"), ("x\u{1b}y", "--explain` lists")]
    {
        let run = sandbox.xcargo().args(["doctor", "--explain", asked]).run().code(USAGE);
        assert!(
            run.stdout.is_empty() && run.err().starts_with("error[usage]: there is no page"),
            "{}",
            run.show()
        );
        assert!(run.err().contains(help) && !run.err().contains('\u{1b}'), "{}", run.show());
    }
    for args in
        [&["--explain", "E0514", "--fix"][..], &["--explain", "E0514", "--json"], &["more"], &["--quick=1"]]
    {
        let run = sandbox.xcargo().arg("doctor").args(args).run().code(USAGE);
        assert!(run.err().starts_with("error[usage]: "), "{}", run.show());
    }
}
