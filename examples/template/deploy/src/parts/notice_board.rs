//! The notice board. Nobody may post at first: its authority is the timelock, which lets nobody pass, until a proposal
//! names an access manager by `setAuthority`.

use alloy::primitives::{Bytes, LogData};
use alloy::sol_types::SolEvent;
use consilium_bindings::Construct;
use consilium_bindings::NoticeBoard::{self as abi, NoticeBoardErrors, NoticeBoardEvents};
use eyre::Result;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::config::rules::refuse;
use crate::parts::timelock;
use crate::{Dao, Facts, Interface, Name, Origin, Part, Proof, Refusal, Scene, Section, Sections};

/// Its name.
pub const NAME: Name = Name::new("notice-board");

/// The part.
#[derive(Clone, Copy, Debug)]
pub struct NoticeBoard;

/// Its settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// How long a notice lasts, in seconds. Never zero.
    pub lifetime: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    lifetime: Spanned<u64>,
}

impl Part for NoticeBoard {
    fn name(&self) -> Name {
        NAME
    }

    fn needs(&self) -> &'static [Name] {
        &[timelock::NAME]
    }

    fn settings(&self, section: Section<'_>, _: &Sections) -> Result<Box<dyn crate::config::Settings>, Refusal> {
        let File { lifetime } = section.read()?;
        match u32::try_from(*lifetime.get_ref()) {
            Ok(0) => refuse(&lifetime, "the lifetime of a notice is zero: it lasts at least a second"),
            Ok(lifetime) => Ok(Box::new(Settings { lifetime })),
            Err(_) => refuse(&lifetime, "the lifetime of a notice does not fit 32 bits"),
        }
    }

    fn constructor(&self, dao: &Dao<'_>) -> Result<Bytes> {
        let constructor =
            abi::constructorCall { initialAuthority: dao.address(timelock::NAME), lifetime: lifetime(dao) };
        Ok(constructor.init_data())
    }

    fn logs(&self, dao: &Dao<'_>, _: Origin) -> Vec<LogData> {
        vec![
            abi::AuthorityUpdated { authority: dao.address(timelock::NAME) }.encode_log_data(),
            abi::LifetimeSet { lifetime: lifetime(dao) }.encode_log_data(),
        ]
    }

    fn prove<'a>(&'a self, proof: &'a mut Proof, scene: &'a Scene<'a>) -> Facts<'a> {
        Box::pin(async move {
            let board = abi::new(scene.dao.address(NAME), scene.chain.provider());
            proof.check("board.lifetime", lifetime(&scene.dao), board.lifetime().call().await?);
            // The DAO may have named another authority since.
            proof.note(format!("the notice board's authority is {}", board.authority().call().await?));
            Ok(())
        })
    }

    fn interface(&self) -> Interface {
        Interface {
            function: abi::NoticeBoardCalls::signature_by_selector,
            event: crate::event::<NoticeBoardEvents>,
            error: crate::error::<NoticeBoardErrors>,
        }
    }
}

/// What the settings say. It is asked only of a DAO that has a board.
fn lifetime(dao: &Dao<'_>) -> u32 {
    dao.config.sections.get::<Settings>().map_or(0, |settings| settings.lifetime)
}
