//! What can happen, and how likely it is.

use proptest::collection::vec;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::people::{ACTORS, ROLES, restricted};

/// A step. Numbers name people, provisions and times by their place.
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
    /// A signed act, brought by an actor.
    Act { by: u8, signed: Signing },
    /// Several.
    Relay { by: u8, all: Vec<Signing> },
    /// The authority lets an actor call a function: 0 never, 1 at once, 2 and 3 after a delay, scheduled or not.
    Allow { who: u8, which: u8, kind: u8 },
    /// The authority hands the contract over: to itself, or to what is none.
    HandOver { to: u8 },
}

/// A signed act, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Signing {
    pub(super) signer: u8,
    pub(super) own: Own,
    pub(super) flaw: Flaw,
    /// Under key 5 of nonces, and not 0.
    pub(super) keyed: bool,
    /// At the other site, where it is a passkey.
    pub(super) elsewhere: bool,
}

/// What can be wrong with a signed act.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Flaw {
    None,
    /// Only the bringer may bring it: nothing is wrong.
    Named,
    Expired,
    OtherRelayer,
    NextNonce,
    /// The very message that was brought before.
    Replayed,
    /// Signed by somebody else.
    OtherSigner,
    Flipped,
    /// The upper one of a signature's two forms.
    HighS,
    Short,
    /// The last word of the act does not fit its type.
    Dirty,
    /// So does the first.
    DirtyGrantor,
    Cut,
    NoAct,
    ShortSigner,
}

/// A function of the contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Own {
    Grant { grantor: u8, given: Giving },
    Amend { grantor: u8, number: u8, given: Giving },
    Revoke { grantor: u8, number: u8 },
    RevokeGrantee { grantor: u8, grantee: u8 },
    RevokeAll { grantor: u8 },
    SetRepresentative { grantor: u8, account: u8, scope: u8, until: u8 },
    SetRecovery { grantor: u8, to: u8 },
    StartRecovery { grantor: u8, key: u8 },
    VetoRecovery { grantor: u8 },
    FinishRecovery { grantor: u8 },
    SetMember { organization: u8, member: u8, until: u8 },
    SetMembers { organization: u8, list: u8 },
    ProveMember { organization: u8, list: u8, member: u8, wrong: u8 },
    SetOrganization { which: u8, until: u8, jurisdiction: u8 },
    SetRole { role: u8, account: u8, until: u8 },
    Appoint { grantor: u8, account: u8, scope: u8, until: u8 },
    SetPolicy { seed: u64 },
    SetCode { table: u8, number: u8 },
    Declare { grantor: u8, classes: u8 },
    Review { id: u8, justified: bool },
    RetryHook { id: u8 },
    Record { question: u16 },
    Upgrade { to: u8 },
    SetAuthority { to: u8 },
}

/// A provision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Giving {
    pub(super) grantee: u8,
    pub(super) classes: u8,
    pub(super) purposes: u8,
    pub(super) deny: bool,
    pub(super) begins: u8,
    pub(super) ends: u8,
}

/// So many steps, after a few that give them something to do.
pub(super) fn steps(count: usize) -> BoxedStrategy<Vec<Step>> {
    vec(step(), count).prop_map(|steps| prelude().into_iter().chain(steps).collect()).boxed()
}

/// The DAO may do everything, a clinician declare emergencies, a recorder record and review; an organisation has members;
/// and there are provisions.
fn prelude() -> Vec<Step> {
    let all = (0..restricted().len() as u8).map(|which| (0, which));
    let allowed = all.chain([(1, 5), (2, 7), (2, 6)]).map(|(who, which)| Step::Allow { who, which, kind: 1 });
    let giving = |grantee, deny| Giving { grantee, classes: 3, purposes: 2, deny, begins: 0, ends: 0 };
    let own = [
        Own::SetOrganization { which: 0, until: 4, jurisdiction: 1 },
        Own::SetMembers { organization: 0, list: 0 },
        Own::ProveMember { organization: 0, list: 0, member: 0, wrong: 0 },
        Own::SetRole { role: 0, account: 1, until: 4 },
        Own::Grant { grantor: 0, given: giving(1, false) },
        Own::Grant { grantor: 0, given: giving(3, false) },
        Own::Grant { grantor: 1, given: giving(200, false) },
    ];
    allowed.chain(own.map(|own| Step::Do { by: 5, own })).collect()
}

fn step() -> impl Strategy<Value = Step> {
    let by = || 0..ACTORS as u8;
    let waits = prop::sample::select(vec![1u32, 60, 3_600, 86_400, 864_000]);
    let which = prop_oneof![3 => 0u8..3, 1 => any::<u8>()];
    let kind = prop_oneof![3 => Just(1u8), 2 => 0u8..4];
    prop_oneof![
        3 => waits.prop_map(|seconds| Step::Wait { seconds }),
        6 => (which, 0u8..3).prop_map(|(which, late)| Step::Until { which, late }),
        1 => (by(), any::<u64>()).prop_map(|(by, seed)| Step::Damage { by, seed }),
        30 => (by(), own()).prop_map(|(by, own)| Step::Do { by, own }),
        2 => (by(), vec(own(), 0..5)).prop_map(|(by, all)| Step::Multicall { by, all }),
        12 => (by(), signing()).prop_map(|(by, signed)| Step::Act { by, signed }),
        6 => (by(), vec(signing(), 0..6)).prop_map(|(by, all)| Step::Relay { by, all }),
        1 => (1..ACTORS as u8, any::<u8>(), kind).prop_map(|(who, which, kind)| Step::Allow { who, which, kind }),
        1 => (0u8..4).prop_map(|to| Step::HandOver { to }),
    ]
}

