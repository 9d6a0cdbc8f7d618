//! A transaction as people and programs read it.

use alloy::primitives::Address;
use consilium_deploy::safe::{Names, Proposal, Safe, Stage, Standing};
use eyre::Result;
use serde_json::{Value, json};

use crate::say::say;

/// What is not checked where no node is asked.
pub(super) const UNCHECKED: &str = "not checked, since no node was asked: that the Safe is one and is on this chain, its \
                                    owners, threshold and nonce (the file's word), what it says to signatures of \
                                    contracts and of keys on P-256, and what stands at the target";

/// Says what it does, and its hashes as hardware wallets show them.
pub(super) fn say_all(proposal: &Proposal, names: &Names) {
    for line in proposal.words(names) {
        say!("{line}");
    }
    let hashes = proposal.hashes();
    say!("domain hash   {}", hashes.domain);
    say!("message hash  {}", hashes.message);
    say!("safeTxHash    {}", hashes.transaction);
}

/// Says what is wrong with its target, if a node is asked, and whether it may lock an owner out; the same for programs.
/// `signer` is about to sign by a key on P-256.
pub(super) async fn warn(
    safe: Option<&Safe>,
    proposal: &Proposal,
    signer: Option<Address>,
    as_json: bool,
) -> Result<Value> {
    let mut warnings = Vec::from_iter(proposal.warning(signer));
    if let Some(safe) = safe {
        warnings.extend(safe.warning(proposal).await?);
    }
    if !as_json {
        for warning in &warnings {
            say!("{warning}");
        }
    }
    let warning = if warnings.is_empty() { Value::Null } else { warnings.join(". ").into() };
    let unchecked = if safe.is_none() { json!({ "notChecked": UNCHECKED }) } else { json!({}) };
    Ok(with(json!({ "warning": warning }), unchecked))
}

/// What it does and its hashes, for programs.
pub(super) fn json_of(proposal: &Proposal, names: &Names) -> Value {
    let (place, hashes) = (proposal.place(), proposal.hashes());
    json!({
        "chainId": place.chain,
        "safe": place.contract,
        "says": proposal.words(names),
        "transaction": proposal.transaction(),
        "domainHash": hashes.domain,
        "messageHash": hashes.message,
        "safeTxHash": hashes.transaction,
        "signatures": proposal.signatures(),
    })
}

/// Adds members to an object.
pub(super) fn with(mut value: Value, members: Value) -> Value {
    if let (Some(value), Value::Object(members)) = (value.as_object_mut(), members) {
        value.extend(members);
    }
    value
}

/// Who signed and who is missing, on the chain.
pub(super) fn say_standing(proposal: &Proposal, standing: &Standing) {
    let facts = &standing.state.facts;
    let (version, count) = (&facts.version, facts.owners.len());
    say!("the Safe is of version {version}; {} of its {count} owners have to sign", facts.threshold);
    if *facts != *proposal.known() {
        say!("note: its owners, threshold or version were others when this was proposed");
    }
    for owner in &standing.signed {
        say!("signed    {owner}, {}", proposal.kind_of(*owner));
    }
    for owner in &standing.approved {
        say!("approved  {owner}, on the chain");
    }
    for owner in &standing.missing {
        say!("missing   {owner}");
    }
    for owner in &standing.foreign {
        say!("NO OWNER  {owner}: its signature does not count");
    }
    for (owner, reason) in &standing.refused {
        say!("REFUSED   {owner}, {}: {reason}", proposal.kind_of(*owner));
    }
    let next = standing.state.nonce;
    match standing.stage {
        Stage::Executed { transaction, success: true } => say!("executed in {transaction}"),
        Stage::Executed { transaction, success: false } => say!("executed in {transaction}: its call FAILED"),
        Stage::Replaced => say!("cannot be executed any more: another transaction took its nonce (the next is {next})"),
        Stage::Waits(before) => say!("waits: {before} transactions come before it (the Safe's next nonce is {next})"),
        Stage::Signing => say!("lacks {} more", standing.lacks()),
        Stage::Ready => say!("can be executed"),
    }
}

/// Who signed and who is missing, for programs.
pub(super) fn json_of_standing(standing: &Standing) -> Value {
    let (stage, transaction, success) = match standing.stage {
        Stage::Executed { transaction, success } => ("executed", Some(transaction), Some(success)),
        Stage::Replaced => ("replaced", None, None),
        Stage::Waits(_) => ("waiting", None, None),
        Stage::Signing => ("signing", None, None),
        Stage::Ready => ("ready", None, None),
    };
    json!({
        "version": standing.state.facts.version,
        "threshold": standing.state.facts.threshold,
        "owners": standing.state.facts.owners,
        "nextNonce": standing.state.nonce.to_string(),
        "signed": standing.signed,
        "approved": standing.approved,
        "missing": standing.missing,
        "noOwners": standing.foreign,
        "refused": standing.refused.iter().map(|(owner, reason)| json!({ "owner": owner, "reason": reason }))
            .collect::<Vec<_>>(),
        "stage": stage,
        "transactionHash": transaction,
        "success": success,
    })
}
