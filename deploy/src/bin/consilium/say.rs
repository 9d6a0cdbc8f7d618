//! Prints lines for people.
//!
//! As `println!` and `eprintln!`, and no error where nobody listens any more (`consilium deploy | head -1`) or the disk is
//! full: a deployment goes on, and the exit code says how it ended. What files, nodes and chains said is escaped, so that it
//! cannot move the terminal's cursor.

/// A line of what was asked for.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), "{}", consilium_deploy::shown::lines(&format!($($text)*)));
    }};
}

/// A line about what is wrong.
macro_rules! complain {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "{}", consilium_deploy::shown::lines(&format!($($text)*)));
    }};
}

pub(crate) use {complain, say};
