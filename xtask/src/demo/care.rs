//! A patient's consents: given by a passkey and without ether, asked for, overridden in an emergency, revoked, and
//! limited by what the DAO decides. Each access is in the patient's log.

use super::dao::{Dao, Officers};
use super::patient::Patient;
use super::story::Story;
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::providers::Provider;
use alloy::signers::{SignerSync, local::PrivateKeySigner};
use alloy::sol_types::SolCall;
use consilium_bindings::Consent;
use consilium_deploy::consent::read_log;
use eyre::{Context, OptionExt, Result};

/// Classes of data by their numbers in the table: medicines, and laboratory results.
pub(super) const MEDICATION: u8 = 4;
pub(super) const LABORATORY: u8 = 8;
/// Purposes: treatment, research, public health, breaking the glass.
pub(super) const TREAT: u8 = 0;
const HRESCH: u8 = 4;
const PUBHLTH: u8 = 5;
const BTG: u8 = 8;
/// The reason of an emergency: the patient cannot be asked.
const INCAPACITY: u8 = 0;
/// A verdict about an emergency.
const JUSTIFIED: u8 = 1;

/// Numbers of the contract's tables, and the codes that they have to mean.
const MEANT: [(u8, u8, &str); 7] = [
    (0, MEDICATION, "MEDICATION"),
    (0, LABORATORY, "LABORATORY"),
    (1, TREAT, "TREAT"),
    (1, HRESCH, "HRESCH"),
    (1, PUBHLTH, "PUBHLTH"),
    (1, BTG, "BTG"),
    (3, INCAPACITY, "INCAPACITY"),
];

/// Why a question is answered so, in the contract's numbers and in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Permitted = 1,
    Emergency = 3,
    NoConsent = 16,
    TooOld = 19,
}

impl Answer {
    const fn words(self) -> &'static str {
        match self {
            Self::Permitted => "permitted: the patient consents",
            Self::Emergency => "permitted: an emergency",
            Self::NoConsent => "refused: no consent in force",
            Self::TooOld => "refused: the policy ended it",
        }
    }
}

/// A patient, those who ask for its data, and how often somebody asked.
#[derive(Debug)]
pub(crate) struct Care {
    pub(super) patient: Patient,
    pub(super) specialist: PrivateKeySigner,
    researcher: Address,
    health_office: Address,
    asked: usize,
}

/// Who asks, for which purpose, and the answer that is promised.
struct Question {
    who: &'static str,
    actor: Address,
    purpose: u8,
    promised: Answer,
}

/// The patient consents, is treated, is saved in an emergency, and revokes.
pub(crate) async fn give(dao: &Dao, officers: &Officers, story: &mut Story) -> Result<Care> {
    // Another patient in each DAO.
    let made = |name: &str| keccak256([name.as_bytes(), dao.consent.as_slice()].concat());
    let account = |name: &str| Address::from_word(made(name));
    let mut care = Care {
        patient: Patient::new(made("patient"))?,
        specialist: PrivateKeySigner::from_bytes(&made("specialist"))?,
        researcher: account("researcher"),
        health_office: account("health office"),
        asked: 0,
    };
    let (specialist, researcher, health_office) = (care.specialist.address(), care.researcher, care.health_office);
    let treatment = |promised| Question { who: "specialist", actor: specialist, purpose: TREAT, promised };
    let grantor = care.patient.account();
    for (table, number, code) in MEANT {
        let found = Consent::new(dao.consent, &dao.node).code(table, number).call().await?;
        story.same(format!("code {number} of table {table}"), found, B256::right_padding_from(code.as_bytes()))?;
    }
    story.same("the patient's ether", dao.node.get_balance(grantor).await?, U256::ZERO)?;

    let receipt = care.patient.consent(dao, specialist, TREAT, story).await?;
    let pinned: Consent::SitePinned = story.event(&receipt, dao.consent)?;
    story.same("SitePinned", pinned.key, grantor)?;
    story.told("consent by passkey: the specialist, for treatment", "patient", &receipt, "the clinic pays the gas");
    let receipt = care.patient.consent(dao, health_office, PUBHLTH, story).await?;
    story.told(
        "consent by passkey: the health office, for public health",
        "patient",
        &receipt,
        "the clinic pays the gas",
    );

    care.ask(dao, officers, treatment(Answer::Permitted), story).await?;
    let research = Question { who: "researcher", actor: researcher, purpose: HRESCH, promised: Answer::NoConsent };
    care.ask(dao, officers, research, story).await?;
    care.ask(dao, officers, care.public_health(Answer::Permitted), story).await?;
    care.emergency(dao, officers, story).await?;
    Ok(care)
}

/// The patient takes back what it permitted the specialist, who gets nothing from then on.
pub(crate) async fn revoke(dao: &Dao, officers: &Officers, care: &mut Care, story: &mut Story) -> Result<()> {
    let actor = care.specialist.address();
    let receipt = care.patient.revoke(dao, actor, story).await?;
    story.told("revoke by passkey: the specialist's consent", "patient", &receipt, "the clinic pays the gas");
    let refused = Question { who: "specialist", actor, purpose: TREAT, promised: Answer::NoConsent };
    care.ask(dao, officers, refused, story).await
}

