//! Target triples as rustup takes them apart, so that `stable-musl` names the directory that rustup would use.
//!
//! The grammar is that of `PartialTargetTriple` in rustup's `src/dist/triple.rs`: an architecture, an operating
//! system (with its vendor) and an environment, each from a fixed list, each optional.

/// A triple of which each part may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Partial<'a> {
    arch: Option<&'a str>,
    os: Option<&'a str>,
    env: Option<&'a str>,
}

impl<'a> Partial<'a> {
    /// Takes a triple apart; `None` where a part is not one that rustup knows.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let whole = (!text.is_empty()).then_some(text);
        for (arch, rest) in choices(ARCHITECTURES, whole) {
            for (os, rest) in choices(SYSTEMS, rest) {
                for (env, rest) in choices(ENVIRONMENTS, rest) {
                    if rest.is_none() {
                        return Some(Self { arch, os, env });
                    }
                }
            }
        }
        None
    }

    /// Whether it has what a host must have: an architecture and an operating system.
    #[must_use]
    pub const fn is_host(&self) -> bool {
        self.arch.is_some() && self.os.is_some()
    }

    /// The whole triple, with the host's parts where this one has none. An operating system that is written
    /// brings no environment from the host: `stable-unknown-linux` has none.
    #[must_use]
    pub fn resolve(&self, host: &Partial<'_>) -> String {
        let env = if self.os.is_some() { self.env } else { self.env.or(host.env) };
        [self.arch.or(host.arch), self.os.or(host.os), env]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("-")
    }
}

/// The triple that rustup takes for the host where its settings name none.
///
/// Rustup asks `uname` and adds the C library that it was itself built for (`TargetTriple::from_host`), which cannot
/// be asked from here. A musl program runs beside a gnu rustup, though hardly the other way round: so where `own` is
/// musl, or not known, the word of the toolchains on disk counts (`installed`: their triples), if they agree.
/// `None`: it cannot be known.
#[must_use]
pub fn guess_host(own: Option<&str>, installed: &[String]) -> Option<String> {
    let mine = own.and_then(Partial::parse);
    if mine.as_ref().is_some_and(|mine| mine.env != Some("musl")) {
        return own.map(str::to_owned);
    }
    let mut alike = installed.iter().filter(|triple| match (&mine, Partial::parse(triple)) {
        (Some(mine), Some(theirs)) => theirs.arch == mine.arch && theirs.os == mine.os,
        (None, Some(theirs)) => theirs.is_host(),
        (_, None) => false,
    });
    match alike.next() {
        Some(first) if alike.all(|other| other == first) => Some(first.clone()),
        _ => own.map(str::to_owned),
    }
}

/// The triple of the machine that this program was built for, by rustup's table for `uname`; `None` where that
/// table has no row.
#[must_use]
pub const fn own_host() -> Option<&'static str> {
    const fn libc(gnu: &'static str, musl: &'static str) -> Option<&'static str> {
        Some(if cfg!(target_env = "musl") { musl } else { gnu })
    }
    if cfg!(target_os = "linux") {
        if cfg!(target_arch = "x86_64") {
            libc("x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl")
        } else if cfg!(target_arch = "aarch64") {
            libc("aarch64-unknown-linux-gnu", "aarch64-unknown-linux-musl")
        } else if cfg!(target_arch = "loongarch64") {
            libc("loongarch64-unknown-linux-gnu", "loongarch64-unknown-linux-musl")
        } else if cfg!(all(target_arch = "powerpc64", target_endian = "little")) {
            libc("powerpc64le-unknown-linux-gnu", "powerpc64le-unknown-linux-musl")
        } else if cfg!(target_arch = "x86") {
            Some("i686-unknown-linux-gnu")
        } else if cfg!(target_arch = "riscv64") {
            Some("riscv64gc-unknown-linux-gnu")
        } else if cfg!(target_arch = "s390x") {
            Some("s390x-unknown-linux-gnu")
        } else {
            None
        }
    } else if cfg!(target_os = "macos") {
        Some(if cfg!(target_arch = "aarch64") { "aarch64-apple-darwin" } else { "x86_64-apple-darwin" })
    } else if cfg!(windows) {
        // Rustup takes MSVC for every Windows, also where it was itself built with the GNU tools.
        Some(if cfg!(target_arch = "aarch64") {
            "aarch64-pc-windows-msvc"
        } else if cfg!(target_arch = "x86") {
            "i686-pc-windows-msvc"
        } else {
            "x86_64-pc-windows-msvc"
        })
    } else if cfg!(target_os = "freebsd") {
        Some(if cfg!(target_arch = "aarch64") { "aarch64-unknown-freebsd" } else { "x86_64-unknown-freebsd" })
    } else {
        None
    }
}

