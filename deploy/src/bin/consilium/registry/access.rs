//! `consilium registry key`, `request`, `deliver`, `decline` and `open`.

use std::path::{Path, PathBuf};

use alloy::primitives::{Address, B256};
use clap::{ArgGroup, Args};
use consilium_deploy::registry::{
    EncryptionKey, RecordKey, WrappedKey, decline, deliver, mark_overdue, may_deliver, may_request, open, open_request,
    permits, request, wrap,
};
use consilium_deploy::signing::address;
use eyre::{Result, WrapErr, bail, ensure, eyre};
use serde_json::json;

use crate::at::{At, By, id};
use crate::consent::Tables;
use crate::say::{answer, say};

#[derive(Args)]
pub(crate) struct MakeKey {
    /// The file to write, which must not be there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

impl MakeKey {
    pub(crate) fn run(self) -> Result<()> {
        let key = RecordKey::random()?;
        key.write_new(&self.out)?;
        if self.json {
            let found = json!({ "keyCommitment": key.commitment(), "file": self.out });
            return answer(&consilium_deploy::json::pretty(&found)?);
        }
        say!("the commitment to it: {}", key.commitment());
        say!("written to {}: whoever has it reads the record", self.out.display());
        Ok(())
    }
}

/// The key that a record's key is to be wrapped for.
#[derive(Args)]
pub(super) struct KeyToAskWith {
    /// A public key of X25519, whose private key you keep.
    #[arg(long, value_name = "KEY", value_parser = id, conflicts_with = "key_file")]
    encryption_key: Option<B256>,
    /// A file with a pair of keys; a new pair is made and kept there if there is no such file.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

impl KeyToAskWith {
    pub(super) const fn is_given(&self) -> bool {
        self.encryption_key.is_some() || self.key_file.is_some()
    }

