//! The treemap: one rectangle for each item, as large as its share; it zooms by mouse and by keyboard.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::browser::Browser;
use crate::ground::{Ground, bytes, items};

/// Index and area of each rectangle.
const AREAS: &str = "[...document.querySelectorAll('#map .leaf')].map((it) => \
     [Number(it.dataset.item), it.width.baseVal.value * it.height.baseVal.value])";

/// The path of the zoom.
const CRUMBS: &str = "[...document.querySelectorAll('#crumbs li')].map((it) => it.textContent)";

fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

/// Asserts that there is a rectangle for each of these items and no other, and that their areas are their shares.
fn is_proportional(browser: &mut Browser, report: &Value, expect: &BTreeSet<u64>) {
    let box_ =
        browser.value("(() => { const it = map.getBoundingClientRect(); return it.width * it.height; })()");
    let whole: u64 = expect.iter().map(|at| bytes(&items(report)[*at as usize])).sum();
    let areas = browser.value(AREAS);
    let mut seen = BTreeSet::new();
    let mut sum = 0.0;
    for pair in areas.as_array().unwrap() {
        let (at, area) = (pair[0].as_u64().unwrap(), pair[1].as_f64().unwrap());
        assert!(seen.insert(at), "item {at} has two rectangles");
        let wanted = bytes(&items(report)[at as usize]) as f64 / whole as f64 * box_.as_f64().unwrap();
        assert!((area - wanted).abs() <= wanted * 0.001 + 0.01, "item {at}: {area} for {wanted}");
        sum += area;
    }
    assert_eq!(seen, *expect);
    assert!((sum / box_.as_f64().unwrap() - 1.0).abs() < 0.001);
}

/// The items for which this holds, and that have an area.
fn which(report: &Value, is: impl Fn(&Value) -> bool) -> BTreeSet<u64> {
    let all = items(report).iter().enumerate();
    all.filter(|(_, item)| bytes(item) > 0 && is(item)).map(|(at, _)| at as u64).collect()
}

#[test]
fn each_item_has_a_rectangle_as_large_as_its_share() {
    let ground = Ground::new("p");
    let report = ground.report();
    let page = ground.page();
    for (width, height) in [(1280, 900), (600, 900)] {
        let mut browser = Browser::start(width, height, "light");
        browser.open(&page);
        is_proportional(&mut browser, &report, &which(&report, |_| true));
        let wide = browser.value("document.documentElement.scrollWidth");
        assert!(wide.as_u64().unwrap() <= u64::from(width), "the page is {wide} wide in a window of {width}");
        browser.was_quiet();
    }
}

#[test]
fn a_click_zooms_in_and_the_path_leads_back() {
    let ground = Ground::new("p");
    let report = ground.report();
    let mut browser = Browser::start(1280, 900, "dark");
    browser.open(&ground.page());
    let compiler = report["toolchains"][0]["name"].as_str().unwrap().to_owned();
    let node = |name: &str| {
        format!("[...document.querySelectorAll('#map .node')].find((it) => it.node.name === {name:?})")
    };
    assert_eq!(texts(&browser.value(CRUMBS)), ["everything"]);
    browser.click(&node(&compiler));
    assert_eq!(texts(&browser.value(CRUMBS)), ["everything", &compiler]);
    let own = |item: &Value| item["toolchains"].get(0).is_some_and(|it| *it == *compiler);
    is_proportional(&mut browser, &report, &which(&report, own));
    browser.click(&node("release"));
    assert_eq!(texts(&browser.value(CRUMBS)), ["everything", &compiler, "release"]);
    let release = |item: &Value| own(item) && item["profile"] == "release";
    is_proportional(&mut browser, &report, &which(&report, release));
    let shown = browser.value("[...document.querySelectorAll('#rows tr')].filter((it) => !it.hidden).length");
    let expect = items(&report).iter().filter(|item| release(item)).count();
    assert_eq!(shown.as_u64().unwrap() as usize, expect, "the table shows what the map shows");
    browser.click("document.querySelector('#crumbs button')");
    assert_eq!(texts(&browser.value(CRUMBS)), ["everything"]);
    is_proportional(&mut browser, &report, &which(&report, |_| true));
    browser.was_quiet();
}

/// Who has no mouse must get everywhere, too.
#[test]
fn the_keyboard_reaches_every_level_and_a_row() {
    let ground = Ground::new("p");
    let mut browser = Browser::start(1280, 900, "light");
    browser.open(&ground.page());
    let focus = "document.activeElement.getAttribute('aria-label')";
    browser.press("Tab");
    let first = browser.value(focus);
    assert!(first.as_str().unwrap().ends_with(": zoom in"), "{first}");
    assert_eq!(browser.value("tip.hidden"), false, "what has the focus is described");
    browser.press("ArrowRight");
    assert_ne!(browser.value(focus), first);
    browser.evaluate("document.querySelector('#map .node').focus()");
    for level in 2..=4 {
        browser.press("Enter");
        let crumbs = texts(&browser.value(CRUMBS));
        assert!(crumbs.len() >= level, "{crumbs:?}");
        let focused = browser.value(focus);
        if focused.as_str().unwrap().ends_with(": show its row") {
            break;
        }
    }
    let depth = texts(&browser.value(CRUMBS)).len();
    browser.press("Enter");
    assert_eq!(browser.value("document.querySelectorAll('tr.marked:not([hidden])').length"), 1);
    browser.press("Escape");
    assert!(texts(&browser.value(CRUMBS)).len() < depth);
    for _ in 0..4 {
        browser.press("Escape");
    }
    assert_eq!(texts(&browser.value(CRUMBS)), ["everything"]);
    assert_eq!(browser.value(focus), first, "the focus is where one came from");
    browser.was_quiet();
}

#[test]
fn what_is_pointed_at_is_described() {
    let ground = Ground::new("p");
    let report = ground.report();
    let mut browser = Browser::start(1280, 900, "light");
    browser.open(&ground.page());
    browser.click("document.querySelector('#legend button')");
    browser.click("document.querySelector('#map .leaf')");
    let path = items(&report)[0]["path"].as_str().unwrap();
    browser.evaluate(
        "document.querySelector('#map .leaf[data-item=\"0\"]').dispatchEvent(\
        new MouseEvent('mousemove', { bubbles: true, clientX: 1200, clientY: 880 }))",
    );
    let tip = browser.value("tip.textContent");
    assert!(tip.as_str().unwrap().contains(path), "{tip}");
    let inside = browser.value(
        "(() => { const it = tip.getBoundingClientRect(); \
        return it.left >= 0 && it.top >= 0 && it.right <= innerWidth && it.bottom <= innerHeight; })()",
    );
    assert_eq!(inside, true);
    browser.was_quiet();
}
