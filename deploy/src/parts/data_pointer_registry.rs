//! The data pointer registry: where health data is, who keeps it, and who asked for its key.
//!
//! It obeys the access manager and asks the consent. All that is restricted is for the members' decisions at first: who
//! is a custodian, which schemas there are, the settings. So is the consent's office of recorders for the registry, which
//! needs it before anybody can request access.

use alloy::primitives::{B256, Bytes, Log, LogData};
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::Construct;
use consilium_bindings::DataPointerRegistry::{self as abi, DataPointerRegistryErrors, DataPointerRegistryEvents};
use eyre::Result;
use fhir::Vocabulary;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::{access_manager, consent};
use crate::config::rules::{refuse, span};
use crate::config::{Clock, Config, Refusal, Section, Sections};
use crate::dao::Dao;
use crate::explain::explain_call;
use crate::part::{self, Facts, Name, Neighbours, Origin, Part, Scene, Strange};
use crate::permissions::{Party, Permissions, Power, View, answer};
use crate::proof::Proof;

/// Its name.
pub const NAME: Name = Name::new("data-pointer-registry");

/// What the authority decides about, function by function.
const RESTRICTED: [&str; 8] = [
    abi::admitCustodianCall::SIGNATURE,
    abi::activateSchemaCall::SIGNATURE,
    abi::deprecateSchemaCall::SIGNATURE,
    abi::supersedeSchemaCall::SIGNATURE,
    abi::setStorePurposeCall::SIGNATURE,
    abi::setAnswerWithinCall::SIGNATURE,
    abi::setEncryptionCall::SIGNATURE,
    abi::upgradeToAndCallCall::SIGNATURE,
];

/// What admitted custodians may do with their own pointers.
const CUSTODIANS: [&str; 6] = [
    abi::registerCall::SIGNATURE,
    abi::registerSignedCall::SIGNATURE,
    abi::publishRootCall::SIGNATURE,
    abi::offerCustodyCall::SIGNATURE,
    abi::acceptCustodyCall::SIGNATURE,
    abi::deliverKeyCall::SIGNATURE,
];

/// What custodians and subjects may do with their pointers.
const ERASING: [&str; 2] = [abi::eraseCall::SIGNATURE, abi::eraseLeafCall::SIGNATURE];

/// The part.
#[derive(Clone, Copy, Debug)]
pub struct DataPointerRegistry;

/// Its settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The purpose that a subject permits where a custodian may register.
    pub store_purpose: u8,
    /// In how many seconds a custodian has to answer a request.
    pub answer_within: u32,
    /// The codes of the encryptions, whose numbers count from 1.
    pub encryptions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    store_purpose: Spanned<String>,
    answer_within: Spanned<u64>,
    encryptions: Spanned<Vec<Spanned<String>>>,
}

impl Settings {
    fn read(file: &File) -> Result<Self, Refusal> {
        let purposes = &Vocabulary::standard().purposes.rows;
        let Some(purpose) = purposes.iter().find(|row| row.code == *file.store_purpose.get_ref()) else {
            let reason = "`store_purpose` is no purpose: crates/fhir/src/vocabulary.toml has all codes";
            return refuse(&file.store_purpose, reason);
        };
        if file.encryptions.get_ref().is_empty() {
            return refuse(&file.encryptions, "`encryptions` is empty: nothing could be registered");
        }
        let mut encryptions: Vec<String> = Vec::new();
        for code in file.encryptions.get_ref() {
            let text = code.get_ref();
            if text.is_empty() || text.len() > 32 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
                return refuse(code, "`encryptions`: a code has 1 to 32 visible ASCII characters");
            }
            if encryptions.contains(text) {
                return refuse(code, format!("`encryptions`: {text} is listed twice"));
            }
            encryptions.push(text.clone());
        }
        // A span is at most a year, whose seconds fit 32 bits.
        let answer_within = span(&file.answer_within, Clock::Timestamp, "`answer_within`")? as u32;
        Ok(Self { store_purpose: purpose.index, answer_within, encryptions })
    }

    /// The codes as they go on chain: zeros follow them.
    fn codes(&self) -> Vec<B256> {
        self.encryptions.iter().map(|code| B256::right_padding_from(code.as_bytes())).collect()
    }
}

/// The settings of a DAO that has the part.
fn settings<'a>(dao: &Dao<'a>) -> &'a Settings {
    dao.config.sections.expect()
}

impl Part for DataPointerRegistry {
    fn name(&self) -> Name {
        NAME
    }

