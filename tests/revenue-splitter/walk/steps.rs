//! What can happen.

use harness::walk::messages::Signing;
use serde::{Deserialize, Serialize};

/// How many calls are made in one, at most.
pub(super) const CALLS: usize = 4;

/// A step. Numbers name people, assets, amounts and times by their place.
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
    /// Something happens to a token.
    Token { which: u8, what: Told },
    /// A payee takes ether otherwise from now on, and calls back so.
    Payee { which: u8, mood: u8, call: u8 },
    /// The registry is told of a request, or falls silent.
    Registry { request: u8, mute: bool },
    /// The authority lets an account call a function: 0 never, 1 at once, 2 and 3 after a delay, scheduled or not.
    Allow { who: u8, which: u8, kind: u8 },
    /// The authority acts: it hands the contract over to what is no authority, to itself, or does so by a multicall.
    Authority { to: u8 },
}

/// A function of the contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Own {
    /// Ether by itself.
    Send {
        amount: u8,
    },
    Pay {
        asset: u8,
        amount: u8,
        flaw: u8,
    },
    PayLicence {
        asset: u8,
        amount: u8,
        request: u8,
    },
    Fund {
        asset: u8,
        amount: u8,
        flaw: u8,
    },
    Notice {
        asset: u8,
    },
    Release {
        account: u8,
    },
    ReleaseToken {
        asset: u8,
        account: u8,
    },
    SetTable {
        table: Vec<(u8, u16)>,
        listed: u8,
        flaw: u8,
    },
    Publish {
        asset: u8,
        list: u8,
        part: u8,
        deadline: u8,
        flaw: u8,
    },
    Disable {
        which: u8,
    },
    Recover {
        which: u8,
    },
    Claim {
        of: Claiming,
    },
    ClaimMany {
        which: u8,
        rows: Vec<(u8, u8)>,
    },
    ClaimSigned {
        of: Claiming,
        to: u8,
        signing: Signing,
    },
    SetTreasury {
        to: u8,
    },
    SetRegistry {
        to: u8,
    },
    SetWindow {
        window: u8,
    },
    Upgrade {
        to: u8,
    },
    SetAuthority {
        to: u8,
    },
}

/// A row of an epoch's list, and what is wrong with its claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Claiming {
    pub(super) which: u8,
    pub(super) row: u8,
    pub(super) flaw: u8,
}

/// What happens to a token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told {
    Mint {
        to: u8,
        amount: u8,
    },
    /// It comes by itself.
    Transfer {
        by: u8,
        amount: u8,
    },
    Approve {
        by: u8,
    },
    Mood {
        mood: u8,
    },
    Ban {
        account: u8,
        yes: bool,
    },
    Rebase {
        percent: u8,
    },
    Arm {
        call: u8,
    },
}
