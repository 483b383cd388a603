//! Several questions at once, and what the server said.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::{DistError, DistServer, manifest};
use crate::pins::check::Existence;
use crate::toolchain::Channel;

/// What the server said.
#[derive(Debug, Default)]
pub struct Answers {
    known: HashMap<String, Existence>,
    /// Why some were not answered, where they were not.
    pub trouble: Option<DistError>,
}

impl Answers {
    /// What is known of this toolchain.
    #[must_use]
    pub fn of(&self, channel: &Channel) -> Existence {
        let known = manifest(channel).and_then(|manifest| self.known.get(&manifest).copied());
        known.unwrap_or(Existence::Unknown)
    }
}

impl DistServer {
    /// Asks for several, a few at a time, each once; those that are installed need no question. After the first trouble
    /// nothing more is asked, as a server that is down would be waited for again and again.
    #[must_use]
    pub fn ask(&self, channels: &[Channel], is_installed: &dyn Fn(&Channel) -> bool) -> Answers {
        let mut known = HashMap::new();
        let mut questions: HashMap<String, &Channel> = HashMap::new();
        for channel in channels {
            let Some(manifest) = manifest(channel) else { continue };
            if is_installed(channel) {
                known.insert(manifest, Existence::Exists);
            } else {
                questions.insert(manifest, channel);
            }
        }
        questions.retain(|manifest, _| !known.contains_key(manifest));
        let failed = AtomicBool::new(false);
        let one = |(manifest, channel): (String, &Channel)| {
            if failed.load(Ordering::Relaxed) {
                return (manifest, None);
            }
            let answer = self.exists(channel);
            failed.fetch_or(answer.is_err(), Ordering::Relaxed);
            (manifest, Some(answer))
        };
        // They wait for the network and not for a processor.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(questions.len().clamp(1, 8)).build();
        let answers: Vec<_> = match pool {
            Ok(pool) => pool.install(|| questions.into_par_iter().map(one).collect()),
            Err(_) => questions.into_iter().map(one).collect(),
        };
        let mut trouble = None;
        for (manifest, answer) in answers {
            match answer {
                Some(Ok(existence)) => drop(known.insert(manifest, existence)),
                Some(Err(error)) => trouble = trouble.or(Some(error)),
                None => {}
            }
        }
        Answers { known, trouble }
    }
}
