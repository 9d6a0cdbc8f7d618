//! Whether an heir could act when no Stylus program can.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol;
use consilium_bindings::Safe;
use eyre::{Result, bail};
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

/// How many owners of a Safe are looked at.
const OWNERS: usize = 50;

/// How many accounts are looked at for an heir. Each takes the node some seconds at most.
const ACCOUNTS: usize = 200;

/// How many owners a sentence gives reasons for.
const REASONS: usize = 3;

/// The name of the slot that a Safe's guard is in, by its hash.
const GUARD: &str = "guard_manager.guard.address";

/// What the code of an account begins with that has delegated to other code (EIP-7702). Its key still signs.
const DELEGATION: [u8; 3] = [0xef, 0x01, 0x00];

/// What a minimal proxy's code begins with (ERC-1167). The address of what it runs follows.
const MINIMAL: [u8; 10] = [0x36, 0x3d, 0x3d, 0x37, 0x3d, 0x3d, 0x3d, 0x36, 0x3d, 0x73];

/// Why an heir could not act when Stylus programs cannot. The vault refuses a program. It does not see what a proxy runs,
/// nor who owns a Safe. `planned` are programs that do not stand yet, and proxies of them.
///
/// # Errors
/// If the node does not answer. If there are too many owners, or owners of owners: what answers as a Safe may be anything,
/// and name other owners each time.
pub(super) async fn mortal(chain: &Chain, heir: Address, planned: &[Address]) -> Result<Option<String>> {
    if heir.is_zero() {
        return Ok(None);
    }
    let mut search = Search { chain, planned, known: BTreeMap::new(), left: ACCOUNTS };
    match search.fate(heir, DEPTH).await? {
        Fate::Lives => Ok(None),
        Fate::Dies(reason) => Ok(Some(reason)),
        Fate::Unknown(reason) => bail!("whether the heir needs Stylus is not known: {reason}"),
    }
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

/// What becomes of an account when no Stylus program can be called.
#[derive(Clone)]
enum Fate {
    /// It needs none.
    Lives,
    /// It needs one, and why.
    Dies(String),
    /// It was not looked at, and why.
    Unknown(String),
}

/// Looks at an heir, its owners, and theirs.
struct Search<'a> {
    chain: &'a Chain,
    planned: &'a [Address],
    /// What was found already.
    known: BTreeMap<Address, Fate>,
    /// How many accounts may still be looked at.
    left: usize,
}

impl Search<'_> {
    async fn fate(&mut self, account: Address, depth: usize) -> Result<Fate> {
        if let Some(known) = self.known.get(&account) {
            return Ok(known.clone());
        }
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(Fate::Unknown(format!("more than {ACCOUNTS} accounts own one another")));
        };
        self.left = left;
        let fate = self.look(account, depth).await?;
        // From nearer to the heir more of it can be seen.
        if !matches!(fate, Fate::Unknown(_)) {
            self.known.insert(account, fate.clone());
        }
        Ok(fate)
    }

    async fn look(&mut self, account: Address, depth: usize) -> Result<Fate> {
        let chain = self.chain;
        if self.planned.contains(&account) {
            return Ok(Fate::Dies(format!("{account} is of this DAO, and will be a Stylus program")));
        }
        if let Some(reason) = needs_stylus(chain, account).await? {
            return Ok(Fate::Dies(reason));
        }
        let safe = Safe::new(account, chain.provider());
        let Ok(owners) = answer(safe.getOwners().call().await)? else { return Ok(Fate::Lives) };
        let Ok(threshold) = answer(safe.getThreshold().call().await)? else { return Ok(Fate::Lives) };
        let guard = Address::from_word(chain.storage(account, keccak256(GUARD)).await?);
        if let Some(reason) = needs_stylus(chain, guard).await? {
            return Ok(Fate::Dies(format!("the guard of the Safe {account} needs Stylus: {reason}")));
        }
        let count = owners.len();
        if count > OWNERS {
            return Ok(Fate::Unknown(format!("{account} has {count} owners, and {OWNERS} are looked at")));
        }
        if owners.iter().collect::<BTreeSet<_>>().len() < count {
            return Ok(Fate::Dies(format!("{account} names an owner twice, as no Safe does, so it may do anything")));
        }
        self.of_safe(account, &owners, threshold, depth).await
    }

    async fn of_safe(&mut self, safe: Address, owners: &[Address], threshold: U256, depth: usize) -> Result<Fate> {
        let (mut living, mut unknown, mut reasons) = (0_usize, 0_usize, Vec::new());
        for owner in owners {
            let fate = match depth {
                0 => Fate::Unknown(format!("{owner} owns a Safe that owns a Safe, too often to be followed")),
                _ => Box::pin(self.fate(*owner, depth - 1)).await?,
            };
            match fate {
                Fate::Lives => living += 1,
                Fate::Dies(reason) => reasons.push(reason),
                Fate::Unknown(reason) => {
                    unknown += 1;
                    reasons.push(reason);
                }
            }
        }
        if U256::from(living) >= threshold {
            return Ok(Fate::Lives);
        }
        // One reason may have others in it.
        let more = reasons.len().saturating_sub(REASONS);
        reasons.truncate(REASONS);
        if more > 0 {
            reasons.push(format!("and {more} more"));
        }
        let of = if unknown == 0 { String::new() } else { format!(", and of {unknown} it is not known") };
        let reason = format!(
            "{threshold} owners of the Safe {safe} have to sign, and {living} need no Stylus{of}: {}",
            reasons.join("; ")
        );
        Ok(if U256::from(living + unknown) < threshold { Fate::Dies(reason) } else { Fate::Unknown(reason) })
    }
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
