//! Build, serve, test, size, parity: one command each.
fn main() {}
