//! What the registry asks the consent. The consent is real, so the model does not say what it answers: it looks into
//! what was answered to the same questions after the step, at the same second.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, FixedBytes};
use alloy::sol_types::SolCall;
use consilium_bindings::Consent as C;
use harness::walk::signers::Site;
use harness::walk::{Answer, Question};

/// Grantor, actor, on behalf of, class and purpose.
pub(super) type Permission = (Address, Address, Address, u8, u8);

/// What the consent says at a second.
#[derive(Clone, Debug, Default)]
pub(super) struct Consent {
    /// None while it is found out what will be asked.
    answers: Option<BTreeMap<Permission, (bool, u8, Address, u32)>>,
    keys: BTreeMap<Address, Address>,
    sites: BTreeMap<Address, Site>,
    asked: RefCell<BTreeSet<Permission>>,
}

pub(super) fn question(&(grantor, actor, onBehalfOf, dataClass, purpose): &Permission) -> Vec<u8> {
    C::isPermittedCall { grantor, actor, onBehalfOf, dataClass, purpose }.abi_encode()
}

impl Consent {
    /// What was answered to the questions of a step. `views` are all answers.
    pub(super) fn read(views: &[(Question, Answer)], consent: Address) -> Self {
        let (mut answers, mut keys, mut sites) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (Question { data, .. }, Answer { data: answer, .. }) in
            views.iter().filter(|(asked, _)| asked.to == consent)
        {
            if let Ok(call) = C::isPermittedCall::abi_decode(data)
                && let Ok(found) = C::isPermittedCall::abi_decode_returns(answer)
            {
                let of = (call.grantor, call.actor, call.onBehalfOf, call.dataClass, call.purpose);
                answers.insert(of, (found.permitted, found.reason, found.grantee, found.number));
            } else if let Ok(call) = C::keyOfCall::abi_decode(data)
                && let Ok(key) = C::keyOfCall::abi_decode_returns(answer)
            {
                keys.insert(call.grantor, key);
            } else if let Ok(call) = C::pinnedSiteCall::abi_decode(data)
                && let Ok(site) = C::pinnedSiteCall::abi_decode_returns(answer)
            {
                sites.insert(call.key, site);
            }
        }
        Self { answers: Some(answers), keys, sites, asked: RefCell::default() }
    }

    /// One that answers this.
    pub(super) fn answering(answers: BTreeMap<Permission, (bool, u8, Address, u32)>) -> Self {
        Self { answers: Some(answers), ..Self::default() }
    }

    /// The same consent, which answers as its askers hope and remembers what it is asked: one that answers otherwise
    /// ends a call earlier, and is asked no more.
    pub(super) fn listening(&self) -> Self {
        Self { answers: None, asked: RefCell::default(), ..self.clone() }
    }

    /// What it was asked.
    pub(super) fn asked(self) -> BTreeSet<Permission> {
        self.asked.into_inner()
    }

    /// Its answer: whether it is permitted, the reason, and the provision that decided. As it is hoped where the answer
    /// is not known; then the question is kept.
    pub(super) fn ask(&self, of: Permission, hope: bool) -> (bool, u8, Address, u32) {
        let known = self.answers.as_ref().and_then(|answers| answers.get(&of).copied());
        known.unwrap_or_else(|| {
            self.asked.borrow_mut().insert(of);
            (hope, if hope { 1 } else { 16 }, Address::ZERO, 0)
        })
    }

    pub(super) fn key(&self, subject: Address) -> Address {
        self.keys.get(&subject).copied().unwrap_or(subject)
    }

    pub(super) fn site(&self, key: Address) -> Option<FixedBytes<16>> {
        self.sites.get(&key).copied().filter(|site| !site.is_zero())
    }
}