fn signing() -> impl Strategy<Value = Signing> {
    let flaws = vec![
        Flaw::Named,
        Flaw::Expired,
        Flaw::OtherRelayer,
        Flaw::NextNonce,
        Flaw::Replayed,
        Flaw::OtherSigner,
        Flaw::Flipped,
        Flaw::HighS,
        Flaw::Short,
        Flaw::Dirty,
        Flaw::DirtyGrantor,
        Flaw::Cut,
        Flaw::NoAct,
        Flaw::ShortSigner,
    ];
    let flaw = prop_oneof![3 => Just(Flaw::None), 2 => prop::sample::select(flaws)];
    let signer = prop_oneof![8 => 0u8..4, 1 => Just(7u8)];
    let parts =
        (signer, prop_oneof![9 => signable(), 1 => own()], flaw, prop::bool::weighted(0.3), prop::bool::weighted(0.2));
    parts.prop_map(|(signer, own, flaw, keyed, elsewhere)| Signing { signer, own, flaw, keyed, elsewhere })
}

fn giving() -> impl Strategy<Value = Giving> {
    let grantee = prop_oneof![12 => 0u8..12, 4 => 200..(200 + ROLES), 1 => Just(255u8)];
    let begins = prop_oneof![4 => Just(0u8), 2 => 0u8..8];
    let parts = (grantee, 0u8..8, 0u8..8, prop::bool::weighted(0.35), begins, 0u8..8);
    parts.prop_map(|(grantee, classes, purposes, deny, begins, ends)| Giving {
        grantee,
        classes,
        purposes,
        deny,
        begins,
        ends,
    })
}

/// The functions that can be signed.
fn signable() -> impl Strategy<Value = Own> {
    // Mostly the caller itself.
    let who = || prop_oneof![5 => Just(255u8), 2 => 0u8..6];
    let (byte, until) = (|| any::<u8>(), || 0u8..7);
    prop_oneof![
        16 => (who(), giving()).prop_map(|(grantor, given)| Own::Grant { grantor, given }),
        4 => (who(), byte(), giving()).prop_map(|(grantor, number, given)| Own::Amend { grantor, number, given }),
        6 => (who(), byte()).prop_map(|(grantor, number)| Own::Revoke { grantor, number }),
        2 => (who(), 0u8..12).prop_map(|(grantor, grantee)| Own::RevokeGrantee { grantor, grantee }),
        2 => who().prop_map(|grantor| Own::RevokeAll { grantor }),
        3 => (who(), byte(), 0u8..4, until())
            .prop_map(|(grantor, account, scope, until)| Own::SetRepresentative { grantor, account, scope, until }),
        2 => (who(), byte()).prop_map(|(grantor, to)| Own::SetRecovery { grantor, to }),
        2 => (who(), byte()).prop_map(|(grantor, key)| Own::StartRecovery { grantor, key }),
        1 => who().prop_map(|grantor| Own::VetoRecovery { grantor }),
    ]
}

fn own() -> impl Strategy<Value = Own> {
    let (byte, until) = (|| any::<u8>(), || 0u8..7);
    let org = || prop_oneof![4 => Just(0u8), 1 => Just(1u8)];
    prop_oneof![
        30 => signable(),
        2 => (0u8..6).prop_map(|grantor| Own::FinishRecovery { grantor }),
        2 => (org(), byte(), until())
            .prop_map(|(organization, member, until)| Own::SetMember { organization, member, until }),
        1 => (org(), 0u8..2).prop_map(|(organization, list)| Own::SetMembers { organization, list }),
        3 => (org(), 0u8..2, 0u8..4, prop_oneof![4 => Just(0u8), 1 => 1u8..4]).prop_map(
            |(organization, list, member, wrong)| Own::ProveMember { organization, list, member, wrong }
        ),
        2 => (org(), until(), prop_oneof![6 => 0u8..9, 1 => Just(32u8)])
            .prop_map(|(which, until, jurisdiction)| Own::SetOrganization { which, until, jurisdiction }),
        3 => (prop_oneof![9 => 0u8..4, 1 => Just(32u8)], byte(), until())
            .prop_map(|(role, account, until)| Own::SetRole { role, account, until }),
        2 => (0u8..6, byte(), 0u8..4, until())
            .prop_map(|(grantor, account, scope, until)| Own::Appoint { grantor, account, scope, until }),
        3 => any::<u64>().prop_map(|seed| Own::SetPolicy { seed }),
        1 => (0u8..6, byte()).prop_map(|(table, number)| Own::SetCode { table, number }),
        3 => (0u8..6, 0u8..8).prop_map(|(grantor, classes)| Own::Declare { grantor, classes }),
        2 => (byte(), any::<bool>()).prop_map(|(id, justified)| Own::Review { id, justified }),
        1 => byte().prop_map(|id| Own::RetryHook { id }),
        3 => any::<u16>().prop_map(|question| Own::Record { question }),
        1 => byte().prop_map(|to| Own::Upgrade { to }),
        1 => byte().prop_map(|to| Own::SetAuthority { to }),
    ]
}
