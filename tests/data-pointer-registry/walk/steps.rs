//! What can happen.

use harness::walk::messages::Signing;
use serde::{Deserialize, Serialize};

/// A step. Numbers name people, pointers and times by their place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// Time passes.
    Wait { seconds: u32 },
    /// Time passes until a second before something changes, until it does, or a second more.
    Until { which: u8, late: u8 },
    /// Every function with damaged calldata.
    Damage { by: u8, seed: u64 },
    /// A call of the contract by one who may, mostly.
    Do { by: u8, own: Own },
    /// Several calls in one.
    Multicall { by: u8, all: Vec<Own> },
    /// Something happens in the consent.
    Consent { what: Change },
    /// The authority lets an account call a function: 0 never, 1 at once, 2 and 3 after a delay, scheduled or not. 255
    /// is the registry, which records in the consent.
    Allow { who: u8, which: u8, kind: u8 },
    /// The authority acts: it hands the contract over to what is no authority, to itself, or does so by a multicall.
    Authority { to: u8 },
}

/// A function of the contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Own {
    Register { which: Which },
    RegisterSigned { which: Which, signing: Signing },
    Erase { id: u8 },
    EraseSigned { id: u8, signing: Signing },
    Refuse { which: Which },
    RefuseSigned { which: Which, signing: Signing },
    PublishRoot { batch: u8, tree: u8, flaw: u8 },
    ClearManifest { batch: u8 },
    Individualize { leaf: Leaf, batch: u8, flaw: u8 },
    Request { asking: Asking },
    RequestMany { all: Vec<Asking> },
    RequestSigned { asking: Asking, signing: Signing },
    Deliver { request: u8 },
    Decline { request: u8, flaw: u8 },
    MarkOverdue { request: u8 },
    Offer { id: u8, to: u8 },
    Accept { id: u8 },
    Admit { account: u8, until: u8 },
    Propose { class: u8 },
    Activate { number: u8 },
    Deprecate { number: u8, sunset: u8 },
    Supersede { number: u8, successor: u8 },
    SetStorePurpose { purpose: u8 },
    SetAnswerWithin { period: u8 },
    SetEncryption { number: u8, code: u8 },
    Upgrade { to: u8 },
    SetAuthority { to: u8 },
}

/// Which pointer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Which {
    /// One of its own.
    New(Drawn),
    /// One of a tree.
    Leaf(Leaf),
}

/// The members of a pointer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Drawn {
    pub(super) subject: u8,
    pub(super) custodian: u8,
    pub(super) class: u8,
    pub(super) schema: u8,
    pub(super) content: u8,
    pub(super) locator: u8,
    pub(super) previous: u8,
    pub(super) flaw: u8,
}

/// A leaf of one of a custodian's trees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Leaf {
    pub(super) custodian: u8,
    pub(super) tree: u8,
    pub(super) place: u8,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Asking {
    pub(super) id: u8,
    pub(super) purpose: u8,
    pub(super) organization: bool,
    pub(super) key: u8,
    /// Who signs it, where it is signed.
    pub(super) actor: u8,
}

/// Something that happens in the consent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Change {
    Grant {
        subject: u8,
        grantee: u8,
        class: u8,
        purpose: u8,
        deny: bool,
    },
    /// A subject denies it to one who has asked.
    Deny {
        request: u8,
    },
    RevokeAll {
        subject: u8,
    },
    /// Another key acts for a patient.
    NewKey {
        patient: u8,
        key: u8,
    },
    Emergency {
        by: u8,
        subject: u8,
    },
    Admit {
        until: u8,
    },
    Member {
        who: u8,
        until: u8,
    },
    /// The passkey's first act there pins its site.
    Pin {
        elsewhere: bool,
    },
    /// The DAO names a patient as the representative of somebody who cannot call.
    Represent {
        subject: u8,
    },
    /// A patient can replace its key by itself.
    Recoverer {
        patient: u8,
    },
}
