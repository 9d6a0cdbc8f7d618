//! What people do, drawn at random: what they may, and what they may not.

use proptest::prelude::*;

/// Members 0 to 4, mallory 5, the guardian 6, the clerk 7.
pub(crate) const PEOPLE: usize = 8;
/// Those who may hold tokens: members and mallory.
const HOLDERS: usize = 6;

/// Something that one of the people does. Proposals and operations are counted from the last one made.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    Transfer {
        by: usize,
        to: usize,
        thousands: u64,
    },
    Approve {
        by: usize,
        spender: usize,
        thousands: u64,
    },
    TransferFrom {
        spender: usize,
        from: usize,
        thousands: u64,
    },
    Delegate {
        by: usize,
        to: usize,
    },
    DelegateBySig {
        signer: usize,
        to: usize,
        ahead: u64,
    },
    Permit {
        owner: usize,
        spender: usize,
        thousands: u64,
        flaw: Flaw,
    },
    Propose {
        by: usize,
        content: Content,
    },
    Again {
        by: usize,
        plan: usize,
    },
    Vote {
        by: usize,
        plan: usize,
        support: u8,
    },
    Split {
        by: usize,
        plan: usize,
        thousands: [u8; 3],
    },
    Ballot {
        signer: usize,
        plan: usize,
        support: u8,
        ahead: u64,
    },
    Queue {
        by: usize,
        plan: usize,
    },
    Execute {
        by: usize,
        plan: usize,
    },
    Cancel {
        by: usize,
        plan: usize,
    },
    /// Past the governor: an operation of the timelock that does nothing, after the one before it or after none.
    Schedule {
        by: usize,
        after: bool,
        late: u64,
    },
    Carry {
        by: usize,
        operation: usize,
    },
    CallOff {
        by: usize,
        operation: usize,
    },
    /// What only a decision may do, tried directly.
    Directly {
        by: usize,
        content: Content,
    },
    Renounce {
        by: usize,
        role: usize,
    },
    Wait {
        time: u64,
    },
    /// What the last proposal waits for: time, votes, or to be moved on. If it is over, a new one. `late`: voting waits
    /// for the last moment.
    Onward {
        by: usize,
        support: u8,
        late: bool,
    },
}

/// What is wrong with a permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flaw {
    None,
    /// Its time is over.
    Expired,
    /// It was brought before.
    Replayed,
    /// It is over another nonce than the next.
    Ahead,
    /// Somebody else signed it.
    Forged,
}

/// What a proposal does.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Pay(u64),
    Tokens(u64),
    Delay(u64),
    Period(u32),
    Threshold(u64),
    Extension(u64),
    Quorum(u64),
    SuperQuorum(u64),
    Guardian(usize),
    MinDelay(u64),
    /// To the clerk (false) or mallory (true), never of the governor's: the walk must go on.
    Grant {
        role: usize,
        mallory: bool,
    },
    Revoke {
        role: usize,
        mallory: bool,
    },
    /// Moves the governor to the second timelock; where it is there already, it stays.
    Timelock,
    /// The governor itself calls the token: it delegates what it does not have.
    Relay(usize),
    /// A call that reverts.
    Fail,
}

/// One content of each kind. Settings stay such that the walk can go on.
fn kinds() -> Vec<BoxedStrategy<Content>> {
    let role = 1usize..4;
    // The clerk keeps what there is to do, most of the time.
    let mostly = prop_oneof![4 => Just(true), 1 => Just(false)];
    vec![
        (1u64..1_000).prop_map(Content::Pay).boxed(),
        (1u64..3).prop_map(Content::Tokens).boxed(),
        (0u64..60).prop_map(Content::Delay).boxed(),
        prop_oneof![1 => Just(0u32), 4 => 150u32..300].prop_map(Content::Period).boxed(),
        (0u64..50).prop_map(Content::Threshold).boxed(),
        (0u64..400).prop_map(Content::Extension).boxed(),
        (0u64..15).prop_map(Content::Quorum).boxed(),
        prop_oneof![4 => 30u64..101, 1 => 0u64..130].prop_map(Content::SuperQuorum).boxed(),
        prop_oneof![3 => Just(6usize), 1 => 0..HOLDERS].prop_map(Content::Guardian).boxed(),
        (0u64..200).prop_map(Content::MinDelay).boxed(),
        (role.clone(), mostly.clone()).prop_map(|(role, mallory)| Content::Grant { role, mallory }).boxed(),
        (role.clone(), Just(true)).prop_map(|(role, mallory)| Content::Grant { role, mallory }).boxed(),
        (role, mostly).prop_map(|(role, mallory)| Content::Revoke { role, mallory }).boxed(),
        Just(Content::Timelock).boxed(),
        (0..HOLDERS).prop_map(Content::Relay).boxed(),
        Just(Content::Fail).boxed(),
    ]
}

