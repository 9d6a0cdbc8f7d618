//! What `consilium consent sign` and `consilium registry sign` have in common: what is signed besides the act, by whom,
//! and where it is written.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use alloy::primitives::{Address, U256};
use clap::Args;
use consilium_deploy::consent::Names;
use consilium_deploy::signing::{Assertion, Place, Signable, Signed, Terms, address, nonce, when};
use eyre::{OptionExt, Result, ensure, eyre};
use serde_json::json;

use crate::Key;
use crate::say::{answer, say};

/// How an act is signed.
#[derive(Args)]
pub(crate) struct Signing {
    /// An act that `--challenge` wrote, in place of all that says what is signed.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["act", "Arguments", "Limits", "challenge"])]
    unsigned: Option<PathBuf>,
    #[command(flatten)]
    limits: Limits,
    /// Write the act unsigned, and print the challenge for a passkey.
    #[arg(long, conflicts_with_all = ["keystore", "assertion"])]
    challenge: bool,
    /// What a passkey signed: a file with authenticatorData, clientDataJSON, signature and publicKey.
    #[arg(long, value_name = "FILE", requires = "unsigned", conflicts_with = "keystore")]
    assertion: Option<PathBuf>,
    #[command(flatten)]
    key: Key,
    /// The file to write, which must not be there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What is signed besides the act.
#[derive(Args)]
struct Limits {
    /// The contract.
    #[arg(long, value_name = "ADDRESS", value_parser = address, required_unless_present = "unsigned")]
    contract: Option<Address>,
    /// The id of its chain.
    #[arg(long, value_name = "ID", required_unless_present = "unsigned")]
    chain: Option<u64>,
    /// How many acts the signer had performed under the nonce's key; where it is another number, relay says which.
    #[arg(long, value_name = "NUMBER", required_unless_present = "unsigned")]
    nonce: Option<u64>,
    /// The nonce's key: acts under different keys are relayed in any order.
    #[arg(long, value_name = "NUMBER")]
    nonce_key: Option<U256>,
    /// Until when it may be performed; seven days from now if it is not said.
    #[arg(long, value_name = "TIME")]
    deadline: Option<String>,
    /// Who alone may relay it; anybody if it is not said.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    relayer: Option<Address>,
}

impl Signing {
    /// Signs the act to the file, unless the command line names an act that is there already. Tells it in lines, or as
    /// JSON.
    pub(crate) fn run<A: Signable>(self, names: &Names, act: impl FnOnce() -> Result<A>, as_json: bool) -> Result<()> {
        let act = match &self.unsigned {
            Some(file) => Signed::load(file)?.retold(names),
            None => self.limits.of(&act()?, names)?,
        };
        if !as_json {
            // Before a key or a password is used.
            say!("{}", act.summary(names));
        }
        let signed = match &self.assertion {
            _ if self.challenge => act,
            Some(assertion) => act.with_assertion(&Assertion::load(assertion)?)?,
            None => {
                let key = self.key.key(act.place().chain)?;
                act.sign(&key)?
            }
        };
        if !self.challenge {
            signed.check(now())?;
        }
        signed.write_new(&self.out)?;
        let challenge = self.challenge.then(|| signed.challenge());
        if as_json {
            let told = json!({
                "says": signed.words(names),
                "digest": signed.digest(),
                "signer": signed.account(),
                "challenge": challenge,
                "file": self.out,
            });
            return answer(&consilium_deploy::json::pretty(&told)?);
        }
        if let Some(by) = signed.signed_by() {
            say!("{by}");
        }
        if let Some(challenge) = challenge {
            say!("the challenge for the passkey, in base64url: {challenge}");
        }
        say!("written to {}", self.out.display());
        Ok(())
    }
}

impl Limits {
    /// The act with these limits.
    fn of<A: Signable>(&self, act: &A, names: &Names) -> Result<Signed<A>> {
        let missing = "give --contract, --chain and --nonce";
        let (contract, chain) = (self.contract.ok_or_eyre(missing)?, self.chain.ok_or_eyre(missing)?);
        let number = self.nonce.ok_or_eyre(missing)?;
        let nonce = nonce(self.nonce_key.unwrap_or_default(), number).map_err(|reason| eyre!(reason))?;
        let deadline = self.deadline.as_deref().unwrap_or("+7d");
        let deadline = when(deadline, "the deadline", now()).map_err(|reason| eyre!(reason))?;
        ensure!(deadline > now(), "the deadline is over already: give a later one, as +7d");
        let terms = Terms { nonce, deadline, relayer: self.relayer.unwrap_or_default() };
        Signed::new(act, Place { chain, contract }, terms, names)
    }
}

/// This machine's time: offline there is no other.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
