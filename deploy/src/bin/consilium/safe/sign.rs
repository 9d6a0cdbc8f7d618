//! `consilium safe sign`.

use std::path::PathBuf;

use alloy::primitives::{Address, Bytes, U256};
use clap::Args;
use consilium_deploy::safe::{Manner, Names, Proposal, Safe, approve};
use eyre::{Result, ensure};
use serde_json::{Value, json};

use super::Files;
use super::told::{UNCHECKED, json_of, say_all, warn, with};
use crate::at::{Told, print};
use crate::say::say;
use crate::{Key, Node};

#[derive(Args)]
pub(crate) struct Sign {
    #[command(flatten)]
    files: Files,
    /// Sign the hash with the prefix of eth_sign, as wallets do that know only messages.
    #[arg(long)]
    eth_sign: bool,
    /// Approve the hash on the chain in place of a signature, by a transaction of the key. No file is written.
    #[arg(long, conflicts_with_all = ["eth_sign", "signature", "offline", "out"])]
    on_chain: bool,
    /// What another wallet signed, as a hardware wallet: 65 bytes, typed data or eth_sign.
    #[arg(long, value_name = "HEX", value_parser = signature, conflicts_with_all = ["keystore", "eth_sign"])]
    signature: Option<Bytes>,
    /// Sign also a delegated call, whose target's code can take the whole Safe.
    #[arg(long)]
    allow_delegatecall: bool,
    /// Ask no node: what is then not checked is said.
    #[arg(long)]
    offline: bool,
    /// The file to write, which must not be there yet.
    #[arg(long, value_name = "FILE", required_unless_present = "on_chain")]
    out: Option<PathBuf>,
    #[command(flatten)]
    key: Key,
    #[command(flatten)]
    node: Node,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

impl Sign {
    pub(crate) async fn run(self) -> Result<()> {
        let (proposal, names) = self.files.load()?;
        let safe = if self.offline { None } else { Some(self.node.safe_of(&proposal).await?) };
        if !self.json {
            // Before a key or a password is used.
            say_all(&proposal, &names);
        }
        let mut told = match &safe {
            Some(safe) => warn(safe, &proposal, self.json).await?,
            None => json!({ "notChecked": UNCHECKED }),
        };
        proposal.agree_to_delegatecall(self.allow_delegatecall)?;
        let (owners, standing) = owners(&proposal, safe.as_ref()).await?;
        if let Some((before, next)) = standing {
            if !before.is_zero() && !self.json {
                say!("{before} transactions come before it (the next nonce is {next})");
            }
            told = with(told, json!({ "before": before.to_string(), "nextNonce": next.to_string() }));
        }
        if safe.is_none() && !self.json {
            say!("{UNCHECKED}");
        }
        if let (true, Some(safe)) = (self.on_chain, &safe) {
            return self.approve(safe, &proposal, &names, &owners, told).await;
        }
        self.add(proposal, &names, &owners, told)
    }

    /// Adds a signature, and writes the file.
    fn add(self, proposal: Proposal, names: &Names, owners: &[Address], told: Value) -> Result<()> {
        let mut signed = proposal.retold(names);
        let owner = match &self.signature {
            Some(signature) => signed.add_made_elsewhere(signature, owners)?,
            None => {
                let key = self.key.key(signed.place().chain)?;
                signed.expect_owner(key.address(), owners)?;
                signed.sign(&key, if self.eth_sign { Manner::EthSign } else { Manner::TypedData })?;
                key.address()
            }
        };
        let out = self.out.unwrap_or_default();
        signed.write_new(&out)?;
        if self.json {
            let own = json!({ "signedBy": owner, "file": out });
            return print(&with(with(json_of(&signed, names), own), told));
        }
        say!("signed by {owner}");
        say!("written to {}", out.display());
        Ok(())
    }

    /// Approves it on the chain.
    async fn approve(
        self,
        safe: &Safe,
        proposal: &Proposal,
        names: &Names,
        owners: &[Address],
        told: Value,
    ) -> Result<()> {
        let key = self.key.key(proposal.place().chain)?;
        proposal.expect_owner(key.address(), owners)?;
        let sender = safe.chain().clone().with_key(key)?;
        let sent = approve(safe, &sender, proposal).await?;
        let owner = sender.account();
        Told(self.json).done(
            &format!("approved by {owner}, on the chain"),
            with(with(json_of(proposal, names), json!({ "approvedBy": owner })), told),
            &sent,
        )
    }
}

/// The owners of a Safe as it is, or as the file says; where a node is asked, how many transactions come before this one,
/// and the next nonce. Refuses a file that can lead to nothing.
async fn owners(proposal: &Proposal, safe: Option<&Safe>) -> Result<(Vec<Address>, Option<(U256, U256)>)> {
    let (owners, standing) = match safe {
        None => (proposal.known().owners.clone(), None),
        Some(safe) => {
            let state = safe.state().await?;
            let before = state.before(proposal.transaction().nonce)?;
            (state.facts.owners, Some((before, state.nonce)))
        }
    };
    for confirmation in proposal.signatures() {
        let owner = confirmation.owner;
        ensure!(owners.contains(&owner), "it has a signature of {owner}, who is no owner: let it be proposed again");
    }
    Ok((owners, standing))
}

/// A signature.
fn signature(text: &str) -> Result<Bytes, &'static str> {
    let bytes = text.strip_prefix("0x").and_then(|digits| alloy::hex::decode(digits).ok());
    bytes.map(Bytes::from).ok_or("this is not a signature: write 0x and 130 hexadecimal digits")
}