/// Any content.
fn contents() -> impl Strategy<Value = Content> {
    proptest::strategy::Union::new(kinds())
}

/// One of each kind, in any order: a walk proposes them one after the other, so that it comes to all of them.
pub(crate) fn deck() -> impl Strategy<Value = Vec<Content>> {
    kinds().prop_shuffle()
}

fn flaws() -> impl Strategy<Value = Flaw> {
    let flawed = [Flaw::Expired, Flaw::Replayed, Flaw::Ahead, Flaw::Forged];
    prop_oneof![1 => Just(Flaw::None), 1 => prop::sample::select(flawed.to_vec())]
}

/// One action.
pub(crate) fn actions() -> impl Strategy<Value = Action> {
    let (person, holder) = (0..PEOPLE, 0..HOLDERS);
    let plan = prop_oneof![4 => Just(0usize), 1 => 1usize..4];
    let support = prop_oneof![5 => Just(1u8), 2 => Just(0), 2 => Just(2), 1 => Just(9)];
    let ahead = prop_oneof![3 => Just(0u64), 1 => Just(1)];
    let clerk = prop_oneof![3 => Just(7usize), 1 => 0..PEOPLE];
    let thousands = prop_oneof![4 => 0u64..40, 1 => 100u64..2_000];
    let tokens = prop_oneof![
        3 => (holder.clone(), holder.clone(), thousands.clone())
            .prop_map(|(by, to, thousands)| Action::Transfer { by, to, thousands }),
        3 => (1usize..3, 0usize..2, thousands.clone())
            .prop_map(|(by, spender, thousands)| Action::Approve { by, spender, thousands }),
        4 => (1usize..3, 0usize..2, thousands.clone(), flaws())
            .prop_map(|(owner, spender, thousands, flaw)| Action::Permit { owner, spender, thousands, flaw }),
        4 => (0usize..2, 1usize..3, thousands)
            .prop_map(|(spender, from, thousands)| Action::TransferFrom { spender, from, thousands }),
        2 => (holder.clone(), holder.clone()).prop_map(|(by, to)| Action::Delegate { by, to }),
        2 => (holder.clone(), holder.clone(), ahead.clone())
            .prop_map(|(signer, to, ahead)| Action::DelegateBySig { signer, to, ahead }),
    ];
    let proposals = prop_oneof![
        1 => (person.clone(), contents()).prop_map(|(by, content)| Action::Propose { by, content }),
        1 => (person.clone(), plan.clone()).prop_map(|(by, plan)| Action::Again { by, plan }),
        5 => (holder.clone(), plan.clone(), support.clone())
            .prop_map(|(by, plan, support)| Action::Vote { by, plan, support }),
        7 => (holder.clone(), plan.clone(), any::<[u8; 3]>())
            .prop_map(|(by, plan, thousands)| Action::Split { by, plan, thousands: thousands.map(|part| part % 20) }),
        7 => (holder.clone(), plan.clone(), support, ahead)
            .prop_map(|(signer, plan, support, ahead)| Action::Ballot { signer, plan, support, ahead }),
        1 => (person.clone(), plan.clone()).prop_map(|(by, plan)| Action::Queue { by, plan }),
        2 => (person.clone(), plan.clone()).prop_map(|(by, plan)| Action::Execute { by, plan }),
        2 => (prop_oneof![2 => Just(6usize), 1 => person.clone()], plan)
            .prop_map(|(by, plan)| Action::Cancel { by, plan }),
    ];
    let timelock = prop_oneof![
        3 => (clerk.clone(), any::<bool>(), prop_oneof![4 => 0u64..50, 1 => Just(u64::MAX)])
            .prop_map(|(by, after, late)| Action::Schedule { by, after, late }),
        6 => (clerk.clone(), 0usize..3).prop_map(|(by, operation)| Action::Carry { by, operation }),
        2 => (clerk, 0usize..3).prop_map(|(by, operation)| Action::CallOff { by, operation }),
        7 => (person.clone(), contents()).prop_map(|(by, content)| Action::Directly { by, content }),
        1 => (prop_oneof![1 => Just(7usize), 9 => Just(5usize)], 1usize..4)
            .prop_map(|(by, role)| Action::Renounce { by, role }),
    ];
    let onward = (holder, prop_oneof![6 => Just(1u8), 1 => Just(0), 1 => Just(2)], any::<bool>())
        .prop_map(|(by, support, late)| Action::Onward { by, support, late });
    prop_oneof![
        55 => onward,
        12 => tokens,
        12 => proposals,
        15 => timelock,
        4 => prop_oneof![6 => 3u64..25, 1 => 100u64..400].prop_map(|time| Action::Wait { time }),
    ]
}
