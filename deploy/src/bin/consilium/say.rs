//! Prints lines for people.
//!
//! As `println!` and `eprintln!`, and no error where nobody listens any more (`consilium deploy | head -1`) or the disk is
//! full: a deployment goes on, and the exit code says how it ended. What files, nodes and chains said is escaped, so that it
//! cannot move the terminal's cursor.

use std::io::{ErrorKind, Write};

use eyre::{Result, WrapErr};

/// Prints the answer that is all that a command is for: where it cannot be written, the command has failed.
pub(crate) fn answer(text: &str) -> Result<()> {
    let mut out = std::io::stdout();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).wrap_err("cannot write the answer"),
        _ => Ok(()),
    }
}

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
