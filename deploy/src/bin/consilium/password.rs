//! Asks for a password, which the terminal does not show.

use std::fs::File;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use eyre::{Result, ensure};

/// Whether the terminal hides what is typed.
static IS_HIDDEN: AtomicBool = AtomicBool::new(false);

/// Asks for the password of the keystore that sends.
pub(crate) fn ask_password() -> Result<String> {
    ask("the keystore's password", "--password-file", "Password of the keystore: ")
}

/// Asks for a password. `what` it is, and by which option it is given where nobody can be asked.
pub(crate) fn ask(what: &str, option: &str, question: &str) -> Result<String> {
    let terminal = console::Term::stderr();
    ensure!(terminal.is_term(), "{what} is not known: give {option}");
    terminal.write_str(question)?;
    IS_HIDDEN.store(true, Ordering::SeqCst);
    let password = terminal.read_secure_line();
    IS_HIDDEN.store(false, Ordering::SeqCst);
    Ok(password?)
}

/// Lets the terminal show again what is typed: for a program that ends while it asks.
pub(crate) fn show_typing() {
    if IS_HIDDEN.load(Ordering::SeqCst)
        && let Ok(terminal) = File::open("/dev/tty")
    {
        let _ = Command::new("stty").arg("echo").stdin(terminal).status();
    }
}
