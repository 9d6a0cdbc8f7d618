//! The vault is as the file has it, and nobody but its owner ever changed it. No death is reported.

use alloy::primitives::{Address, keccak256, utils::format_ether};
use eyre::Result;

use super::history::History;
use super::{CODE_HASH, PlannedVault, doubts, state};
use crate::chain::Chain;
use crate::proof::Proof;

/// What is promised where nothing may be.
const NOTHING: &str = "nothing";

fn listed(accounts: &[Address]) -> String {
    accounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

pub(crate) async fn prove(proof: &mut Proof, chain: &Chain, planned: &PlannedVault) -> Result<()> {
    let (vault, arguments) = (planned.address, &planned.arguments);
    let code_hash = keccak256(chain.code(vault).await?);
    proof.check("code hash of the vault", CODE_HASH, code_hash);
    if code_hash != CODE_HASH {
        // What is no vault answers nothing that could be compared.
        return Ok(());
    }
    let state = state(chain, vault).await?;
    let (terms, expected) = (&state.terms, &arguments.terms);
    proof.check("vault.owner", arguments.owner, state.owner);
    proof.check("vault.terms: heir", expected.heir, terms.heir);
    proof.check("vault.terms: seconds that a program has to be dead", expected.deathPeriod, terms.deathPeriod);
    proof.check("vault.terms: seconds that the heir waits", expected.escapeDelay, terms.escapeDelay);
    proof.check("vault.terms: reports that confirm a death", expected.minReports, terms.minReports);
    proof.check("vault.terms: gas of an attempt", expected.activationGas, terms.activationGas);
    let watched: Vec<_> = state.programs.iter().map(|watched| watched.program).collect();
    proof.check("vault.programs", listed(&arguments.programs), listed(&watched));
    for watched in &state.programs {
        let subject = format!("vault: reports of the death of {}", watched.program);
        proof.check(subject, state.reported(&super::Watched::default()), state.reported(watched));
    }
    let history = History::read(chain, vault, state.owner).await?;
    proof.check("vault.owner: how often it was set", 1, history.owners.len());
    proof.check("vault.programs: how often they were set", 1, history.programs);
    proof.check("vault.terms: how often they were set", 1, history.terms);
    let doubts = doubts(chain, vault, &state, &[], planned.factory()).await;
    let said = if doubts.is_empty() { NOTHING.to_owned() } else { doubts.join("; ") };
    proof.check("what speaks against the vault", NOTHING, said);
    proof.note(format!(
        "the vault at {vault} holds {} ether. Until now {} reports found a program dead, {} found one alive again, and the \
         owner has voided reports {} times",
        format_ether(state.ether),
        history.deaths,
        history.lives,
        history.voided
    ));
    Ok(())
}
