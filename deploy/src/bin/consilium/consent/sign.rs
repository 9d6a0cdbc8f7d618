//! `consilium consent sign`.

use std::path::PathBuf;

use clap::Args;
use consilium_deploy::consent::Draft;
use eyre::Result;

use super::Tables;
use crate::signing::{Signing, now};

#[derive(Args)]
pub(crate) struct Sign {
    /// grant, amend, revoke, revoke-grantee, revoke-all, set-representative, set-recovery, start-recovery, veto-recovery.
    #[arg(value_name = "ACT", required_unless_present_any = ["acts", "unsigned"])]
    act: Option<String>,
    #[command(flatten)]
    arguments: Arguments,
    /// A file of acts, as `import --json` prints it, in place of ACT and its options.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["act", "Arguments", "unsigned"])]
    acts: Option<PathBuf>,
    /// Which act of that file, from 1.
    #[arg(long, value_name = "NUMBER", requires = "acts")]
    item: Option<usize>,
    #[command(flatten)]
    signing: Signing,
    #[command(flatten)]
    tables: Tables,
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

impl Sign {
    pub(crate) fn run(self) -> Result<()> {
        let names = self.tables.names()?;
        let Self { act, arguments, acts, item, signing, .. } = self;
        let draft = || match acts {
            Some(file) => Draft::load(&file, item),
            None => Ok(arguments.draft(act.as_deref().unwrap_or_default())),
        };
        signing.run(&names, || draft()?.act(&names, now()), false)
    }
}

impl Arguments {
    fn draft(self, act: &str) -> Draft {
        let mut draft = Draft::new(act);
        for (name, value) in [
            ("grantor", self.grantor),
            ("grantee", self.grantee),
            ("number", self.number),
            ("not-before", self.not_before),
            ("expiry", self.expiry),
            ("document", self.document),
            ("representative", self.representative),
            ("until", self.until),
            ("recoverer", self.recoverer),
            ("new-key", self.new_key),
        ] {
            draft.add(name, value);
        }
        draft.add("classes", self.classes);
        draft.add("purposes", self.purposes);
        draft.add("deny", self.deny.then(|| "true".to_owned()));
        draft
    }
}
