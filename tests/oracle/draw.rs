//! A first workspace from a seed, and changes of its sources.

use fastrand::Rng;

use super::spec::{Kind, Member, Script, Spec};

/// Policies, of which the first is what a file with `[policy]` alone means.
const POLICIES: [&str; 6] =
    ["", "", "", "", "[cache]\nrestore = \"mtimes\"\n", "[cache]\nrestore = \"off\"\n"];

/// A workspace of two to five members.
pub(super) fn first(rng: &mut Rng) -> Spec {
    let mut spec = Spec {
        members: Vec::new(),
        incremental: rng.bool(),
        policy: POLICIES[rng.usize(..POLICIES.len())],
        numbers: 999,
    };
    let last = rng.usize(1..5);
    for at in 0..=last {
        let kind = match at {
            _ if at == last => Kind::Program,
            _ if rng.usize(..5) == 0 => Kind::Macro,
            _ => Kind::Lib,
        };
        // Mostly a chain, where a ghost reaches far. A macro's own dependencies make a second build of them, for the host.
        let deps = match kind {
            Kind::Macro => (0..at).filter(|_| rng.usize(..4) == 0).collect(),
            _ => (0..at).filter(|dep| dep + 1 == at || rng.usize(..3) == 0).collect::<Vec<_>>(),
        };
        let deps = deps.into_iter().filter(|dep| kind != Kind::Macro || spec.members[*dep].kind == Kind::Lib);
        let deps = deps.collect();
        let mut member = Member {
            name: format!("m{at}"),
            kind,
            deps,
            api: 0,
            value: spec.number(),
            modules: Default::default(),
            text: (rng.usize(..3) == 0).then(|| spec.number()),
            code: (rng.usize(..3) == 0).then(|| spec.number()),
            script: None,
            has_feature: kind == Kind::Program || (kind == Kind::Lib && rng.bool()),
        };
        if kind != Kind::Program && rng.usize(..3) == 0 {
            let says_rerun = rng.bool();
            member.script = Some(Script { says_rerun, value: spec.number(), input: spec.number() });
        }
        for module in 0..rng.usize(..3) {
            member.modules.insert(format!("a{module}"), spec.number());
        }
        spec.members.push(member);
    }
    spec
}

impl Spec {
    fn number(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }

    /// One number is another, or one function's name, with all that call it. The size of the files stays mostly the same, as
    /// it would for those who only compare sizes and times.
    pub(super) fn edit(&mut self, rng: &mut Rng) {
        let number = self.number();
        let at = rng.usize(..self.members.len());
        let member = &mut self.members[at];
        if member.kind != Kind::Program && rng.usize(..8) == 0 {
            member.api += 1;
            return;
        }
        let mut numbers = vec![&mut member.value];
        numbers.extend(member.modules.values_mut());
        numbers.extend(&mut member.text);
        numbers.extend(&mut member.code);
        if let Some(script) = &mut member.script {
            numbers.extend([&mut script.value, &mut script.input]);
        }
        let which = rng.usize(..numbers.len());
        *numbers[which] = number;
    }

    /// A member has a source more, or less.
    pub(super) fn add_or_remove(&mut self, rng: &mut Rng) {
        let number = self.number();
        let at = rng.usize(..self.members.len());
        let member = &mut self.members[at];
        match rng.usize(..4) {
            0 => member.text = if member.text.is_some() { None } else { Some(number) },
            1 => member.code = if member.code.is_some() { None } else { Some(number) },
            _ if member.modules.len() > 1 => drop(member.modules.pop_last()),
            _ => drop(member.modules.insert(format!("b{number}"), number)),
        }
    }

    /// Two modules change places. False where there are no two.
    pub(super) fn swap(&mut self, rng: &mut Rng) -> Option<[(usize, String); 2]> {
        let mut all = Vec::new();
        for (at, member) in self.members.iter().enumerate() {
            all.extend(member.modules.keys().map(|module| (at, module.clone())));
        }
        rng.shuffle(&mut all);
        let [one, two] = [all.pop()?, all.pop()?];
        let [old_one, old_two] = [&one, &two].map(|(at, module)| self.members[*at].modules[module]);
        self.members[one.0].modules.insert(one.1.clone(), old_two);
        self.members[two.0].modules.insert(two.1.clone(), old_one);
        Some([one, two])
    }
}
