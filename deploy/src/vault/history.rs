//! All that a vault ever logged.

use std::fmt;

use alloy::primitives::Address;
use alloy::rpc::types::{Filter, Log};
use alloy::sol_types::SolEvent;
use eyre::{Result, eyre};

use super::{Vault, planned};
use crate::chain::Chain;
use crate::config::moment::Moment;
use crate::logs;

/// What a vault's events tell.
#[derive(Clone, Debug)]
pub(super) struct History {
    /// Its owners, the first one first.
    pub(super) owners: Vec<Address>,
    /// How often its programs were set.
    pub(super) programs: usize,
    /// How often its terms were set.
    pub(super) terms: usize,
    /// How many reports found a program dead.
    pub(super) deaths: usize,
    /// How many found one alive of which a death was reported.
    pub(super) lives: usize,
    /// How often a call of the owner has voided reports.
    pub(super) voided: usize,
    /// What its constructor was called with.
    arguments: Vault::constructorCall,
}

impl History {
    /// Reads the events since the vault appeared.
    ///
    /// # Errors
    /// If the node does not serve all of them: `owner` is who the owner is by the vault.
    pub(super) async fn read(chain: &Chain, vault: Address, owner: Address) -> Result<Self> {
        let head = chain.head().await?;
        let from = logs::appearance(chain, vault, head).await?.unwrap_or(0);
        let found = logs::collect(chain, &Filter::new().address(vault), from, head).await?;
        let changes: Vec<_> = all::<Vault::OwnershipTransferred>(&found);
        let ([first, ..], [.., last]) = (&changes[..], &changes[..]) else {
            return Err(eyre!("the node does not serve the vault's events: ask another one"));
        };
        let follow = |pair: &[Vault::OwnershipTransferred]| pair[0].newOwner == pair[1].previousOwner;
        let is_whole = first.previousOwner.is_zero() && last.newOwner == owner && changes.windows(2).all(follow);
        let (programs, terms) = (all::<Vault::ProgramsSet>(&found), all::<Vault::TermsSet>(&found));
        let (true, Some(first_programs), Some(first_terms)) = (is_whole, programs.first(), terms.first()) else {
            return Err(eyre!("the node does not serve all events of the vault: ask another one"));
        };
        Ok(Self {
            arguments: Vault::constructorCall {
                owner: first.newOwner,
                programs: first_programs.programs.clone(),
                terms: first_terms.terms,
            },
            owners: changes.iter().map(|change| change.newOwner).collect(),
            programs: programs.len(),
            terms: terms.len(),
            deaths: all::<Vault::DeathReported>(&found).len(),
            lives: all::<Vault::LifeReported>(&found).len(),
            voided: all::<Vault::ReportsVoided>(&found).len(),
        })
    }

    /// Whether the vault is where this CREATE2 factory creates one with its first owner, programs and terms. Then the
    /// vault's own constructor made it, whoever the factory is, and no other code was ever there: the address is a hash of
    /// the creation code. That is so even if other code logged what was read.
    pub(super) fn is_of_factory(&self, vault: Address, factory: Address) -> bool {
        planned::address(factory, &self.arguments) == vault
    }
}

/// Reports of a program's death that count no more, because no other one followed in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lapsed {
    /// How many they were.
    pub reports: u32,
    /// When the last of them was.
    pub last: Moment,
}

/// The reports of a program that the newest ones do not continue; those before the first of these where `counts` says
/// that there are any. None if there were none, or if the owner or a program that lives has voided them.
///
/// # Errors
/// If the node does not serve the events.
pub async fn lapsed(chain: &Chain, vault: Address, program: Address, counts: bool) -> Result<Option<Lapsed>> {
    let head = chain.head().await?;
    let from = logs::appearance(chain, vault, head).await?.unwrap_or(0);
    let (mut before, mut open) = (None, None);
    for log in logs::collect(chain, &Filter::new().address(vault), from, head).await? {
        if let Ok(death) = Vault::DeathReported::decode_log(&log.inner) {
            if death.program == program {
                if death.reports == 1 {
                    before = open;
                }
                open = Some((death.reports, log.block_number));
            }
        } else if Vault::LifeReported::decode_log(&log.inner).is_ok_and(|life| life.program == program)
            || Vault::ReportsVoided::decode_log(&log.inner).is_ok()
        {
            (before, open) = (None, None);
        }
    }
    let Some((reports, block)) = (if counts { before } else { open }) else { return Ok(None) };
    let last = Moment(chain.time(block.unwrap_or_default()).await?);
    Ok(Some(Lapsed { reports, last }))
}

impl fmt::Display for Lapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reports, last } = self;
        write!(f, "earlier reports are VOID ({reports}, the last at {last}): no other one followed within seven days")
    }
}

fn all<E: SolEvent>(logs: &[Log]) -> Vec<E> {
    logs.iter().filter_map(|log| E::decode_log(&log.inner).ok()).map(|log| log.data).collect()
}
