//! An act as a person writes it: by options, or in a file of JSON with the same names.

use std::collections::BTreeMap;
use std::path::Path;

use alloy::primitives::aliases::U48;
use alloy::primitives::{Address, B256};
use consilium_bindings::Consent as abi;
use eyre::{Result, WrapErr, bail, ensure, eyre};
use serde_json::Value;
use serde_json::value::RawValue;

use super::act::Act;
use super::names::Names;
use crate::files;
use crate::rows::Members;
use crate::signing::{account, when};

/// The key of a file that says which act it is.
const ACT: &str = "act";

/// An act's name and its arguments, of which nothing has been checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    act: String,
    /// By names as those of the options: `not-before`.
    arguments: BTreeMap<String, Vec<String>>,
}

impl Draft {
    /// An act without arguments.
    pub fn new(act: &str) -> Self {
        Self { act: act.to_owned(), arguments: BTreeMap::new() }
    }

    /// Adds an argument, if it has values.
    pub fn add(&mut self, name: &str, values: impl IntoIterator<Item = String>) {
        let values: Vec<_> = values.into_iter().collect();
        if !values.is_empty() {
            self.arguments.insert(name.to_owned(), values);
        }
    }

    /// Reads a file that has an act, or a list of acts as an import prints it: then the act of this number, from 1.
    ///
    /// # Errors
    /// If the file cannot be read, has another form, or has no such act.
    pub fn load(path: &Path, number: Option<usize>) -> Result<Self> {
        let mut drafts = Self::load_all(path)?;
        let (count, file) = (drafts.len(), path.display());
        let place = match number {
            None => {
                ensure!(count == 1, "{file} has {count} acts: say by --item which one, from 1 to {count}");
                0
            }
            Some(number) => {
                ensure!((1..=count).contains(&number), "{file} has {count} acts, and no act {number}: correct --item");
                number - 1
            }
        };
        Ok(drafts.swap_remove(place))
    }

    /// Reads all acts of a file.
    ///
    /// # Errors
    /// If the file cannot be read, has another form, or has no act.
    pub fn load_all(path: &Path) -> Result<Vec<Self>> {
        let text = files::text(path, files::MEBIBYTE).wrap_err_with(|| format!("{} cannot be read", path.display()))?;
        Self::parse(&text).map_err(|reason| eyre!("{}: {reason}", path.display()))
    }

    /// Reads one act.
    ///
    /// # Errors
    /// If the value has another form.
    pub(super) fn read_one(value: Value) -> Result<Self> {
        Self::of_object(&value.to_string()).map_err(|reason| eyre!(reason))
    }

    fn parse(text: &str) -> Result<Vec<Self>, String> {
        let read = |error: serde_json::Error| files::json(&error);
        let whole: &RawValue = serde_json::from_str(text).map_err(read)?;
        if !whole.get().starts_with('[') {
            return Ok(vec![Self::of_object(whole.get())?]);
        }
        let acts: Vec<&RawValue> = serde_json::from_str(whole.get()).map_err(read)?;
        if acts.is_empty() {
            return Err("it has no act: write at least one".to_owned());
        }
        acts.into_iter().map(|act| Self::of_object(act.get())).collect()
    }

    /// Reads an object of JSON. A member that is there twice is refused: programs differ in which of the two they take.
    fn of_object(text: &str) -> Result<Self, String> {
        let none = |_| "it is not an act: write { \"act\": \"grant\", … }".to_owned();
        let Members(members) = serde_json::from_str(text).map_err(none)?;
        let mut draft = Self::default();
        for (key, value) in members {
            let name = kebab(&key);
            let values = match serde_json::from_str(value.get()).map_err(|error| files::json(&error))? {
                Value::Array(values) => values.into_iter().map(|value| word(&name, value)).collect::<Result<_, _>>()?,
                value => vec![word(&name, value)?],
            };
            if draft.arguments.insert(name.clone(), values).is_some() {
                return Err(format!("`{name}` is there twice: delete one"));
            }
        }
        draft.act = match draft.arguments.remove(ACT).as_deref() {
            Some([act]) => act.clone(),
            _ => return Err("it does not say which act it is: write \"act\": \"grant\"".to_owned()),
        };
        Ok(draft)
    }

    /// The act.
    ///
    /// # Errors
    /// If there is no such act, an argument is missing, does not belong to it, or cannot be.
    pub fn act(mut self, names: &Names, now: u64) -> Result<Act> {
        let act = self.read(names, now).map_err(|reason| eyre!("{}: {reason}", self.act))?;
        if let Some(name) = self.arguments.keys().next() {
            bail!("{} does not take `{name}`: leave it out", self.act);
        }
        Ok(act)
    }

