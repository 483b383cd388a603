//! What a file's `stat` says, kept so that it can be compared later: by this it is told whether a file must be read again.

use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::disk;

/// Changes within so many seconds before a record was written may have happened after its files were read, on file systems
/// whose clock ticks as slowly as this.
const COARSE: i64 = 2;

/// As long as a tick of a clock that counts parts of a second may be, in nanoseconds.
const TICK: i64 = 20_000_000;

/// A moment, in nanoseconds since 1970. Moments further away than 292 years are taken for the last that can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Time(pub i64);

const SECOND: i64 = 1_000_000_000;

impl Time {
    /// By the clock of this machine.
    #[must_use]
    pub fn now() -> Self {
        Self::of(SystemTime::now())
    }

    /// The moment of a system time.
    #[must_use]
    pub fn of(time: SystemTime) -> Self {
        match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => Self(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)),
            Err(before) => Self(i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos)),
        }
    }

    /// As a system time.
    #[must_use]
    pub fn system(self) -> SystemTime {
        let distance = Duration::from_nanos(self.0.unsigned_abs());
        if self.0 < 0 { SystemTime::UNIX_EPOCH - distance } else { SystemTime::UNIX_EPOCH + distance }
    }

    /// So many whole seconds later.
    #[must_use]
    pub fn later(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(SECOND)))
    }

    /// Whether it has no part of a second: most likely the file system keeps none.
    #[must_use]
    pub fn is_coarse(self) -> bool {
        self.0 % SECOND == 0
    }

    /// The whole second in which it lies.
    #[must_use]
    pub fn whole(self) -> Self {
        Self(self.0.saturating_sub(self.0.rem_euclid(SECOND)))
    }

    /// The time at the start of such a text.
    #[must_use]
    pub fn as_cargo_wrote(text: &str) -> Option<Self> {
        let (seconds, rest) = text.split_once('.')?;
        let (nanoseconds, _) = rest.split_once('s')?;
        let [seconds, nanoseconds] = [seconds, nanoseconds].map(str::parse::<i64>);
        Some(Self(seconds.ok()?.checked_mul(SECOND)?.checked_add(nanoseconds.ok()?)?))
    }

    /// As cargo writes times into fingerprints: seconds, and nanoseconds in nine digits (`FileTime`'s `Display`).
    #[must_use]
    pub fn as_cargo_writes(self) -> String {
        format!("{}.{:09}s", self.0.div_euclid(SECOND), self.0.rem_euclid(SECOND))
    }
}

/// What tells a file from itself at another time. Two that are equal are one file with the same content, unless somebody
/// wrote to the disk behind the file system's back, or within one tick of its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stat {
    /// In bytes.
    pub size: u64,
    /// When its content was last changed, or what somebody said of that: anybody may set it.
    pub modified: Time,
    /// When its content, its times or its names were last changed. No ordinary tool can set it. Where the system has no such
    /// time ([`HAS_CHANGED`]), the modification time.
    pub changed: Time,
    /// Its number on the device; 0 where the system has none.
    pub inode: u64,
    /// The device; 0 likewise.
    pub device: u64,
}

/// Whether the system tells when a file was changed, whatever its modification time says.
pub const HAS_CHANGED: bool = cfg!(unix);

impl Stat {
    /// From what the system said.
    #[must_use]
    pub fn of(meta: &Metadata) -> Self {
        let modified = meta.modified().map(Time::of).unwrap_or_default();
        let (changed, inode, device) = system(meta).unwrap_or((modified, 0, 0));
        Self { size: meta.len(), modified, changed, inode, device }
    }

    /// A moment as the system says it.
    #[cfg(unix)]
    pub(super) fn time(seconds: i64, nanoseconds: i64) -> Time {
        let nanos = seconds.checked_mul(SECOND).and_then(|nanos| nanos.checked_add(nanoseconds));
        Time(nanos.unwrap_or(if seconds < 0 { i64::MIN } else { i64::MAX }))
    }