    fn needs(&self) -> &'static [Name] {
        &[access_manager::NAME, consent::NAME]
    }

    fn settings(&self, section: Section<'_>, _: &Sections) -> Result<Box<dyn crate::config::Settings>, Refusal> {
        Ok(Box::new(Settings::read(&section.read()?)?))
    }

    fn constructor(&self, dao: &Dao<'_>) -> Result<Bytes> {
        let settings = settings(dao);
        let constructor = abi::constructorCall {
            initialAuthority: dao.address(access_manager::NAME),
            consent: dao.address(consent::NAME),
            storePurpose: settings.store_purpose,
            answerWithin: settings.answer_within,
            encryptions: settings.codes(),
        };
        Ok(constructor.init_data())
    }

    fn logs(&self, dao: &Dao<'_>, _: Origin) -> Vec<LogData> {
        let settings = settings(dao);
        let mut logs = vec![
            abi::AuthorityUpdated { authority: dao.address(access_manager::NAME) }.encode_log_data(),
            abi::ConsentSet { consent: dao.address(consent::NAME) }.encode_log_data(),
            abi::StorePurposeSet { purpose: settings.store_purpose }.encode_log_data(),
            abi::AnswerWithinSet { period: settings.answer_within }.encode_log_data(),
        ];
        let codes = (1..).zip(settings.codes());
        logs.extend(codes.map(|(number, code)| abi::EncryptionSet { number, code }.encode_log_data()));
        logs
    }

    fn is_upgradeable(&self) -> bool {
        true
    }

    fn prove<'a>(&'a self, proof: &'a mut Proof, scene: &'a Scene<'a>) -> Facts<'a> {
        Box::pin(async move {
            let (dao, settings) = (&scene.dao, settings(&scene.dao));
            let registry = abi::new(dao.address(NAME), scene.chain.provider());
            let authority = registry.authority().call().await.map_err(explain_call)?;
            proof.check("registry.authority", dao.address(access_manager::NAME), authority);
            let consent = registry.consent().call().await.map_err(explain_call)?;
            proof.check("registry.consent", dao.address(consent::NAME), consent);
            let purpose = registry.storePurpose().call().await.map_err(explain_call)?;
            proof.check("registry.storePurpose", settings.store_purpose, purpose);
            let period = registry.answerWithin().call().await.map_err(explain_call)?;
            proof.check("registry.answerWithin", settings.answer_within, period);
            for (number, code) in (1..).zip(settings.codes()) {
                let found = registry.encryption(number).call().await.map_err(explain_call)?;
                proof.check(format!("registry.encryption: {number}"), code, found);
            }
            Ok(())
        })
    }

    fn event(&self, log: &Log) -> Option<String> {
        part::event::<DataPointerRegistryEvents>(log)
    }

    fn error(&self, data: &[u8]) -> Option<String> {
        part::error::<DataPointerRegistryErrors>(data)
    }

    fn strange<'a>(&'a self, view: &'a View<'a>) -> Strange<'a> {
        Box::pin(async move {
            let registry = abi::new(view.address(NAME), view.chain().provider());
            if let Err(reason) = answer(registry.schemaCount().block(view.at()).call().await)? {
                return Ok(Some(format!("schemaCount(): {reason}")));
            }
            let authority = answer(registry.authority().block(view.at()).call().await)?;
            Ok(authority.err().map(|reason| format!("authority(): {reason}")))
        })
    }

    fn permissions<'a>(&'a self, permissions: &'a mut Permissions, view: &'a View<'a>) -> Facts<'a> {
        Box::pin(async move {
            let this = Party::Contract(NAME);
            let registry = abi::new(view.address(NAME), view.chain().provider());
            let authority = registry.authority().block(view.at()).call().await.map_err(explain_call)?;
            let power = |functions: &[&str], holder: Party, by: &str| Power::new(this.clone(), functions, holder, by);
            let custodian = Party::Whoever("a custodian");
            permissions.add(power(&CUSTODIANS, custodian, "with its own pointers, while it is admitted"));
            let whoever = Party::Whoever("a custodian or a subject");
            permissions.add(power(&ERASING, whoever, "with its own pointers"));
            let by = "authority: lets those with the function's role call it, without a role its admins";
            permissions.add(power(&RESTRICTED, view.holder(authority), by));
            permissions.add(power(&[abi::setAuthorityCall::SIGNATURE], view.holder(authority), "authority"));
            Ok(())
        })
    }

    fn neighbours<'a>(&'a self, view: &'a View<'a>) -> Neighbours<'a> {
        Box::pin(async move {
            let registry = abi::new(view.address(NAME), view.chain().provider());
            let authority = registry.authority().block(view.at()).call().await.map_err(explain_call)?;
            let asked = registry.consent().block(view.at()).call().await.map_err(explain_call)?;
            Ok(vec![(access_manager::NAME, authority), (consent::NAME, asked)])
        })
    }

    fn function(&self, selector: [u8; 4]) -> Option<&'static str> {
        abi::DataPointerRegistryCalls::signature_by_selector(selector)
    }

    /// Before the timelock, as all that the DAO decides about.
    fn renewal(&self) -> u8 {
        36
    }

    fn notes(&self, config: &Config) -> Vec<String> {
        if config.sections.get::<Settings>().is_none() {
            return Vec::new();
        }
        let note = "nobody can request access by the data pointer registry before a proposal grants it the role of the \
                    consent's recorders";
        vec![note.to_owned()]
    }
}
