//! The table: every item has its row; it sorts and filters, and is there without scripts.

use serde_json::Value;

use crate::browser::Browser;
use crate::ground::{Ground, bytes, items};

/// The texts of one column of the rows that can be seen.
fn column(browser: &mut Browser, at: usize) -> Vec<String> {
    let cells = browser.evaluate(&format!(
        "[...document.querySelectorAll('#rows tr')].filter((it) => !it.hidden).map((it) => it.cells[{at}].textContent)"
    ));
    cells.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

fn names(report: &Value) -> Vec<&str> {
    items(report).iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[test]
fn every_item_has_its_row_with_and_without_scripts() {
    let ground = Ground::new("p");
    let report = ground.report();
    let page = ground.page();
    let mut browser = Browser::start(1280, 900, "light");
    browser.open(&page);
    let rows = column(&mut browser, 2);
    assert_eq!(rows.len(), items(&report).len());
    for (row, name) in rows.iter().zip(names(&report)) {
        assert!(row.starts_with(name), "{row} is not {name}");
    }
    browser.was_quiet();

    let mut browser = Browser::start(1280, 900, "light");
    browser.open_without_scripts(&page);
    assert_eq!(column(&mut browser, 2), rows);
    let seen = |what: &str| format!("getComputedStyle(document.querySelector({what:?})).display !== 'none'");
    assert_eq!(browser.evaluate(&seen("table")), true);
    assert_eq!(browser.evaluate(&seen("#view")), false, "a map that cannot be drawn leaves no hole");
    assert_eq!(browser.evaluate(&seen("noscript")), true);
}

#[test]
fn a_click_on_a_head_sorts_and_another_turns_it_round() {
    let ground = Ground::new("p");
    let report = ground.report();
    let mut browser = Browser::start(1280, 900, "light");
    browser.open(&ground.page());
    let head = |key: &str| format!("document.querySelector('th[data-key={key}] button')");
    browser.click(&head("files"));
    let files = |browser: &mut Browser| -> Vec<u64> {
        column(browser, 6).iter().map(|cell| cell.replace(',', "").parse().unwrap()).collect()
    };
    let down = files(&mut browser);
    assert!(down.is_sorted_by(|a, b| a >= b) && down[0] > 1, "{down:?}");
    browser.click(&head("files"));
    assert!(files(&mut browser).is_sorted());
    assert_eq!(browser.value("document.querySelectorAll('th[aria-sort]').length"), 1);
    browser.click(&head("name"));
    let sorted = column(&mut browser, 2);
    assert_eq!(sorted.len(), items(&report).len());
    let first = |name: &String| {
        name.chars().next().map(|it| it.to_ascii_lowercase()).filter(char::is_ascii_alphabetic)
    };
    let letters: Vec<char> = sorted.iter().filter_map(first).collect();
    assert!(
        letters.len() > 10 && letters[0] < letters[letters.len() - 1] && letters.is_sorted(),
        "{sorted:?}"
    );
    browser.was_quiet();
}

#[test]
fn typed_words_and_chosen_kinds_narrow_it_down() {
    let ground = Ground::new("p");
    let report = ground.report();
    let mut browser = Browser::start(1280, 900, "light");
    browser.open(&ground.page());
    browser.evaluate("document.getElementById('filter').focus()");
    browser.type_in("LIB-ONE release");
    let is = |item: &&Value| item["package"] == "lib-one" && item["profile"] == "release";
    let expect = items(&report).iter().filter(is).count();
    assert!(expect > 0);
    assert_eq!(column(&mut browser, 0).len(), expect);
    let count = browser.value("document.getElementById('count').textContent");
    assert!(
        count.as_str().unwrap().starts_with(&format!("{expect} of {} · ", items(&report).len())),
        "{count}"
    );

    browser.evaluate("{ const it = document.getElementById('filter'); it.value = ''; it.dispatchEvent(new Event('input')); }");
    let button = "[...document.querySelectorAll('#legend button')].find((it) => it.textContent.startsWith('build scripts'))";
    browser.click(button);
    let of_kind: Vec<&Value> = items(&report).iter().filter(|item| item["kind"] == "build-script").collect();
    assert_eq!(column(&mut browser, 0).len(), of_kind.len());
    let others =
        items(&report).iter().filter(|item| item["kind"] != "build-script" && bytes(item) > 0).count();
    assert_eq!(browser.value("document.querySelectorAll('#map .leaf.off').length"), others);
    browser.click(button);
    assert_eq!(column(&mut browser, 0).len(), items(&report).len());
    browser.was_quiet();
}