    /// Of the file or directory at this path, links followed, as cargo and rustc follow them; a link that was led elsewhere since
    /// then is a change. `None`: nothing is there.
    ///
    /// # Errors
    /// What the system says.
    pub fn at(path: &Path) -> io::Result<Option<Self>> {
        let found = path.symlink_metadata().and_then(|meta| {
            if !meta.is_symlink() {
                return Ok(Self::of(&meta));
            }
            let (link, file) = (Self::of(&meta), Self::of(&std::fs::metadata(path)?));
            Ok(Self { changed: file.changed.max(link.changed), ..file })
        });
        match found {
            Ok(stat) => Ok(Some(stat)),
            Err(error) if disk::is_gone(&error) || error.kind() == io::ErrorKind::NotADirectory => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Of what is at this path, no link followed. `None`: nothing is there, or it cannot be told.
    #[must_use]
    pub fn of_file(path: &Path) -> Option<Self> {
        path.symlink_metadata().ok().map(|meta| Self::of(&meta))
    }

    /// Whether the file was changed so shortly before somebody looked at it that its time would not tell a later change (what
    /// git calls "racy").
    #[must_use]
    pub fn is_racy(&self, looked: Time) -> bool {
        let slack = if self.changed.is_coarse() { Time(0).later(COARSE).0 } else { TICK };
        self.changed.0.saturating_add(slack) >= looked.0
    }

    /// Makes it one that no file has, so that the file is read again.
    pub fn doubt(&mut self) {
        self.changed = Time(i64::MIN);
    }
}

#[cfg(unix)]
fn system(meta: &Metadata) -> Option<(Time, u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((Stat::time(meta.ctime(), meta.ctime_nsec()), meta.ino(), meta.dev()))
}

#[cfg(not(unix))]
fn system(_: &Metadata) -> Option<(Time, u64, u64)> {
    None
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{Stat, Time};

    #[test]
    fn times_are_written_as_cargo_writes_them_and_come_back() {
        for (nanos, text) in
            [(0, "0.000000000s"), (1_700_000_000_000_000_001, "1700000000.000000001s"), (-1, "-1.999999999s")]
        {
            assert_eq!(Time(nanos).as_cargo_writes(), text);
            assert_eq!(Time::of(Time(nanos).system()), Time(nanos));
            assert_eq!(Time::as_cargo_wrote(&format!("{text} (src/lib.rs)")), Some(Time(nanos)));
        }
        for text in ["", "s", "1s", "1.x", "1.0", "99999999999999999999.0s", "9999999999999.0s (x)"] {
            assert_eq!(Time::as_cargo_wrote(text), None, "{text}");
        }
        assert_eq!(
            (Time(1_999_999_999).whole(), Time(-1).whole()),
            (Time(1_000_000_000), Time(-1_000_000_000))
        );
        let far = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40);
        assert_eq!(Time::of(far), Time(i64::MAX));
        assert!(Time(2_000_000_000).is_coarse() && !Time(2_000_000_001).is_coarse());
    }

    #[test]
    fn a_file_that_is_written_anew_with_its_old_time_has_another_stat() {
        let temp = tempfile::tempdir().expect("temp dir");
        let path = temp.path().join("file");
        std::fs::write(&path, "one").expect("file");
        let before = Stat::at(&path).expect("stat").expect("there");
        assert_eq!(Stat::at(&path).expect("stat"), Some(before));
        std::thread::sleep(Duration::from_millis(20));
        std::fs::write(&path, "two").expect("file");
        let file = std::fs::File::options().write(true).open(&path).expect("file");
        file.set_modified(before.modified.system()).expect("time");
        let after = Stat::at(&path).expect("stat").expect("there");
        assert_eq!((after.size, after.modified), (before.size, before.modified));
        assert_eq!(after != before, super::HAS_CHANGED);
        assert_eq!(Stat::at(&temp.path().join("none")).expect("stat"), None);
    }
}
