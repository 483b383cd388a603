//! Texts that nobody wrote on purpose: a policy comes with a clone, so no text may bring xcargo down.

use std::path::Path;

use semver::Version;

use super::everything;
use crate::diagnostic::SourceText;
use crate::policy::show::show;
use crate::policy::template::TEMPLATE;
use crate::policy::{gate, merge, raw, read};

/// Everything that happens to a text, but reading it from disk; the number of mistakes.
fn judge(text: &str) -> usize {
    let source = SourceText { path: "doctor.toml".into(), text: text.into() };
    let entries = match raw::parse(&source) {
        Ok(entries) => entries,
        Err(mistake) => return usize::from(!mistake.render(false).is_empty()),
    };
    gate::judge(&source, &entries, &Version::new(0, 1, 0));
    let (layer, mistakes) = read::read(&source, &entries, Some(Path::new("/home/ada")));
    for mistake in &mistakes {
        assert!(mistake.labels.iter().all(|label| text.get(label.span.clone()).is_some()), "{mistake:?}");
        assert!(!mistake.render(false).is_empty());
    }
    let (again, loosened) = merge::over(layer.clone(), layer);
    assert!(loosened.is_empty(), "a policy is looser than itself: {loosened:?}");
    assert!(!show(&again.into_policy()).is_empty());
    mistakes.len()
}

#[test]
fn every_prefix_is_valid_or_explained() {
    for text in [TEMPLATE.to_owned(), everything()] {
        assert_eq!(judge(&text), 0);
        let explained =
            (0..text.len()).filter_map(|end| text.get(..end)).filter(|text| judge(text) > 0).count();
        assert!(explained > 100, "only {explained} prefixes were found wrong");
    }
}

#[test]
fn every_mutation_is_valid_or_explained() {
    let text = everything();
    let mut random = Xorshift(0x9e37_79b9_7f4a_7c15);
    let mut explained = 0;
    for _ in 0..2_000 {
        let mut bytes = text.clone().into_bytes();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => drop(bytes.remove(at)),
                1 => bytes.insert(at, random.byte()),
                2 => bytes[at] = b"[]{}'\"=#,.\\\n"[random.below(12)],
                _ => bytes[at] = random.byte(),
            }
        }
        explained += usize::from(judge(&String::from_utf8_lossy(&bytes)) > 0);
    }
    assert!(explained > 500, "only {explained} mutations were found wrong");
}

/// What is small to write and large to work on.
#[test]
fn bombs_do_not_go_off() {
    let many = 100_000;
    for text in [
        format!("{}a = 1", "a.".repeat(many)),
        format!("[{}a]", "a.".repeat(many)),
        format!("a = {}", "[".repeat(many)),
        format!("a = {}", "{a=".repeat(many)),
        format!("{} = 1", "a".repeat(many)),
        format!("[pins]\nignore = [{{ path = '{}', reason = 'x' }}]", "{".repeat(many)),
        format!("[pins]\nextra = [{{ path = 'x', role = 'dev', pattern = '{}' }}]", "(".repeat(many)),
        "[pins]\nextra = [{ path = 'x', role = 'dev', pattern = '((a{1000}){1000}){1000}' }]".to_owned(),
        format!("[toolchain]\nchannel = '{} '", "x".repeat(many)),
    ] {
        assert!(judge(&text) > 0, "{}…", &text[..40]);
    }
}

/// Marsaglia's generator: the same numbers on every machine.
struct Xorshift(u64);

impl Xorshift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.next() % 256).unwrap()
    }
}