/// Each way to read a part at the start of `rest` (`None`: nothing is left), and not to read it at all.
fn choices<'a>(
    known: &'static [&'static str],
    rest: Option<&'a str>,
) -> impl Iterator<Item = (Option<&'a str>, Option<&'a str>)> {
    let read = known.iter().filter_map(move |part| {
        let text = rest?;
        let after = text.strip_prefix(part)?;
        let rest = if after.is_empty() { None } else { Some(after.strip_prefix('-')?) };
        Some((Some(&text[..part.len()]), rest))
    });
    read.chain(std::iter::once((None, rest)))
}

#[rustfmt::skip]
const ARCHITECTURES: &[&str] = &[
    "aarch64", "aarch64_be", "aarch64v8r", "amdgcn", "arm", "arm64_32", "arm64e", "arm64ec", "armeb",
    "armebv7r", "armv4t", "armv5te", "armv6", "armv6k", "armv7", "armv7a", "armv7k", "armv7r", "armv7s",
    "armv8r", "avr", "bpfeb", "bpfel", "csky", "hexagon", "i386", "i586", "i686", "loongarch32",
    "loongarch64", "m68k", "mips", "mips64", "mips64el", "mipsel", "mipsisa32r6", "mipsisa32r6el",
    "mipsisa64r6", "mipsisa64r6el", "msp430", "nvptx64", "powerpc", "powerpc64", "powerpc64le", "riscv32",
    "riscv32e", "riscv32em", "riscv32emc", "riscv32gc", "riscv32i", "riscv32im", "riscv32ima",
    "riscv32imac", "riscv32imafc", "riscv32imc", "riscv64", "riscv64a23", "riscv64gc", "riscv64im",
    "riscv64imac", "s390x", "sparc", "sparc64", "sparcv9", "thumbv4t", "thumbv5te", "thumbv6", "thumbv6m",
    "thumbv7a", "thumbv7em", "thumbv7m", "thumbv7neon", "thumbv7r", "thumbv8m.base", "thumbv8m.main",
    "thumbv8r", "wasm32", "wasm32v1", "wasm64", "x86_64", "x86_64h", "xtensa",
];

#[rustfmt::skip]
const SYSTEMS: &[&str] = &[
    "amd-amdhsa", "apple-darwin", "apple-ios", "apple-tvos", "apple-visionos", "apple-watchos",
    "esp-espidf", "esp32-espidf", "esp32-none", "esp32s2-espidf", "esp32s2-none", "esp32s3-espidf",
    "esp32s3-none", "fortanix-unknown", "ibm-aix", "kmc-solid_asp3", "linux", "lynx-lynxos178",
    "mti-none", "nintendo-3ds", "nintendo-switch", "none", "nuttx-eabi", "nuttx-eabihf", "nvidia-cuda",
    "openwrt-linux", "pc-cygwin", "pc-nto", "pc-solaris", "pc-windows", "risc0-zkvm", "rtems-eabihf",
    "sony-psp", "sony-psx", "sony-vita", "sun-solaris", "unikraft-linux", "unknown-dragonfly",
    "unknown-emscripten", "unknown-freebsd", "unknown-fuchsia", "unknown-haiku", "unknown-helenos",
    "unknown-hermit", "unknown-hurd", "unknown-illumos", "unknown-l4re", "unknown-linux",
    "unknown-managarm", "unknown-motor", "unknown-netbsd", "unknown-none", "unknown-nto", "unknown-nuttx",
    "unknown-openbsd", "unknown-qurt", "unknown-redox", "unknown-teeos", "unknown-trusty", "unknown-uefi",
    "unknown-unknown", "unknown-xous", "uwp-windows", "vex-v5", "wali-linux", "wasip1", "wasip1-threads",
    "wasip2", "wasip3", "win7-windows", "wrs-vxworks",
];

