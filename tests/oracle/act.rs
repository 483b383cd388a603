//! How a step is carried out.

use std::collections::BTreeSet;
use std::path::PathBuf;

use fastrand::Rng;
use filetime::FileTime;
use fs_err as fs;

use super::damage::{damage, files};
use super::flags::Flags;
use super::player::Player;
use super::plug;
use super::site::{Time, give, mtime};
use super::spec::Spec;
use super::step::Step;
use super::support::cmd::Run;

impl Player<'_> {
    /// Carries a step out, and says what cannot be seen from the step itself.
    pub(super) fn act(&mut self, step: Step, rng: &mut Rng) -> String {
        match step {
            Step::Edit(time) => self.edit(time, rng),
            Step::AddOrRemove(time) => {
                self.spec.add_or_remove(rng);
                self.write(time, rng)
            }
            Step::Touch { time, all } => self.touch(time, all, rng),
            Step::Swap => self.swap(rng),
            Step::CheckOut(time) => {
                self.earlier(rng);
                self.write(time, rng)
            }
            Step::Stash { build } => {
                let now = self.spec.clone();
                self.earlier(rng);
                let there = self.write(Time::Now, rng);
                let built = build.then(|| self.plain("build", self.flags));
                self.spec = now;
                format!("{there}; back {}; {}", self.write(Time::Now, rng), end(built))
            }
            Step::BehindBack => {
                let (now, times) = (self.spec.clone(), self.site.times());
                let there = self.edit(Time::Now, rng);
                let built = self.plain("build", self.flags);
                self.spec = now;
                self.write(Time::Now, rng);
                self.site.put_back(&times);
                format!("{there}; {}", end(Some(built)))
            }
            Step::Flags => {
                self.flags.turn(rng);
                format!("{:?}", self.flags)
            }
            Step::Plain { turn, command } => {
                let (mut flags, mut command) = (self.flags, command);
                if self.lurks {
                    command = "build";
                } else if turn {
                    flags.turn(rng);
                }
                let built = self.plain(command, flags);
                format!("{command} {flags:?}: {}", end(Some(built)))
            }
            Step::Check => String::new(),
            Step::Damage(harm) => {
                let unseen = self.unseen.iter().flat_map(|(_, files)| files).cloned().collect();
                let said = damage(&self.site.target(), harm, &unseen, rng);
                self.lurks |= said.contains("incremental");
                said
            }
            Step::Kill { all, after_ms } => {
                let said = self.edit(Time::Now, rng);
                plug::kill(self.command("build"), all, after_ms);
                said
            }
            Step::CheckOutAgain { copied } => {
                self.site.check_out_again(copied);
                String::new()
            }
            Step::ClockAhead => {
                let target = self.site.target();
                for path in files(&target).into_keys().filter(|path| !path.starts_with(".xcargo")) {
                    let path = target.join(path);
                    let time = mtime(&path);
                    let later = FileTime::from_unix_time(time.unix_seconds() + 3600, time.nanoseconds());
                    filetime::set_file_mtime(path, later).unwrap();
                }
                String::new()
            }
        }
    }

    fn edit(&mut self, time: Time, rng: &mut Rng) -> String {
        for _ in 0..rng.usize(1..3) {
            self.spec.edit(rng);
        }
        self.write(time, rng)
    }

    /// Makes the disk what the model is, and says which files that took.
    fn write(&mut self, time: Time, rng: &mut Rng) -> String {
        let former = self.site.files().clone();
        self.site.write(&self.spec, time, rng);
        let now = self.site.files();
        let all: BTreeSet<&PathBuf> = former.keys().chain(now.keys()).collect();
        let changed = all.into_iter().filter(|path| former.get(*path) != now.get(*path));
        changed.map(|path| path.display().to_string()).collect::<Vec<_>>().join(" ")
    }

    /// A former state becomes the present one; where all were the same, a new one. Its numbers go on: no other content has them.
    fn earlier(&mut self, rng: &mut Rng) {
        let numbers = self.spec.numbers;
        let others: Vec<&Spec> = self.past.iter().filter(|spec| spec.files() != *self.site.files()).collect();
        if others.is_empty() {
            return self.spec.edit(rng);
        }
        self.spec = others[rng.usize(..others.len())].clone();
        self.spec.numbers = numbers;
    }

    fn touch(&mut self, time: Time, all: bool, rng: &mut Rng) -> String {
        let mut paths: Vec<PathBuf> = self.site.files().keys().cloned().collect();
        if !all {
            paths = vec![paths.swap_remove(rng.usize(..paths.len()))];
        }
        for path in &paths {
            let path = self.site.root().join(path);
            filetime::set_file_mtime(&path, FileTime::now()).unwrap();
            give(&path, time, None, rng);
        }
        if all { "everything".to_owned() } else { paths[0].display().to_string() }
    }

    fn swap(&mut self, rng: &mut Rng) -> String {
        let Some(two) = self.spec.swap(rng) else { return "no two modules".to_owned() };
        let [one, two] = two.map(|(at, module)| {
            PathBuf::from(&self.spec.members[at].name).join("src").join(format!("{module}.rs"))
        });
        let aside = self.site.root().join("aside");
        for (from, to) in [(&one, &PathBuf::from("aside")), (&two, &one), (&PathBuf::from("aside"), &two)] {
            fs::rename(self.site.root().join(from), self.site.root().join(to)).unwrap();
        }
        assert!(!aside.exists());
        // Nothing is left to write but in the books.
        self.site.learn(&self.spec);
        format!("{} {}", one.display(), two.display())
    }

    /// Plain cargo, whatever comes of it: the damage may hit it too.
    fn plain(&mut self, command: &str, flags: Flags) -> Run {
        let before = files(&self.site.target());
        let cmd = self.site.command(self.site.sandbox.cargo().args([command, "-q"]));
        let run = flags.put(cmd, self.site.sandbox).run();
        let after = files(&self.site.target());
        let new = after.into_iter().filter(|(path, seen)| before.get(path) != Some(seen));
        self.unseen.push(((flags, command == "check"), new.map(|(path, _)| path).collect()));
        run
    }
}

/// How a command of plain cargo's ended.
fn end(run: Option<Run>) -> String {
    run.map_or("not built".to_owned(), |run| format!("plain cargo: {}", run.status))
}
