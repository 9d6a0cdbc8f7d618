//! `consilium consent sign`.

use std::path::PathBuf;

use alloy::primitives::{Address, U256};
use clap::Args;
use consilium_deploy::consent::{Act, Assertion, Draft, Names, Place, Signed, Terms, address, nonce, when};
use eyre::{OptionExt, Result, ensure, eyre};

use super::{Tables, now};
use crate::Key;
use crate::say::say;

#[derive(Args)]
pub(crate) struct Sign {
    /// grant, amend, revoke, revoke-grantee, revoke-all, set-representative, set-recovery, start-recovery, veto-recovery.
    #[arg(value_name = "ACT", required_unless_present_any = ["acts", "unsigned"])]
    act: Option<String>,
    #[command(flatten)]
    arguments: Arguments,
    /// A file of acts, as `import --json` prints it, in place of ACT and its options.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["act", "Arguments"])]
    acts: Option<PathBuf>,
    /// Which act of that file, from 1.
    #[arg(long, value_name = "NUMBER", requires = "acts")]
    item: Option<usize>,
    /// An act that `--challenge` wrote, in place of all that says what is signed.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["act", "Arguments", "acts", "Limits", "challenge"])]
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
    #[command(flatten)]
    tables: Tables,
    /// The file to write, which must not be there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What an act has: each takes some of these.
#[derive(Args)]
struct Arguments {
    /// The patient: an address, or a passkey's public key, as everywhere in an act.
    #[arg(long, value_name = "ACCOUNT")]
    grantor: Option<String>,
    /// Who may see data, or may not.
    #[arg(long, value_name = "ACCOUNT")]
    grantee: Option<String>,
    /// The number of the provision.
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// Classes of data: codes or numbers, or all.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    classes: Vec<String>,
    /// Purposes: codes or numbers, or all.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    purposes: Vec<String>,
    /// Deny, in place of permit.
    #[arg(long)]
    deny: bool,
    /// When it begins: 2027-06-30, +30d, or seconds since 1970.
    #[arg(long, value_name = "TIME")]
    not_before: Option<String>,
    /// When it ends.
    #[arg(long, value_name = "TIME")]
    expiry: Option<String>,
    /// The SHA-256 of the document that it is from.
    #[arg(long, value_name = "HASH")]
    document: Option<String>,
    /// Who may act for the patient.
    #[arg(long, value_name = "ACCOUNT")]
    representative: Option<String>,
    /// Until when; 0 ends it now.
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Who may move the consents to a new key; the zero address for nobody.
    #[arg(long, value_name = "ACCOUNT")]
    recoverer: Option<String>,
    /// The key that the consents move to.
    #[arg(long, value_name = "ACCOUNT")]
    new_key: Option<String>,
}

/// What is signed besides the act.
#[derive(Args)]
struct Limits {
    /// The consent contract.
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

impl Sign {
    pub(crate) fn run(self) -> Result<()> {
        let names = self.tables.names()?;
        let act = match &self.unsigned {
            Some(file) => Signed::load(file)?.retold(&names),
            None => self.limits.of(&self.draft()?.act(&names, now())?, &names)?,
        };
        // Before a key or a password is used.
        say!("{}", act.summary(&names));
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
        if let Some(by) = signed.signed_by() {
            say!("{by}");
        }
        if self.challenge {
            say!("the challenge for the passkey, in base64url: {}", signed.challenge());
        }
        say!("written to {}", self.out.display());
        Ok(())
    }

    fn draft(&self) -> Result<Draft> {
        if let Some(file) = &self.acts {
            return Draft::load(file, self.item);
        }
        let mut draft = Draft::new(self.act.as_deref().unwrap_or_default());
        let given = &self.arguments;
        for (name, value) in [
            ("grantor", &given.grantor),
            ("grantee", &given.grantee),
            ("number", &given.number),
            ("not-before", &given.not_before),
            ("expiry", &given.expiry),
            ("document", &given.document),
            ("representative", &given.representative),
            ("until", &given.until),
            ("recoverer", &given.recoverer),
            ("new-key", &given.new_key),
        ] {
            draft.add(name, value.clone());
        }
        draft.add("classes", given.classes.clone());
        draft.add("purposes", given.purposes.clone());
        draft.add("deny", given.deny.then(|| "true".to_owned()));
        Ok(draft)
    }
}

impl Limits {
    /// The act with these limits.
    fn of(&self, act: &Act, names: &Names) -> Result<Signed> {
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