#[rustfmt::skip]
const ENVIRONMENTS: &[&str] = &[
    "android", "androideabi", "eabi", "eabihf", "elf", "freestanding", "gnu", "gnu_ilp32", "gnuabi64",
    "gnuabiv2", "gnuabiv2hf", "gnuasan", "gnueabi", "gnueabihf", "gnullvm", "gnuspe", "gnux32", "macabi",
    "mlibc", "msvc", "musl", "muslabi64", "musleabi", "musleabihf", "muslspe", "newlibeabihf", "none",
    "ohos", "qnx700", "qnx710", "qnx710_iosock", "qnx800", "sgx", "sim", "softfloat", "spe", "uclibc",
    "uclibceabi", "uclibceabihf",
];

#[cfg(test)]
mod tests {
    use super::{Partial, guess_host, own_host};

    #[test]
    fn a_partial_triple_is_completed_from_the_host_as_rustup_does() {
        let host = Partial::parse("x86_64-unknown-linux-gnu").expect("a host");
        for (text, whole) in [
            ("x86_64-pc-windows-msvc", Some("x86_64-pc-windows-msvc")),
            ("musl", Some("x86_64-unknown-linux-musl")),
            ("i686", Some("i686-unknown-linux-gnu")),
            ("aarch64-musl", Some("aarch64-unknown-linux-musl")),
            ("apple-darwin", Some("x86_64-apple-darwin")),
            ("unknown-linux", Some("x86_64-unknown-linux")),
            ("linux-gnu", Some("x86_64-linux-gnu")),
            ("thumbv7em-none-eabihf", Some("thumbv7em-none-eabihf")),
            ("wasm32-wasip1-threads", Some("wasm32-wasip1-threads")),
            ("patched", None),
            ("x86_64-", None),
            ("x86_64-gnu-linux", None),
            ("x86_64x", None),
        ] {
            assert_eq!(Partial::parse(text).map(|part| part.resolve(&host)).as_deref(), whole, "{text}");
        }
    }

    #[test]
    fn the_c_library_is_that_of_the_toolchains_on_disk_where_they_agree() {
        let (gnu, musl) = ("x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl");
        let check = |own: &str, installed: &[&str], expect: &str| {
            let installed: Vec<String> = installed.iter().map(|triple| (*triple).to_owned()).collect();
            assert_eq!(
                guess_host(Some(own), &installed).as_deref(),
                Some(expect),
                "{own} beside {installed:?}"
            );
        };
        check(gnu, &[], gnu);
        check(musl, &[gnu, gnu], gnu);
        check(musl, &[gnu, musl], musl);
        check(musl, &["aarch64-unknown-linux-gnu"], musl);
        check(gnu, &[musl], gnu);
        check(gnu, &["x86_64-pc-windows-msvc"], gnu);
    }

    #[test]
    fn an_unknown_machine_believes_only_toolchains_that_agree() {
        let (gnu, musl) = ("mips-unknown-linux-gnu".to_owned(), "mips-unknown-linux-musl".to_owned());
        assert_eq!(guess_host(None, &[]), None);
        assert_eq!(guess_host(None, std::slice::from_ref(&gnu)), Some(gnu.clone()));
        assert_eq!(guess_host(None, &[gnu, musl]), None);
    }

    #[test]
    fn this_machine_has_a_triple_that_rustup_would_know() {
        if let Some(own) = own_host() {
            assert!(Partial::parse(own).is_some_and(|triple| triple.is_host()), "{own}");
        }
        assert_eq!(own_host().is_some(), cfg!(any(target_os = "linux", target_os = "macos", windows)));
    }
}
