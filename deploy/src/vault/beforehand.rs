//! What is known of a vault before it is created: what cannot be, and what is most likely a mistake.

use alloy::primitives::Address;
use consilium_bindings::{Governor, Timelock};
use eyre::{Result, bail};

use super::Vault;
use super::doubts::fits;
use super::heir::unfit;
use crate::chain::Chain;
use crate::permissions::answer;

/// Warns of arguments that the vault takes and a DAO does not want, in sentences.
///
/// # Errors
/// If nobody should trust the vault: the heir would die with the programs, or an attempt has too little or too much
/// gas. If the node does not answer.
pub async fn beforehand(chain: &Chain, arguments: &Vault::constructorCall) -> Result<Vec<String>> {
    let Vault::constructorCall { owner, programs, terms } = arguments;
    fits(chain, terms).await?;
    if !terms.heir.is_zero()
        && let Some(reason) = unfit(chain, terms.heir, &[]).await?
    {
        bail!("nothing was sent: {reason}");
    }
    let mut warnings = Vec::new();
    if answer(Timelock::new(*owner, chain.provider()).getMinDelay().call().await)?.is_err() {
        warnings.push(format!("the owner {owner} does not answer as a timelock: it moves what the vault has, alone"));
    }
    if !programs.contains(owner) {
        warnings.push(format!("the owner {owner} is not among the programs: if it dies, the vault never knows"));
    }
    match governor(chain, *owner, programs).await? {
        None => warnings.push(format!(
            "none of the programs is a governor whose timelock is {owner}: if the governor dies, the vault never knows"
        )),
        Some((governor, token)) if !programs.contains(&token) => warnings.push(format!(
            "{token}, the voting token of the governor {governor}, is not among the programs: if it dies, nobody can vote, \
             and the vault never knows"
        )),
        Some(_) => {}
    }
    Ok(warnings)
}

/// The governor among the programs whose decisions a timelock executes, and its token.
async fn governor(chain: &Chain, timelock: Address, programs: &[Address]) -> Result<Option<(Address, Address)>> {
    for program in programs {
        let governor = Governor::new(*program, chain.provider());
        if answer(governor.timelock().call().await)? == Ok(timelock)
            && let Ok(token) = answer(governor.token().call().await)?
        {
            return Ok(Some((*program, token)));
        }
    }
    Ok(None)
}
