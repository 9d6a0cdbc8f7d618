//! Asks the contract whether somebody may see data.

use std::fmt;

use alloy::primitives::Address;
use consilium_bindings::Consent as abi;
use eyre::Result;
use fhir::reason;
use serde_json::{Value, json};

use super::names::Names;
use super::words::account;
use super::{expect_contract, read};
use crate::chain::Chain;
use crate::config::moment::Moment;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Whose data.
    pub grantor: Address,
    /// Who wants to see it.
    pub actor: Address,
    /// The organisation that the actor acts for; zero for nobody else.
    pub on_behalf_of: Address,
    /// The class of data.
    pub class: u8,
    /// What for.
    pub purpose: u8,
}

/// What the contract answers at a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What was asked.
    pub question: Question,
    /// The block's number.
    pub block: u64,
    /// The block's time.
    pub time: Moment,
    /// The answer in full.
    pub explanation: abi::Explanation,
    /// The class and the purpose in words.
    what: String,
}

/// Asks at the newest block. The chain's codes of class and purpose must be those of `names`.
///
/// # Errors
/// If no consent contract is there, its codes are others, or the node does not answer.
pub async fn ask(chain: &Chain, contract: Address, question: Question, names: &Names) -> Result<Answer> {
    let Question { grantor, actor, on_behalf_of, class, purpose } = question;
    let block = chain.head().await?;
    expect_contract(chain, contract, block).await?;
    names.agree(chain, contract, [class], [purpose], block).await?;
    let call = abi::explainCall { grantor, actor, onBehalfOf: on_behalf_of, dataClass: class, purpose };
    let explanation = read(chain, contract, call, block).await?;
    let time = Moment(chain.time(block).await?);
    let what = format!("{} of {grantor} for {}", names.class_in_words(class), names.purpose_in_words(purpose));
    Ok(Answer { question, block, time, explanation, what })
}

impl Answer {
    /// Whether it is permitted.
    pub const fn is_permitted(&self) -> bool {
        self.explanation.permitted
    }

    /// Why, in words.
    pub fn reason(&self) -> &'static str {
        reason(self.explanation.reason)
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let found = &self.explanation;
        let provision = &found.provision;
        json!({
            "permitted": found.permitted,
            "reason": found.reason,
            "words": self.reason(),
            "grantor": self.question.grantor,
            "actor": self.question.actor,
            "onBehalfOf": self.question.on_behalf_of,
            "class": self.question.class,
            "purpose": self.question.purpose,
            "provision": (provision.number != 0).then(|| json!({
                "grantee": found.grantee,
                "number": provision.number,
                "classes": format!("{:#x}", provision.classes),
                "purposes": format!("{:#x}", provision.purposes),
                "deny": provision.deny,
                "notBefore": moment(provision.notBefore.to()),
                "expiry": moment(provision.expiry.to()),
                "policyVersion": provision.policyVersion,
            })),
            "permitsUntil": moment(found.permitsUntil.to()),
            "policyVersion": found.policyVersion,
            "emergencyUntil": moment(found.emergencyUntil.to()),
            "block": self.block,
            "time": self.time,
        })
    }
}

/// A moment; none for 0.
fn moment(second: u64) -> Option<Moment> {
    (second != 0).then_some(Moment(second))
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Question { actor, on_behalf_of, .. } = self.question;
        let (found, what) = (&self.explanation, &self.what);
        let by = if on_behalf_of.is_zero() { String::new() } else { format!(" on behalf of {on_behalf_of}") };
        let (answer, may) = if found.permitted { ("yes", "may") } else { ("no", "may not") };
        writeln!(f, "{answer}: {actor}{by} {may} see {what}")?;
        writeln!(f, "because {} (reason {})", self.reason(), found.reason)?;
        if found.provision.number != 0 {
            writeln!(f, "the provision is number {} for {}", found.provision.number, account(found.grantee))?;
        }
        if let Some(until) = moment(found.permitsUntil.to()) {
            writeln!(f, "it permits until {until}, unless it is revoked before")?;
        }
        if let Some(until) = moment(found.emergencyUntil.to()) {
            writeln!(f, "the actor declared an emergency, which is open until {until}")?;
        }
        write!(f, "at block {}, {}, under version {} of the policy", self.block, self.time, found.policyVersion)
    }
}
