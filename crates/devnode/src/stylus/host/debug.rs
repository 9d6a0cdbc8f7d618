//! `console`: prints what a program says. Chains for development have it, others refuse programs that import it.

use wasmtime::Caller;

use super::{
    env::{Env, Host, Outcome},
    record::record,
};

pub(super) fn log_txt(caller: Caller<'_, Env>, ptr: u32, len: u32) -> Outcome {
    let mut host = Host::free(caller);
    let text = String::from_utf8_lossy(host.bytes(ptr, len)?).into_owned();
    say(&host, &text);
    record!(host, "console_log_text", [host.bytes(ptr, len)?] => []);
    Ok(())
}

/// Prints a value.
pub(super) fn log<T: std::fmt::Display>(caller: Caller<'_, Env>, value: T) -> Outcome {
    let mut host = Host::free(caller);
    say(&host, &value);
    record!(host, "console_log", [value.to_string().into_bytes()] => []);
    Ok(())
}

/// Prints a value and gives it back.
pub(super) fn tee<T: std::fmt::Display>(caller: Caller<'_, Env>, value: T) -> Outcome<T> {
    say(&Host::free(caller), &value);
    Ok(value)
}

fn say(host: &Host<'_>, text: &dyn std::fmt::Display) {
    tracing::info!(target: "stylus", program = %host.env_ref().frame.address, "{text}");
}