    /// The public key. A new pair is written to its file.
    pub(super) fn public(&self) -> Result<B256> {
        match (self.encryption_key, &self.key_file) {
            (Some(key), _) => Ok(key),
            (None, Some(file)) if file.try_exists()? => Ok(EncryptionKey::load(file)?.public()),
            (None, Some(file)) => {
                let pair = EncryptionKey::random();
                // Before it is asked with: the answer for a key that is lost is lost.
                pair.write_new(file)?;
                Ok(pair.public())
            }
            (None, None) => bail!("give --encryption-key, or --key-file"),
        }
    }
}

#[derive(Args)]
#[command(group = ArgGroup::new("wrapped for").args(["encryption_key", "key_file"]).required(true))]
pub(crate) struct Ask {
    /// The pointer's id.
    #[arg(long, value_name = "ID", value_parser = id)]
    id: B256,
    /// What for: a code or a number.
    #[arg(long, value_name = "CODE")]
    purpose: String,
    /// The organisation that you act for.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    on_behalf_of: Option<Address>,
    #[command(flatten)]
    key: KeyToAskWith,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    tables: Tables,
}

impl Ask {
    pub(crate) async fn run(self) -> Result<()> {
        let names = self.tables.names()?;
        let purpose = names.purpose(&self.purpose).map_err(|reason| eyre!(reason))?;
        let (registry, sender, told) = self.by.registry().await?;
        let on_behalf_of = self.on_behalf_of.unwrap_or_default();
        may_request(&registry, &sender, self.id, purpose, on_behalf_of).await?;
        let key = self.key.public()?;
        let (found, sent) = request(&registry, &sender, self.id, purpose, on_behalf_of, key).await?;
        told.done(
            &format!("asked {}: request {}, due by {}", found.custodian, found.request, found.due()),
            json!({
                "id": found.id,
                "request": found.request,
                "custodian": found.custodian,
                "encryptionKey": found.encryption_key,
                "dueBy": found.due().to_string(),
            }),
            &sent,
        )
    }
}

/// A request of a pointer.
#[derive(Args)]
struct Which {
    /// The pointer's id.
    #[arg(long, value_name = "ID", value_parser = id)]
    id: B256,
    /// The request's id.
    #[arg(long, value_name = "ID", value_parser = id)]
    request: B256,
}

#[derive(Args)]
pub(crate) struct Deliver {
    #[command(flatten)]
    which: Which,
    /// The file of the record's key, as `registry key` writes it.
    #[arg(long, value_name = "FILE")]
    record_key: PathBuf,
    /// The file of the wrapped key, to write and then to give to who asked. One for the same request is used again.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    by: By,
}

impl Deliver {
    pub(crate) async fn run(self) -> Result<()> {
        let key = RecordKey::load(&self.record_key)?;
        let (registry, sender, told) = self.by.registry().await?;
        let found = open_request(&registry, self.which.id, self.which.request).await?;
        may_deliver(&registry, &sender, &found).await?;
        ensure!(
            permits(&registry, &found).await?,
            "the subject's consent does not permit the request {} any more: `consilium registry decline` declines it",
            found.request
        );
        let wrapped = kept(&self.out, wrap(&registry, &found, &key).await?)?;
        let sent = deliver(&registry, &sender, &wrapped).await.wrap_err_with(|| {
            format!(
                "{} has the wrapped key, and `consilium registry show` says whether it was recorded: if it was not, \
                 run the command again",
                self.out.display()
            )
        })?;
        told.done(
            &format!("answered the request {} of {}: give {} to it", found.request, found.actor, self.out.display()),
            json!({
                "id": found.id,
                "request": found.request,
                "actor": found.actor,
                "wrappedKeyHash": wrapped.hash(),
                "file": self.out,
            }),
            &sent,
        )
    }
}

/// The wrapped key as the file has it: what an earlier run wrote for the same request may have been recorded.
fn kept(file: &Path, made: WrappedKey) -> Result<WrappedKey> {
    if !file.try_exists()? {
        made.write_new(file)?;
        return Ok(made);
    }
    let found = WrappedKey::load(file)?;
    ensure!(
        found.asked() == made.asked(),
        "{} is there already, for another request: name another file, or move it away",
        file.display()
    );
    Ok(found)
}

#[derive(Args)]
pub(crate) struct Decline {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    by: By,
}

impl Decline {
    pub(crate) async fn run(self) -> Result<()> {
        let (registry, sender, told) = self.by.registry().await?;
        let found = open_request(&registry, self.which.id, self.which.request).await?;
        let (reason, sent) = decline(&registry, &sender, &found).await?;
        told.done(
            &format!("declined the request {}: {} (reason {reason})", found.request, fhir::reason(reason)),
            json!({ "id": found.id, "request": found.request, "reason": reason, "words": fhir::reason(reason) }),
            &sent,
        )
    }
}

#[derive(Args)]
pub(crate) struct Overdue {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    by: By,
}

impl Overdue {
    pub(crate) async fn run(self) -> Result<()> {
        let Self { which: Which { id, request }, by } = self;
        let (registry, sender, told) = by.registry().await?;
        let (custodian, sent) = mark_overdue(&registry, &sender, id, request).await?;
        told.done(
            &format!("counted the request {request}: {custodian} has not answered it in time"),
            json!({ "id": id, "request": request, "custodian": custodian }),
            &sent,
        )
    }
}

#[derive(Args)]
pub(crate) struct Open {
    /// The file of the wrapped key.
    #[arg(value_name = "FILE")]
    wrapped: PathBuf,
    /// The file of the keys that were asked with.
    #[arg(long, value_name = "FILE")]
    key_file: PathBuf,
    /// The file of the record's key, which must not be there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    at: At,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

impl Open {
    pub(crate) async fn run(self) -> Result<()> {
        let (wrapped, key) = (WrappedKey::load(&self.wrapped)?, EncryptionKey::load(&self.key_file)?);
        let opened = open(&self.at.registry().await?, &wrapped, &key).await?;
        opened.write_new(&self.out)?;
        if self.json {
            let found = json!({ "id": wrapped.asked().id, "keyCommitment": opened.commitment(), "file": self.out });
            return answer(&consilium_deploy::json::pretty(&found)?);
        }
        say!("opened the key of {}", wrapped.asked().id);
        say!("written to {}: whoever has it reads the record", self.out.display());
        Ok(())
    }
}
