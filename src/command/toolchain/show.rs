//! `xcargo toolchain show`.