/// The policy that is proposed: from now on nobody consents to public health, also not those who did.
pub(crate) async fn tightened(dao: &Dao) -> Result<Bytes> {
    let mut found = Consent::new(dao.consent, &dao.node).policy().call().await?;
    found.longest[usize::from(PUBHLTH)] = 0;
    Ok(Consent::setPolicyCall { policy: found.policy, longest: found.longest }.abi_encode().into())
}

/// After the decision an old consent counts no longer, and the log has every access.
pub(crate) async fn after(dao: &Dao, officers: &Officers, care: &mut Care, story: &mut Story) -> Result<()> {
    let policy = Consent::new(dao.consent, &dao.node).policy().call().await?;
    story.same("how often the policy was set", policy.version, 2)?;
    care.ask(dao, officers, care.public_health(Answer::TooOld), story).await?;
    care.log(dao, officers, story).await?;
    let ether = dao.node.get_balance(care.patient.account()).await?;
    story.same("the patient's ether at the end", ether, U256::ZERO)
}

impl Care {
    /// The specialist's signature of a hash.
    pub(super) fn specialist_signs(&self, hash: B256) -> Result<Bytes> {
        Ok(self.specialist.sign_hash_sync(&hash)?.as_bytes().into())
    }

    /// Somebody has asked elsewhere, and it was recorded.
    pub(super) fn counted(&mut self) {
        self.asked += 1;
    }

    /// The health office's question.
    const fn public_health(&self, promised: Answer) -> Question {
        Question { who: "health office", actor: self.health_office, purpose: PUBHLTH, promised }
    }

    /// The hospital's gateway asks for somebody, and the contract records its answer.
    async fn ask(&mut self, dao: &Dao, officers: &Officers, question: Question, story: &mut Story) -> Result<()> {
        let Question { who, actor, purpose, promised } = question;
        let grantor = self.patient.account();
        let call = Consent::recordCall {
            grantor,
            actor,
            onBehalfOf: Address::ZERO,
            dataClass: LABORATORY,
            purpose,
            request: keccak256(who),
        };
        let sent = officers.recorder.send(dao.consent, call.abi_encode().into(), U256::ZERO);
        let receipt = sent.await.context("record")?;
        let recorded: Consent::AccessRecorded = story.event(&receipt, dao.consent)?;
        let found = (recorded.grantor, recorded.actor, recorded.purpose, recorded.reason);
        story.same(format!("AccessRecorded: {who}"), found, (grantor, actor, purpose, promised as u8))?;
        self.asked += 1;
        let of = match purpose {
            TREAT => "treatment",
            HRESCH => "research",
            PUBHLTH => "public health",
            _ => "an emergency",
        };
        story.told(format!("ask for laboratory results, for {of}"), who, &receipt, promised.words());
        Ok(())
    }

    /// A doctor breaks the glass and sees what the patient never permitted it; the council reviews that.
    async fn emergency(&mut self, dao: &Dao, officers: &Officers, story: &mut Story) -> Result<()> {
        let (grantor, doctor) = (self.patient.account(), officers.emergency.account());
        let declare = Consent::declareEmergencyCall {
            grantor,
            classes: U256::from(1_u64 << LABORATORY),
            reason: INCAPACITY,
            statement: keccak256("found unconscious"),
        };
        let sent = officers.emergency.send(dao.consent, declare.abi_encode().into(), U256::ZERO);
        let receipt = sent.await.context("declare")?;
        let declared: Consent::EmergencyDeclared = story.event(&receipt, dao.consent)?;
        story.same("EmergencyDeclared", (declared.grantor, declared.actor), (grantor, doctor))?;
        let hours = dao.config.consent().ok_or_eyre("no consent in the settings")?.open_for / 3_600;
        let open = format!("open for {hours} hours");
        story.told("break the glass: the patient cannot be asked", "emergency room", &receipt, open);
        let question = Question { who: "emergency room", actor: doctor, purpose: BTG, promised: Answer::Emergency };
        self.ask(dao, officers, question, story).await?;

        let review = Consent::reviewEmergencyCall { id: declared.id, justified: true, statement: keccak256("seen") };
        let sent = officers.reviewer.send(dao.consent, review.abi_encode().into(), U256::ZERO);
        let receipt = sent.await.context("review")?;
        let reviewed: Consent::EmergencyReviewed = story.event(&receipt, dao.consent)?;
        let found = (reviewed.id, reviewed.justified, reviewed.reviewer);
        story.same("EmergencyReviewed", found, (declared.id, true, officers.reviewer.account()))?;
        let verdict = Consent::new(dao.consent, &dao.node).emergency(declared.id).call().await?.verdict;
        story.same("the emergency's verdict", verdict, JUSTIFIED)?;
        story.told("review the emergency", "council", &receipt, "justified");
        Ok(())
    }

    /// As `consilium consent verify` does it: the events of the patient's log, hashed one after another, end where the
    /// contract says that the log ends. None is missing, and none was added.
    async fn log(&self, dao: &Dao, officers: &Officers, story: &mut Story) -> Result<()> {
        let count = self.asked;
        let log = read_log(officers.recorder.chain(), dao.consent, self.patient.account()).await.context("the log")?;
        log.verify().ensure()?;
        story.same("entries of the log", log.entries.len(), count)?;
        story.noted(format!("check the access log: {count} entries, none is missing"), "patient", "complete");
        Ok(())
    }
}
