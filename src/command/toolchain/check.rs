//! `xcargo toolchain check`.