    fn read(&mut self, names: &Names, now: u64) -> Result<Act, String> {
        Ok(match self.act.as_str() {
            "grant" => {
                Act::Grant(abi::grantCall { grantor: self.account("grantor")?, provision: self.provision(names, now)? })
            }
            "amend" => Act::Amend(abi::amendCall {
                grantor: self.account("grantor")?,
                number: self.number()?,
                provision: self.provision(names, now)?,
            }),
            "revoke" => Act::Revoke(abi::revokeCall {
                grantor: self.account("grantor")?,
                grantee: self.account("grantee")?,
                number: self.number()?,
            }),
            "revoke-grantee" => Act::RevokeGrantee(abi::revokeGranteeCall {
                grantor: self.account("grantor")?,
                grantee: self.account("grantee")?,
            }),
            "revoke-all" => Act::RevokeAll(abi::revokeAllCall { grantor: self.account("grantor")? }),
            "set-representative" => self.representative(names, now)?,
            "set-recovery" => Act::SetRecovery(abi::setRecoveryCall {
                grantor: self.account("grantor")?,
                recoverer: self.account_or_nobody("recoverer")?,
            }),
            "start-recovery" => Act::StartRecovery(abi::startRecoveryCall {
                grantor: self.account("grantor")?,
                newKey: self.account("new-key")?,
            }),
            "veto-recovery" => Act::VetoRecovery(abi::vetoRecoveryCall { grantor: self.account("grantor")? }),
            _ => {
                return Err("there is no such act: write grant, amend, revoke, revoke-grantee, revoke-all, \
                            set-representative, set-recovery, start-recovery or veto-recovery"
                    .to_owned());
            }
        })
    }

    /// What the contract would refuse is refused here: with a reason, and before anybody signs it.
    fn provision(&mut self, names: &Names, now: u64) -> Result<abi::Provision, String> {
        let grantee = self.account("grantee")?;
        let classes = names.classes(&self.many("classes")?)?;
        let purposes = names.purposes(&self.many("purposes")?)?;
        let deny = match self.one("deny")?.as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err("`deny` is neither true nor false".to_owned()),
        };
        let not_before = self.time("not-before", now)?.unwrap_or(0);
        let expiry = self.time("expiry", now)?.unwrap_or(0);
        if expiry != 0 && (expiry <= now || expiry <= not_before) {
            return Err("it ends before it begins, or before now: give a later `expiry`".to_owned());
        }
        let document = match self.one("document")? {
            None => B256::ZERO,
            Some(text) => text.parse().map_err(|_| "`document` is not a hash: write 0x and 64 hexadecimal digits")?,
        };
        let (not_before, expiry) = (U48::from(not_before), U48::from(expiry));
        Ok(abi::Provision { grantee, classes, purposes, deny, notBefore: not_before, expiry, document })
    }

    fn representative(&mut self, names: &Names, now: u64) -> Result<Act, String> {
        let (grantor, representative) = (self.account("grantor")?, self.account("representative")?);
        let until = self.time("until", now)?.ok_or("it lacks `until`: give a time, or 0 to end it now")?;
        // Who may no longer act has no scope.
        let (classes, purposes) = if until == 0 {
            (names.classes(&self.some("classes"))?, names.purposes(&self.some("purposes"))?)
        } else {
            (names.classes(&self.many("classes")?)?, names.purposes(&self.many("purposes")?)?)
        };
        if until != 0 && until <= now {
            return Err("`until` is over: give a later time, or 0 to end it now".to_owned());
        }
        let until = U48::from(until);
        Ok(Act::SetRepresentative(abi::setRepresentativeCall { grantor, representative, classes, purposes, until }))
    }

    fn some(&mut self, name: &str) -> Vec<String> {
        self.arguments.remove(name).unwrap_or_default()
    }

    fn many(&mut self, name: &str) -> Result<Vec<String>, String> {
        let values = self.some(name);
        if values.is_empty() { Err(format!("it lacks `{name}`: give one at least, or all")) } else { Ok(values) }
    }

    fn one(&mut self, name: &str) -> Result<Option<String>, String> {
        let mut values = self.some(name).into_iter();
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(format!("it has more than one `{name}`: give one")),
            (value, None) => Ok(value),
        }
    }

    fn time(&mut self, name: &str, now: u64) -> Result<Option<u64>, String> {
        self.one(name)?.map(|text| when(&text, &format!("`{name}`"), now)).transpose()
    }

    fn number(&mut self) -> Result<u32, String> {
        let text = self.one("number")?.ok_or("it lacks `number`: that of the provision")?;
        let number = text.parse().ok().filter(|number| *number != 0);
        number.ok_or_else(|| "`number` is not that of a provision, which are counted from 1".to_owned())
    }

    fn account(&mut self, name: &str) -> Result<Address, String> {
        let found = self.account_or_nobody(name)?;
        if found.is_zero() { Err(format!("`{name}` is the zero address, which is nobody's")) } else { Ok(found) }
    }

    fn account_or_nobody(&mut self, name: &str) -> Result<Address, String> {
        let text = self.one(name)?.ok_or_else(|| format!("it lacks `{name}`: an address"))?;
        account(&text).map_err(|reason| format!("`{name}`: {reason}"))
    }
}

/// `notBefore` as `not-before`.
fn kebab(key: &str) -> String {
    let mut name = String::with_capacity(key.len());
    for letter in key.chars() {
        if letter.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

fn word(name: &str, value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(is) => Ok(is.to_string()),
        _ => Err(format!("`{name}` is neither a text nor a number nor a list of these")),
    }
}

#[cfg(test)]
mod tests;
