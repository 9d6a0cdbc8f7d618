//! What `vectors.json` says, and the calls that it means.

use std::collections::BTreeMap;

use alloy::{
    primitives::{Address, B256},
    sol_types::SolCall,
};
use consilium_bindings::Consent as C;
use eyre::{OptionExt, Result, bail};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::world::time;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vectors {
    pub(super) accounts: BTreeMap<String, Address>,
    /// Whom the authority lets call which functions.
    pub(super) restricted: BTreeMap<String, Vec<String>>,
    pub(super) policies: BTreeMap<String, Map<String, Value>>,
    pub(super) vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vector {
    pub(super) name: String,
    pub(super) policy: String,
    pub(super) steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Step {
    Call { at: u64, from: String, call: String, arguments: Map<String, Value> },
    Question { at: u64, ask: Asked, answer: Answer },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Asked {
    pub(super) grantor: String,
    pub(super) actor: String,
    pub(super) on_behalf_of: String,
    pub(super) data_class: u8,
    pub(super) purpose: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    pub(super) permitted: bool,
    pub(super) reason: u8,
    pub(super) grantee: String,
    pub(super) number: u32,
}

/// Arguments, and what their names mean.
pub(super) struct Arguments<'a>(pub(super) &'a Vectors, pub(super) &'a Map<String, Value>);

impl Arguments<'_> {
    pub(super) fn get(&self, name: &str) -> Result<&Value> {
        self.1.get(name).ok_or_eyre(format!("{name} is missing"))
    }

    pub(super) fn number(&self, name: &str) -> Result<u64> {
        self.get(name)?.as_u64().ok_or_eyre(format!("{name} is a number"))
    }

    pub(super) fn small<T: TryFrom<u64>>(&self, name: &str) -> Result<T> {
        T::try_from(self.number(name)?).ok().ok_or_eyre(format!("{name} is smaller"))
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool> {
        self.get(name)?.as_bool().ok_or_eyre(format!("{name} is true or false"))
    }

    pub(super) fn account(&self, name: &str) -> Result<Address> {
        self.0.account(self.get(name)?.as_str().ok_or_eyre("an account has a name")?)
    }

    pub(super) fn word(&self, name: &str) -> Result<B256> {
        Ok(self.get(name)?.as_str().ok_or_eyre("a word is hexadecimal")?.parse()?)
    }

    /// A list of numbers as the mask of their bits, where the number `first` has bit 0.
    pub(super) fn mask<const BITS: usize, const LIMBS: usize>(
        &self,
        name: &str,
        first: usize,
    ) -> Result<alloy::primitives::Uint<BITS, LIMBS>> {
        let mut mask = alloy::primitives::Uint::ZERO;
        for number in self.get(name)?.as_array().ok_or_eyre(format!("{name} is a list"))? {
            let number = number.as_u64().ok_or_eyre("a number")? as usize;
            let bit = number.checked_sub(first).filter(|bit| *bit < BITS).ok_or_eyre(format!("{name}: {number}"))?;
            mask.set_bit(bit, true);
        }
        Ok(mask)
    }

    pub(super) fn provision(&self) -> Result<C::Provision> {
        Ok(C::Provision {
            grantee: self.account("grantee")?,
            classes: self.mask("classes", 0)?,
            purposes: self.mask::<64, 1>("purposes", 0)?.to(),
            deny: self.flag("deny")?,
            notBefore: time(self.number("notBefore")?),
            expiry: time(self.number("expiry")?),
            document: B256::ZERO,
        })
    }

    pub(super) fn policy(&self) -> Result<(C::Policy, [u16; 64])> {
        let mut longest = [u16::MAX; 64];
        for (purpose, days) in self.get("longest")?.as_object().ok_or_eyre("longest is by purpose")? {
            let place = longest.get_mut(purpose.parse::<usize>()?).ok_or_eyre("there are 64 purposes")?;
            *place = u16::try_from(days.as_u64().ok_or_eyre("days")?)?;
        }
        let policy = C::Policy {
            separatePurposes: self.mask::<64, 1>("separatePurposes", 0)?.to(),
            separateClasses: self.mask::<64, 1>("separateClasses", 192)?.to(),
            emergencyPurposes: self.mask::<64, 1>("emergencyPurposes", 0)?.to(),
            refusedJurisdictions: self.mask::<32, 1>("refusedJurisdictions", 0)?.to(),
            closedClasses: self.mask("closedClasses", 0)?,
            openFor: self.small("openFor")?,
            reviewWithin: self.small("reviewWithin")?,
            window: self.small("window")?,
            limit: self.small("limit")?,
            recoveryDelay: self.small("recoveryDelay")?,
            hook: Address::ZERO,
        };
        Ok((policy, longest))
    }

    /// A call's data: the arguments have the names that the interface gives them.
    pub(super) fn data(&self, call: &str) -> Result<Vec<u8>> {
        let (grantor, until) = (|| self.account("grantor"), || self.number("until").map(time));
        let provision = || Arguments(self.0, self.get("provision")?.as_object().ok_or_eyre("a provision")?).provision();
        let scope = || eyre::Ok((self.mask("classes", 0)?, self.mask::<64, 1>("purposes", 0)?.to()));
        Ok(match call {
            "grant" => C::grantCall { grantor: grantor()?, provision: provision()? }.abi_encode(),
            "amend" => {
                let (number, provision) = (self.small("number")?, provision()?);
                C::amendCall { grantor: grantor()?, number, provision }.abi_encode()
            }
            "revoke" => {
                let (grantee, number) = (self.account("grantee")?, self.small("number")?);
                C::revokeCall { grantor: grantor()?, grantee, number }.abi_encode()
            }
            "revokeGrantee" => {
                C::revokeGranteeCall { grantor: grantor()?, grantee: self.account("grantee")? }.abi_encode()
            }
            "revokeAll" => C::revokeAllCall { grantor: grantor()? }.abi_encode(),
            "setRepresentative" => {
                let ((classes, purposes), representative) = (scope()?, self.account("representative")?);
                let (grantor, until) = (grantor()?, until()?);
                C::setRepresentativeCall { grantor, representative, classes, purposes, until }.abi_encode()
            }
            "appointRepresentative" => {
                let ((classes, purposes), representative) = (scope()?, self.account("representative")?);
                let (grantor, until) = (grantor()?, until()?);
                C::appointRepresentativeCall { grantor, representative, classes, purposes, until }.abi_encode()
            }
            "setRecovery" => {
                C::setRecoveryCall { grantor: grantor()?, recoverer: self.account("recoverer")? }.abi_encode()
            }
            "startRecovery" => {
                C::startRecoveryCall { grantor: grantor()?, newKey: self.account("newKey")? }.abi_encode()
            }
            "finishRecovery" => C::finishRecoveryCall { grantor: grantor()? }.abi_encode(),
            "setMember" => C::setMemberCall { member: self.account("member")?, until: until()? }.abi_encode(),
            "setMembers" => C::setMembersCall { root: self.word("root")? }.abi_encode(),
            "proveMember" => {
                let (organization, member) = (self.account("organization")?, self.account("member")?);
                let proof = serde_json::from_value(self.get("proof")?.clone())?;
                C::proveMemberCall { organization, member, until: until()?, proof }.abi_encode()
            }
            "setOrganization" => {
                let (organization, jurisdiction) = (self.account("organization")?, self.small("jurisdiction")?);
                C::setOrganizationCall { organization, until: until()?, jurisdiction }.abi_encode()
            }
            "setRole" => {
                let (role, account) = (self.small("role")?, self.account("account")?);
                C::setRoleCall { role, account, until: until()? }.abi_encode()
            }
            "setPolicy" => {
                let name = self.get("policy")?.as_str().ok_or_eyre("a policy has a name")?;
                let (policy, longest) = self.0.policy(name)?;
                C::setPolicyCall { policy, longest }.abi_encode()
            }
            "declareEmergency" => {
                let (grantor, classes, reason) = (grantor()?, self.mask("classes", 0)?, self.small("reason")?);
                C::declareEmergencyCall { grantor, classes, reason, statement: B256::ZERO }.abi_encode()
            }
            "reviewEmergency" => {
                let id = self.get("id")?.as_u64().ok_or_eyre("an emergency has a number")?;
                let justified = self.get("justified")?.as_bool().ok_or_eyre("a verdict is yes or no")?;
                C::reviewEmergencyCall { id, justified, statement: B256::ZERO }.abi_encode()
            }
            other => bail!("no vector calls {other}"),
        })
    }
}

impl Vectors {
    pub(super) fn load() -> Result<Self> {
        Ok(serde_json::from_str(include_str!("../vectors.json"))?)
    }

    pub(super) fn account(&self, name: &str) -> Result<Address> {
        self.accounts.get(name).copied().ok_or_eyre(format!("{name} is nobody"))
    }

    pub(super) fn policy(&self, name: &str) -> Result<(C::Policy, [u16; 64])> {
        Arguments(self, self.policies.get(name).ok_or_eyre(format!("no policy is called {name}"))?).policy()
    }
}
