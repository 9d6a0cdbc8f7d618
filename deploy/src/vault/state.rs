//! What a vault says of itself and of its programs.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use eyre::{Result, ensure, eyre};

use super::Vault;
use crate::activation::death;
use crate::chain::Chain;
use crate::config::moment::Moment;
use crate::explain::{explain, revert_data};

/// After a longer silence, in seconds, all reports of a program are void: the contract's `REPORT_GAP`.
pub(super) const REPORT_GAP: u64 = 7 * 86_400;

/// How many programs a vault watches at most: the contract's `MOST_PROGRAMS`.
const MOST_PROGRAMS: usize = 8;

/// A vault as it is.
#[derive(Clone, Debug)]
pub struct State {
    /// Who moves what it holds.
    pub owner: Address,
    /// Its ether, in wei.
    pub ether: U256,
    /// The terms of its escape.
    pub terms: Vault::Terms,
    /// The programs that it watches.
    pub programs: Vec<Watched>,
}

/// A program that a vault watches.
#[derive(Clone, Debug, Default)]
pub struct Watched {
    /// Where it is.
    pub program: Address,
    /// Why it cannot be called now, if it cannot.
    pub inactive: Option<String>,
    /// What was reported.
    pub death: Vault::Death,
}

impl State {
    /// From when on the heir may become the owner because of a program, in seconds.
    pub fn escapable_from(&self, death: &Vault::Death) -> Option<u64> {
        let confirmed: u64 = death.confirmed.to();
        (confirmed != 0).then(|| confirmed + u64::from(self.terms.escapeDelay))
    }

    /// When a program that is reported dead has to be reported again at the latest, in seconds.
    pub fn report_again_by(&self, death: &Vault::Death) -> Option<u64> {
        (!death.since.is_zero()).then(|| death.last.to::<u64>() + REPORT_GAP)
    }

    /// Who can do what with it, in words.
    pub(crate) fn powers(&self, vault: Address) -> String {
        let Vault::Terms { heir, deathPeriod: dead, escapeDelay: wait, .. } = self.terms;
        let owner = format!("the vault at {vault} does what its owner {} decides, and nothing else", self.owner);
        if heir.is_zero() {
            return format!("{owner}; it has no heir");
        }
        format!(
            "{owner}. If one of the programs that it watches cannot be activated any more for {dead} seconds, its heir {heir} \
             may become the owner after {wait} more"
        )
    }

    /// What was reported of a program, in words.
    pub fn reported(&self, watched: &Watched) -> String {
        let death = &watched.death;
        if death.since.is_zero() {
            return "nothing is reported".to_owned();
        }
        let (since, last) = (Moment(death.since.to()), Moment(death.last.to()));
        let by = Moment(self.report_again_by(death).unwrap_or_default());
        let reports = format!(
            "{} reports since {since}, the last at {last}; report again by {by}, or all are void",
            death.reports
        );
        match self.escapable_from(death) {
            None => reports,
            Some(from) => format!("{reports}; DEATH CONFIRMED, the heir may escape from {} on", Moment(from)),
        }
    }
}

/// Reads a vault.
///
/// # Errors
/// Where there is none, or the node does not answer.
pub async fn state(chain: &Chain, vault: Address) -> Result<State> {
    let terms = view(chain, vault, Vault::termsCall {}).await?;
    let watched = view(chain, vault, Vault::programsCall {}).await?;
    let count = watched.len();
    ensure!(
        count <= MOST_PROGRAMS,
        "what stands at {vault} is no vault: it watches {count} programs, and one {MOST_PROGRAMS}"
    );
    let mut programs = Vec::with_capacity(count);
    for program in watched {
        let code = chain.code(program).await?;
        let inactive = death(chain, alloy::primitives::keccak256(&code)).await?;
        programs.push(Watched { program, inactive, death: view(chain, vault, Vault::deathOfCall { program }).await? });
    }
    let ether = chain.provider().get_balance(vault).await.map_err(|error| eyre!(explain(&error)))?;
    Ok(State { owner: view(chain, vault, Vault::ownerCall {}).await?, ether, terms, programs })
}

/// What a view answers.
async fn view<C: SolCall>(chain: &Chain, at: Address, call: C) -> Result<C::Return> {
    let request = TransactionRequest::default().with_to(at).with_input(call.abi_encode());
    let answer = chain.provider().call(request).await.map_err(|error| match revert_data(&error) {
        Some(_) => eyre!("what stands at {at} is no vault"),
        None => eyre!("could not ask the vault: {}", explain(&error)),
    })?;
    ensure!(!answer.is_empty(), "what stands at {at} is no vault");
    C::abi_decode_returns_validate(&answer).map_err(|_| eyre!("what stands at {at} is no vault"))
}
