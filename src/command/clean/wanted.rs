//! From the command line to what is wanted, in the plan's terms.

use std::ffi::OsString;

use super::Clean;
use super::look::{Depth, Look};
use crate::diagnostic::Failure;
use crate::exit::Code;
use crate::plan::built;
use crate::plan::clean::{Asked, Chosen, Known, Local, Owners, Spec, Wanted, What, Where, spec};
use crate::plan::words;
use crate::workspace::{Workspace, lock_file};

impl Clean<'_> {
    /// The directory of the profile that was named; `None`: none was.
    pub(super) fn profile(&self) -> Option<OsString> {
        let named = self.asked.profile.as_deref().or_else(|| self.asked.release.then_some("release"));
        named.map(|name| built::directory_of(name).into())
    }

    /// Whether the whole of both dirs goes: what policy may want to be asked about.
    pub(super) fn takes_everything(&self) -> bool {
        self.is_whole() && self.profile().is_none() && self.asked.target.is_empty()
    }

    /// How much has to be looked at.
    pub(super) fn depth(&self, owners: &Owners) -> Depth {
        let by_name = self.asked.doc || self.asked.manual.is_some() || (self.is_whole() && owners.is_alone());
        if by_name { Depth::Names } else { Depth::Units }
    }

    /// No criterion, no package: whole directories.
    fn is_whole(&self) -> bool {
        let asked = &self.asked;
        !asked.has_criteria() && !asked.doc && asked.package.is_empty() && !asked.workspace
    }

    /// What is wanted of what was seen.
    ///
    /// # Errors
    /// A spec, an age, a size or a name means nothing, or what it is judged by cannot be read.
    pub(super) fn wanted(&self, workspace: &Workspace, look: &Look) -> Result<Wanted, Failure> {
        let asked = &self.asked;
        let packages = match asked.package.is_empty() && !asked.workspace {
            true => None,
            false => Some(self.packages(workspace, look)?),
        };
        let what = if asked.has_criteria() {
            What::Matching(Box::new(self.criteria(workspace, look)?))
        } else if asked.doc {
            What::Doc
        } else if packages.is_some() {
            What::Packages
        } else {
            What::All
        };
        let place = Where { profile: self.profile(), triples: self.triples()?, packages };
        Ok(Wanted { place, what, by: Asked::ByPerson })
    }

    fn triples(&self) -> Result<Vec<String>, Failure> {
        let directory = |target: &String| {
            built::directory_of_triple(target).ok_or_else(|| {
                Failure::new(Code::Usage, format!("`--target {target}` does not name a triple"))
                    .help("name the triple itself, as the directory in the target dir is called")
            })
        };
        self.asked.target.iter().map(directory).collect()
    }

    fn packages(&self, workspace: &Workspace, look: &Look) -> Result<Chosen, Failure> {
        let specs = self.asked.package.iter().map(|text| Spec::parse(text)).collect::<Result<_, _>>();
        let specs: Vec<Spec> = specs.map_err(|error: spec::SpecError| {
            Failure::new(Code::Usage, error.to_string()).help("`cargo help pkgid` says what a spec is")
        })?;
        let lock = fs_err::read(&workspace.lock_file).ok();
        let locked = lock.as_deref().and_then(lock_file::locked).unwrap_or_default();
        let local = |is_member| {
            move |package: crate::workspace::Member| Local { name: package.name, dir: package.dir, is_member }
        };
        let members = workspace.members().map_err(crate::workspace::WorkspaceError::into_failure)?;
        let others = workspace.path_dependencies().map_err(crate::workspace::WorkspaceError::into_failure)?;
        let known = Known {
            locked: locked.into_iter().collect(),
            local: members.into_iter().map(local(true)).chain(others.into_iter().map(local(false))).collect(),
        };
        spec::choose(specs, self.asked.workspace, known, &look.cache)
            .map_err(|error| words::no_such_package(&error).into())
    }
}
