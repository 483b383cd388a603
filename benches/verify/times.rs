//! The figures of one contestant, and how they are shown beside another's of the same rounds.

use std::fmt;
use std::time::Duration;

pub(crate) struct Times {
    name: &'static str,
    /// Seconds, in the order of the rounds.
    each: Vec<f64>,
}

impl Times {
    pub(crate) fn of(name: &'static str) -> Self {
        Self { name, each: Vec::new() }
    }

    pub(crate) fn push(&mut self, time: Duration) {
        self.each.push(time.as_secs_f64());
    }

    pub(crate) fn median(&self) -> f64 {
        sorted(self.each.clone())[self.each.len() / 2]
    }

    /// The median of the differences round by round, in seconds.
    pub(crate) fn more_than(&self, other: &Self) -> f64 {
        let differences = self.each.iter().zip(&other.each).map(|(ours, theirs)| ours - theirs);
        sorted(differences.collect())[self.each.len() / 2]
    }

    /// Differences and ratios round by round.
    pub(crate) fn against(&self, other: &Self) -> String {
        let pairs = || self.each.iter().zip(&other.each);
        let differences = sorted(pairs().map(|(ours, theirs)| (ours - theirs) * 1e3).collect());
        let ratios = sorted(pairs().map(|(ours, theirs)| ours / theirs).collect());
        let middle = self.each.len() / 2;
        let last = self.each.len() - 1;
        format!(
            "{} beside {}: {:+.2} ms (from {:+.2} to {:+.2}), {:.3} times (from {:.3} to {:.3}); by the minima {:+.2} ms",
            self.name,
            other.name,
            differences[middle],
            differences[0],
            differences[last],
            ratios[middle],
            ratios[0],
            ratios[last],
            (sorted(self.each.clone())[0] - sorted(other.each.clone())[0]) * 1e3,
        )
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = sorted(self.each.clone());
        let [min, median, max] = [0, each.len() / 2, each.len() - 1].map(|at| each[at] * 1e3);
        write!(f, "{:36} min {min:8.1} ms   median {median:8.1} ms   max {max:8.1} ms", self.name)
    }
}

fn sorted(mut all: Vec<f64>) -> Vec<f64> {
    all.sort_by(f64::total_cmp);
    all
}
