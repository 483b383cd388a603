//! Times as the renderings write them.

use jiff::Timestamp;

/// `2026-05-19 14:03`, in UTC: a report is read elsewhere, too.
pub(super) fn minute(seconds: i64) -> String {
    let time = Timestamp::from_second(seconds);
    time.map(|time| time.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

/// `2026-05-19T14:03:07Z`.
pub(super) fn exact(seconds: i64) -> Option<String> {
    Timestamp::from_second(seconds).ok().map(|time| time.to_string())
}
