//! Sessions made by hand.
