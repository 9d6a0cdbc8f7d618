//! What has to hold before a contract is asked: it has code, its program lives, and it is of the kind that was named.

use alloy::primitives::{Address, keccak256};
use eyre::{Result, bail, ensure};
use nitro::PROGRAM_WITHOUT_DICTIONARY;

use super::View;
use crate::activation;
use crate::chain::Chain;
use crate::part::{Name, Part};
use crate::parts;

/// Refuses an address without code, and a program that no call reaches until somebody activates it.
pub(super) async fn expect_alive(chain: &Chain, name: Name, address: Address) -> Result<()> {
    let code = chain.code(address).await?;
    ensure!(
        !code.is_empty(),
        "there is no contract at {address}, which is to be the {name}: correct the address, or take a node of the right chain"
    );
    if code.starts_with(&PROGRAM_WITHOUT_DICTIONARY)
        && let Some(reason) = activation::death(chain, keccak256(&code)).await?
    {
        bail!(
            "the program of the {name} at {address} cannot be called ({reason}): run `consilium renew` with the DAO's \
             settings, which any account may, and then this command again"
        );
    }
    Ok(())
}

/// The refusal of a contract of another kind. It names the kind, if that is known.
pub(super) async fn stranger(
    chain: &Chain,
    part: &'static dyn Part,
    address: Address,
    listed: &[&'static dyn Part],
    reason: &str,
) -> Result<String> {
    let name = part.name();
    let said = format!("what stands at {address} does not answer as {}", name.with_article());
    // A part of somebody else may take every contract for one of its kind.
    let is_listed = |other: Name| other != name && listed.iter().any(|part| part.name() == other);
    for other in parts::ALL.iter().filter(|other| is_listed(other.name())) {
        let view = View::new(chain, vec![(*other, address)]).await?;
        if other.strange(&view).await?.is_none() {
            let (is, folder) = (other.name().with_article(), other.name().folder());
            return Ok(format!("{said}, but as {is}: write --contract {folder}={address}, or correct the address"));
        }
    }
    Ok(format!("{said} of Consilium ({reason}): correct the address"))
}
