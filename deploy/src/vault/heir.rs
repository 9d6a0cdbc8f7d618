//! Whether an heir could act when no Stylus program can.

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol;
use consilium_bindings::Safe;
use eyre::Result;
use nitro::PROGRAM_WITHOUT_DICTIONARY;

use crate::chain::Chain;
use crate::permissions::answer;
use crate::proxy;

sol! {
    /// What a proxy of Safe's answers of itself, whatever code it runs.
    #[sol(rpc)]
    interface SafeProxy {
        function masterCopy() external view returns (address);
    }
}

/// How many Safes are followed that own one another.
const DEPTH: usize = 4;

/// The name of the slot that a Safe's guard is in, by its hash.
const GUARD: &str = "guard_manager.guard.address";

/// What the code of an account begins with that has delegated to other code (EIP-7702). Its key still signs.
const DELEGATION: [u8; 3] = [0xef, 0x01, 0x00];

/// What a minimal proxy's code begins with (ERC-1167). The address of what it runs follows.
const MINIMAL: [u8; 10] = [0x36, 0x3d, 0x3d, 0x37, 0x3d, 0x3d, 0x3d, 0x36, 0x3d, 0x73];

/// Why an heir could not act when Stylus programs cannot. The vault refuses a program. It does not see what a proxy runs,
/// nor who owns a Safe. `planned` are programs that do not stand yet, and proxies of them.
pub(super) async fn mortal(chain: &Chain, heir: Address, planned: &[Address]) -> Result<Option<String>> {
    if heir.is_zero() { Ok(None) } else { mortal_within(chain, heir, planned, DEPTH).await }
}

/// Why an account cannot be the heir of a vault that is to be created.
pub(super) async fn unfit(chain: &Chain, heir: Address, planned: &[Address]) -> Result<Option<String>> {
    if let Some(reason) = mortal(chain, heir, planned).await? {
        return Ok(Some(format!("the vault's heir needs Stylus: {reason}. Name one that does not")));
    }
    let code = chain.code(heir).await?;
    if code.is_empty() {
        return Ok(Some(format!(
            "the vault's heir {heir} has no code on this chain: name a contract, such as a Safe of Safe's own code"
        )));
    }
    let is_delegated = code.starts_with(&[0xef]);
    Ok(is_delegated
        .then(|| format!("the vault's heir {heir} is an account with a key, whose code is another account's")))
}

async fn mortal_within(chain: &Chain, account: Address, planned: &[Address], depth: usize) -> Result<Option<String>> {
    if planned.contains(&account) {
        return Ok(Some(format!("{account} is of this DAO, and will be a Stylus program")));
    }
    if let Some(reason) = needs_stylus(chain, account).await? {
        return Ok(Some(reason));
    }
    let safe = Safe::new(account, chain.provider());
    let Ok(owners) = answer(safe.getOwners().call().await)? else { return Ok(None) };
    let Ok(threshold) = answer(safe.getThreshold().call().await)? else { return Ok(None) };
    let guard = Address::from_word(chain.storage(account, keccak256(GUARD)).await?);
    if let Some(reason) = needs_stylus(chain, guard).await? {
        return Ok(Some(format!("the guard of the Safe {account} needs Stylus: {reason}")));
    }
    let (mut living, mut reasons) = (U256::ZERO, Vec::new());
    for owner in owners {
        let reason = match depth {
            0 => Some(format!("{owner} owns a Safe that owns a Safe, too often to be followed")),
            _ => Box::pin(mortal_within(chain, owner, planned, depth - 1)).await?,
        };
        match reason {
            None => living += U256::ONE,
            Some(reason) => reasons.push(reason),
        }
    }
    Ok((living < threshold).then(|| {
        let reasons = reasons.join("; ");
        format!("{threshold} owners of the Safe {account} have to sign, and {living} need no Stylus: {reasons}")
    }))
}

/// Why the code of an account is a Stylus program, or a proxy of one, if that can be seen.
async fn needs_stylus(chain: &Chain, account: Address) -> Result<Option<String>> {
    let code = chain.code(account).await?;
    if code.is_empty() || code.starts_with(&DELEGATION) {
        return Ok(None);
    }
    if is_program(&code) {
        return Ok(Some(format!("{account} is a Stylus program")));
    }
    if let Ok(singleton) = answer(SafeProxy::new(account, chain.provider()).masterCopy().call().await)?
        && is_program(&chain.code(singleton).await?)
    {
        return Ok(Some(format!("{account} is a Safe whose singleton {singleton} is a Stylus program")));
    }
    let minimal = code.strip_prefix(&MINIMAL).and_then(|rest| rest.get(..20)).map(Address::from_slice);
    let slot: B256 = chain.storage(account, proxy::SLOT).await?;
    let code = minimal.unwrap_or_else(|| Address::from_word(slot));
    let is_program = is_program(&chain.code(code).await?);
    Ok(is_program.then(|| format!("{account} is a proxy of {code}, a Stylus program")))
}

fn is_program(code: &[u8]) -> bool {
    code.starts_with(&PROGRAM_WITHOUT_DICTIONARY[..2])
}
