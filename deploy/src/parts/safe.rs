//! The Safes of the settings, which our Safe program is the singleton of: the council's, and others.
//!
//! Each is Safe's own proxy, made by Safe's own factory, with our program behind it. The program and the proxies stand
//! before the founding ([`creation`]), and the DAO names a Safe by its address:
//!
//! - The address follows from the factory, the program, the owners, the threshold, the fallback handler and the salt
//!   ([`address`](self::address)). So what names it commits to all of that, and only such a Safe can ever stand there.
//! - The factory creates and sets it up in one transaction. It does not matter who sends that, or when.
//! - A founding that created Safes could be stopped for ever by whoever creates one of them first. It also has only so
//!   much gas. So the founding finds them there, and refuses to begin if one is missing or was changed.

mod address;
mod creation;
mod proof;
mod settings;
mod state;
mod unseen;

use alloy::primitives::{Address, Bytes, LogData};
use alloy::sol_types::{Revert, SolError};
use consilium_bindings::Safe::{self as abi, SafeCalls, SafeEvents};
use eyre::Result;

use crate::config::{Config, Refusal, Section, Sections};
use crate::dao::Dao;
use crate::part::{self, Facts, Interface, Name, Origin, Part, Scene, Strange};
use crate::permissions::{Permissions, View, answer};
use crate::proof::Proof;

pub use address::{PROXY_FACTORY_CODE_HASH, SafeProxyFactory};
pub use settings::{CANONICAL_FALLBACK_HANDLER, CANONICAL_PROXY_FACTORY, Settings, Wallet};

pub(crate) use address::PlannedSafe;
pub(crate) use creation::{close, create, expect, gas};
pub(crate) use state::told;

/// Its name.
pub const NAME: Name = Name::new("safe");

/// An owner of a Safe of the settings.
const OWNER: &str = "Safe owner";

/// The part.
#[derive(Clone, Copy, Debug)]
pub struct Safe;

impl Config {
    /// The settings of the Safes, if there are any.
    pub fn safe(&self) -> Option<&Settings> {
        self.sections.get()
    }

    /// The same, to change.
    pub fn safe_mut(&mut self) -> Option<&mut Settings> {
        self.sections.get_mut()
    }
}

/// An error in words: Safe's refusals are texts, as `GS026`.
fn text(data: &[u8]) -> Option<String> {
    Some(format!("Error(\"{}\")", Revert::abi_decode(data).ok()?.reason.escape_debug()))
}

impl Part for Safe {
    fn name(&self) -> Name {
        NAME
    }

    fn settings(&self, section: Section<'_>, _: &Sections) -> Result<Box<dyn crate::config::Settings>, Refusal> {
        Ok(Box::new(settings::check(&section.read()?)?))
    }

    /// It has none: whoever calls a singleton first closes it.
    fn constructor(&self, _: &Dao<'_>) -> Result<Bytes> {
        Ok(Bytes::new())
    }

    fn logs(&self, _: &Dao<'_>, _: Origin) -> Vec<LogData> {
        Vec::new()
    }

    fn is_singleton(&self) -> bool {
        true
    }

    fn prove<'a>(&'a self, proof: &'a mut Proof, scene: &'a Scene<'a>) -> Facts<'a> {
        Box::pin(proof::prove(proof, scene))
    }

    fn interface(&self) -> Interface {
        Interface { function: SafeCalls::signature_by_selector, event: part::event::<SafeEvents>, error: text }
    }

    /// A Safe and its singleton have a version and a threshold.
    fn strange<'a>(&'a self, view: &'a View<'a>) -> Strange<'a> {
        Box::pin(async move {
            let safe = abi::new(view.address(NAME), view.chain().provider());
            if let Err(reason) = answer(safe.VERSION().block(view.at()).call().await)? {
                return Ok(Some(format!("VERSION(): {reason}")));
            }
            let threshold = answer(safe.getThreshold().block(view.at()).call().await)?;
            Ok(threshold.err().map(|reason| format!("getThreshold(): {reason}")))
        })
    }

    /// Who controls it, where it is a Safe. Of the singleton nobody does.
    fn permissions<'a>(&'a self, permissions: &'a mut Permissions, view: &'a View<'a>) -> Facts<'a> {
        Box::pin(async move {
            let at = view.address(NAME);
            let note = told(view.chain(), at, view.at()).await?;
            if note.is_none() {
                permissions.mark_singleton(NAME);
            }
            permissions.notes.push(note.unwrap_or_else(|| {
                format!(
                    "{at} has no owners, so it is no Safe that anybody uses but a singleton, the code of Safes: send nothing \
                     to it, and name a Safe by its own address"
                )
            }));
            Ok(())
        })
    }

    /// Before the governor, whose proposals the council cancels.
    fn renewal(&self) -> u8 {
        15
    }

    fn offices(&self) -> &'static [&'static str] {
        &[OWNER]
    }

    fn is_in_office(&self, config: &Config, office: &str, account: Address) -> bool {
        office == OWNER
            && config.safe().is_some_and(|settings| settings.safes.iter().any(|safe| safe.is_owner(account)))
    }

    fn notes(&self, config: &Config) -> Vec<String> {
        config.safe().map(Settings::notes).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
