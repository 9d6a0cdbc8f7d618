//! What tokens say of themselves: the decimals that limits are written with.

use alloy::eips::BlockId;
use alloy::primitives::Address;
use alloy::sol;
use eyre::{Result, bail};

use super::settings::Settings;
use crate::chain::Chain;
use crate::config::Config;
use crate::config::rules::refusal;
use crate::permissions::answer;

sol! {
    #[sol(rpc)]
    interface Token {
        function decimals() external view returns (uint8);
    }
}

/// How many decimals a token has; None if it does not say.
pub(super) async fn decimals(chain: &Chain, token: Address, at: BlockId) -> Result<Option<u8>> {
    Ok(answer(Token::new(token, chain.provider()).decimals().block(at).call().await)?.ok())
}

/// Refuses a limit with other decimals than the token's: it would be another amount.
pub(super) async fn expect(config: &Config, chain: &Chain) -> Result<()> {
    let Some(settings) = config.sections.get::<Settings>() else { return Ok(()) };
    let at = BlockId::from(chain.head().await?);
    let allowances = settings.holders.iter().flat_map(|holder| &holder.allowances);
    for allowance in allowances.filter(|allowance| !allowance.token.is_zero()) {
        let (token, written) = (allowance.token, allowance.decimals.get_ref());
        let reason = match decimals(chain, token, at).await? {
            Some(found) if found == *written => continue,
            Some(found) => format!("the token {token} has {found} decimals, and not {written}: correct the number"),
            None => format!("what stands at {token} does not say how many decimals it has: name a token of this chain"),
        };
        bail!(config.refuse(refusal(&allowance.decimals, reason)));
    }
    Ok(())
}
