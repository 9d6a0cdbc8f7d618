//! The key that sends: from an encrypted keystore or the environment, never from the command line, whose words every
//! user of the machine and the shell's history can read.

mod keystore;

use std::env;
use std::path::{Path, PathBuf};

use alloy::signers::local::PrivateKeySigner;
use eyre::{OptionExt, Result, WrapErr, bail, ensure, eyre};
use nitro::DEV_KEY;

use crate::files;

/// The chain id of a Nitro devnode.
pub const DEV_CHAIN: u64 = nitro::CHAIN_ID;

/// The environment variable of a bare private key.
const KEY_VARIABLE: &str = "CONSILIUM_PRIVATE_KEY";

/// The environment variable of a keystore's password.
const PASSWORD_VARIABLE: &str = "CONSILIUM_KEYSTORE_PASSWORD";

/// Where a key comes from, as far as the command line says.
#[derive(Clone, Debug, Default)]
pub struct KeySource {
    /// An encrypted keystore file (Web3 Secret Storage, as geth and `cast wallet` write it).
    pub keystore: Option<PathBuf>,
    /// A file whose first line is the keystore's password.
    pub password_file: Option<PathBuf>,
}

impl KeySource {
    /// The key for a chain: the keystore's; else that in `CONSILIUM_PRIVATE_KEY`; else, on chain 412346 alone, the
    /// devnode's. A keystore's password comes from the password file, else from `CONSILIUM_KEYSTORE_PASSWORD`, else
    /// from `ask`.
    ///
    /// # Errors
    /// If there is no key, or what is given is none. Key and password are in no message.
    pub fn key(&self, chain: u64, ask: impl FnOnce() -> Result<String>) -> Result<PrivateKeySigner> {
        if let Some(keystore) = &self.keystore {
            is_there(keystore)?;
            let password = match (self.password()?, variable(PASSWORD_VARIABLE)?) {
                (Some(password), _) | (None, Some(password)) => password,
                (None, None) => ask()?,
            };
            return decrypt(keystore, &password);
        }
        ensure!(self.password_file.is_none(), "a password file is of use only with a keystore");
        match variable(KEY_VARIABLE)? {
            // The parser's error may quote its input.
            Some(key) => {
                key.trim().parse().map_err(|_| eyre!("{KEY_VARIABLE} is no private key: 64 hexadecimal digits"))
            }
            None if chain == DEV_CHAIN => Ok(dev_key()),
            None => bail!("there is no key for chain {chain}: give --keystore, or set {KEY_VARIABLE}"),
        }
    }

    /// The key of a second keystore. The environment's password is that of the first one.
    ///
    /// # Errors
    /// As [`KeySource::key`].
    pub fn second(&self, ask: impl FnOnce() -> Result<String>) -> Result<PrivateKeySigner> {
        let keystore = self.keystore.as_ref().ok_or_eyre("no keystore is named")?;
        is_there(keystore)?;
        let password = self.password()?.map_or_else(ask, Ok)?;
        decrypt(keystore, &password)
    }

    /// The password in the file, if there is one.
    fn password(&self) -> Result<Option<String>> {
        let Some(file) = &self.password_file else { return Ok(None) };
        let text = files::text(file, files::MEBIBYTE).wrap_err_with(|| format!("{} cannot be read", file.display()))?;
        Ok(Some(text.lines().next().unwrap_or_default().to_owned()))
    }
}

/// The devnode's key.
pub fn dev_key() -> PrivateKeySigner {
    PrivateKeySigner::from_bytes(&DEV_KEY).expect("a valid key")
}

/// Nobody is asked for the password of what is not there.
fn is_there(keystore: &Path) -> Result<()> {
    ensure!(keystore.is_file(), "there is no keystore {}", keystore.display());
    Ok(())
}

fn decrypt(keystore: &Path, password: &str) -> Result<PrivateKeySigner> {
    let refused = |reason: String| eyre!("the keystore {} does not open: {reason}", keystore.display());
    let text = files::bytes(keystore, files::MEBIBYTE).map_err(|error| refused(error.to_string()))?;
    keystore::check(&text).map_err(refused)?;
    PrivateKeySigner::decrypt_keystore(keystore, password).map_err(|error| refused(error.to_string()))
}

fn variable(name: &str) -> Result<Option<String>> {
    match env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => bail!("{name} is no text"),
    }
}

#[cfg(test)]
mod tests;
