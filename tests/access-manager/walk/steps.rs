//! What can happen, how likely it is, and the call that it means.

use alloy::primitives::{Address, Bytes, FixedBytes, U256};
use alloy::sol_types::SolCall;
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use serde::{Deserialize, Serialize};

use super::people::{ACTORS, People, selectors};
use super::{LOOKED_AT, World};
use crate::setup::{
    ADMIN, Consumer, Manager, Target, close, grant, label, multicall, note, renounce, revoke, set_admin,
    set_admin_delay, set_function_role, set_grant_delay, set_guardian, time,
};

/// Delays that are set, in seconds: around nothing, an hour, and the least setback.
const DELAYS: [u32; 14] = [0, 0, 0, 1, 1, 60, 60, 60, 3_600, 3_600, 431_999, 432_000, 600_000, u32::MAX];

/// A step. Numbers name people, roles and operations by their place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// Time passes.
    Wait { seconds: u32 },
    /// Time passes until a second before something changes, until it does, or a second more.
    Until { which: u8, late: u8 },
    /// Every function with damaged calldata.
    Damage { by: u8, seed: u64 },
    /// A call.
    Do {
        by: u8,
        what: What,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        share: Option<u16>,
        #[serde(default)]
        wei: u8,
    },
}

/// A call of the manager or of a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    Of(Own),
    On {
        target: u8,
        action: Action,
    },
    Schedule {
        operation: Picked,
        later: Option<u32>,
    },
    /// By its caller, mostly.
    Execute {
        operation: Picked,
        theirs: bool,
    },
    Cancel {
        operation: Picked,
        theirs: bool,
    },
    /// The target is called as it was scheduled.
    Directly {
        which: u8,
    },
    /// The consumer, once it says that it is consuming.
    Arm {
        says: bool,
    },
    Consume {
        which: u8,
    },
    Multicall(Vec<Own>),
    /// Several of these in one multicall, as far as one actor calls the manager with them.
    Several(Vec<What>),
}

/// An operation: one that is known, or a new one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Picked {
    Known(u8),
    Of(Own),
    On { target: u8, action: Action },
}

/// A function of a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    Note(u8),
    Mark(u8),
    /// The target calls the manager back.
    Reenter(Box<Own>),
    /// The target executes, from within.
    ReenterExecute(u8),
    SetAuthority(u8),
    Short(u8),
}

/// A function of the manager.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Own {
    Label { role: u8 },
    Grant { role: u8, account: u8, delay: u32 },
    Until { role: u8, account: u8, delay: u32, lasts: i32 },
    Revoke { role: u8, account: u8 },
    Renounce { role: u8, account: u8 },
    Admin { role: u8, admin: u8 },
    Guardian { role: u8, guardian: u8 },
    GrantDelay { role: u8, delay: u32 },
    Functions { target: u8, which: Vec<u8>, role: u8 },
    AdminDelay { target: u8, delay: u32 },
    Close { target: u8, closed: bool },
    Update { target: u8, authority: u8 },
    Expiration,
}

/// So many steps, after a few that give them something to do.
pub(super) fn steps(count: usize, ending: bool) -> BoxedStrategy<Vec<Step>> {
    vec(step(ending), count).prop_map(|steps| prelude().into_iter().chain(steps).collect()).boxed()
}

/// Roles for the functions of both targets, with and without delays, a guardian, and an admin who has to wait.
fn prelude() -> Vec<Step> {
    let all = (0..2).flat_map(|target| {
        let functions = |which: &[u8], role| Own::Functions { target, which: which.to_vec(), role };
        [functions(&[0, 2], 1), functions(&[1], 2)]
    });
    let consumer = Own::Functions { target: 3, which: vec![0, 1], role: 1 };
    let grants = [(1, 1, 60), (1, 2, 0), (2, 3, 3_600), (2, 2, 1), (0, 4, 60), (1, 5, 0)];
    let grants = grants.map(|(role, account, delay)| Own::Grant { role, account, delay });
    let all = all.chain(grants).chain([consumer, Own::Guardian { role: 1, guardian: 2 }]);
    all.map(|own| Step::Do { by: 0, what: What::Of(own), share: None, wei: 0 }).collect()
}

fn step(ending: bool) -> impl Strategy<Value = Step> {
    let by = || prop_oneof![4 => Just(0u8), 6 => 0..ACTORS as u8];
    let admin = prop_oneof![6 => Just(0u8), 4 => 0..ACTORS as u8];
    let waits = select(vec![1u32, 60, 3_600, 432_000, 604_800]);
    let which = prop_oneof![3 => 0u8..2, 1 => any::<u8>()];
    let share = || weighted(0.02, 40u16..200);
    let wei = prop_oneof![30 => Just(0u8), 1 => Just(7)];
    let act = |(by, what, share, wei)| Step::Do { by, what, share, wei };
    prop_oneof![
        3 => waits.prop_map(|seconds| Step::Wait { seconds }),
        8 => (which, 0u8..3).prop_map(|(which, late)| Step::Until { which, late }),
        2 => (0..ACTORS as u8, any::<u64>()).prop_map(|(by, seed)| Step::Damage { by, seed }),
        13 => (admin, own(ending).prop_map(What::Of), share(), Just(0u8)).prop_map(act),
        27 => (by(), what(), share(), wei).prop_map(act),
    ]
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![18 => one(), 1 => vec(one(), 1..5).prop_map(What::Several)]
}

fn one() -> impl Strategy<Value = What> {
    let theirs = || prop_oneof![1 => Just(false), 4 => Just(true)];
    let later = weighted(0.3, select(vec![0u32, 1, 59, 60, 3_600, 700_000]));
    prop_oneof![
        4 => (0u8..5, action()).prop_map(|(target, action)| What::On { target, action }),
        12 => (picked(2), later).prop_map(|(operation, later)| What::Schedule { operation, later }),
        8 => (picked(9), theirs()).prop_map(|(operation, theirs)| What::Execute { operation, theirs }),
        5 => (picked(9), any::<bool>()).prop_map(|(operation, theirs)| What::Cancel { operation, theirs }),
        3 => any::<u8>().prop_map(|which| What::Directly { which }),
        1 => prop::bool::weighted(0.8).prop_map(|says| What::Arm { says }),
        2 => any::<u8>().prop_map(|which| What::Consume { which }),
        2 => vec(own(false), 0..4).prop_map(What::Multicall),
    ]
}

fn picked(known: u32) -> impl Strategy<Value = Picked> {
    let target = prop_oneof![4 => 0u8..2, 1 => 0u8..5, 1 => Just(3u8)];
    prop_oneof![
        known => any::<u8>().prop_map(Picked::Known),
        1 => own(false).prop_map(Picked::Of),
        6 => (target, action()).prop_map(|(target, action)| Picked::On { target, action }),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => (0u8..2).prop_map(Action::Note),
        3 => (0u8..2).prop_map(Action::Mark),
        2 => own(false).prop_map(|own| Action::Reenter(Box::new(own))),
        1 => any::<u8>().prop_map(Action::ReenterExecute),
        1 => any::<u8>().prop_map(Action::SetAuthority),
        1 => (0u8..4).prop_map(Action::Short),
    ]
}

fn own(ending: bool) -> impl Strategy<Value = Own> {
    let role = || prop_oneof![8 => 1u8..4, 1 => Just(0u8), 1 => Just(4u8)];
    let delay = || select(DELAYS.to_vec());
    let until = (role(), any::<u8>(), delay(), select(vec![-1i32, 0, 1, 2, 60, 4_000, 500_000]));
    prop_oneof![
        1 => role().prop_map(|role| Own::Label { role }),
        8 => (role(), any::<u8>(), delay()).prop_map(|(role, account, delay)| Own::Grant { role, account, delay }),
        if ending { 8 } else { 1 } => until.prop_map(move |(role, account, delay, lasts)| {
            if ending { Own::Until { role, account, delay, lasts } } else { Own::Grant { role, account, delay } }
        }),
        2 => (role(), any::<u8>()).prop_map(|(role, account)| Own::Revoke { role, account }),
        1 => (role(), any::<u8>()).prop_map(|(role, account)| Own::Renounce { role, account }),
        2 => (role(), role()).prop_map(|(role, admin)| Own::Admin { role, admin }),
        2 => (role(), role()).prop_map(|(role, guardian)| Own::Guardian { role, guardian }),
        2 => (role(), delay()).prop_map(|(role, delay)| Own::GrantDelay { role, delay }),
        4 => (0u8..4, vec(0u8..8, 0..6), role())
            .prop_map(|(target, which, role)| Own::Functions { target, which, role }),
        2 => (0u8..4, delay()).prop_map(|(target, delay)| Own::AdminDelay { target, delay }),
        2 => (0u8..4, prop::bool::weighted(0.3)).prop_map(|(target, closed)| Own::Close { target, closed }),
        1 => (0u8..5, any::<u8>()).prop_map(|(target, authority)| Own::Update { target, authority }),
        1 => Just(Own::Expiration),
    ]
}

impl World {
    /// Who calls whom with what.
    pub(super) fn call(&self, by: usize, what: &What, now: u64) -> Option<(usize, Address, Vec<u8>)> {
        let manager = self.people.manager;
        let actor = |account: Address| self.people.accounts[..ACTORS].iter().position(|actor| *actor == account);
        Some(match what {
            What::Of(own) => (by, manager, self.own(own, Some(by), now)?),
            What::On { target, action } => (by, self.people.target(*target), self.action(action, now)?),
            What::Schedule { operation, later } => {
                // Mostly by somebody who has to wait for it.
                let (_, target, data) = self.picked(operation, by, now)?;
                let function = data.first_chunk().copied().unwrap_or_default();
                let waits = |who: &usize| self.model.can_call(self.people.accounts[*who], target, function.into(), now);
                let others = (0..ACTORS).map(|next| (by + next) % ACTORS).filter(|_| later.is_none());
                let by = others.into_iter().find(|who| waits(who).1 != 0).unwrap_or(by);
                let (_, target, data) = self.picked(operation, by, now)?;
                let when = time(later.map_or(0, |later| now + u64::from(later)));
                (by, manager, Manager::scheduleCall { target, data: data.into(), when }.abi_encode())
            }
            What::Execute { operation, theirs } => {
                let (caller, target, data) = self.picked(operation, by, now)?;
                let by = actor(caller).filter(|_| *theirs).unwrap_or(by);
                (by, manager, Manager::executeCall { target, data: data.into() }.abi_encode())
            }
            What::Cancel { operation, theirs } => {
                let (caller, target, data) = self.picked(operation, by, now)?;
                let by = actor(caller).filter(|_| *theirs).unwrap_or(by);
                (by, manager, Manager::cancelCall { caller, target, data: data.into() }.abi_encode())
            }
            What::Directly { which } => {
                let operation = self.known(*which, now)?;
                (actor(operation.caller).unwrap_or(by), operation.target, operation.data.to_vec())
            }
            What::Arm { says } => {
                let magic = Target::isConsumingScheduledOpCall::SELECTOR;
                let word = FixedBytes::<32>::right_padding_from(if *says { &magic } else { &[] });
                (by, self.people.consumer, Consumer::armCall { data: word.into(), reverts: false }.abi_encode())
            }
            What::Consume { which } => {
                // The latest of the consumer's own, or any.
                let own = self.operations.iter().rfind(|operation| operation.target == self.people.consumer);
                let operation = own.filter(|_| which % 4 != 0).or_else(|| self.known(*which, now))?;
                let (caller, data) = (operation.caller, operation.data.clone());
                (by, self.people.consumer, Consumer::consumeCall { manager, caller, data }.abi_encode())
            }
            What::Multicall(all) => {
                let calls: Option<Vec<_>> = all.iter().map(|own| self.own(own, Some(by), now)).collect();
                (by, manager, multicall(calls?))
            }
            What::Several(all) => {
                let calls: Vec<_> = all.iter().filter_map(|what| self.call(by, what, now)).collect();
                let by = calls.iter().find(|(_, to, _)| *to == manager)?.0;
                let calls = calls.into_iter().filter(|(who, to, _)| *who == by && *to == manager);
                (by, manager, multicall(calls.map(|(.., data)| data)))
            }
        })
    }

    /// One of the latest operations, mostly one that waits.
    fn known(&self, which: u8, now: u64) -> Option<&super::Operation> {
        let latest = &self.operations[self.operations.len().saturating_sub(LOOKED_AT)..];
        let waiting: Vec<_> = latest.iter().filter(|operation| self.model.schedule(operation.id, now) != 0).collect();
        let (which, any) = (usize::from(which / 4), which.is_multiple_of(4));
        if any || waiting.is_empty() {
            latest.get(which % latest.len().max(1))
        } else {
            Some(waiting[which % waiting.len()])
        }
    }

    fn picked(&self, picked: &Picked, by: usize, now: u64) -> Option<(Address, Address, Vec<u8>)> {
        let caller = self.people.accounts[by];
        Some(match picked {
            Picked::Known(which) => {
                let operation = self.known(*which, now)?;
                (operation.caller, operation.target, operation.data.to_vec())
            }
            Picked::Of(own) => (caller, self.people.manager, self.own(own, None, now)?),
            Picked::On { target, action } => (caller, self.people.target(*target), self.action(action, now)?),
        })
    }

    fn action(&self, action: &Action, now: u64) -> Option<Vec<u8>> {
        let to = self.people.manager;
        Some(match action {
            Action::Note(number) => note((*number).into()),
            Action::Mark(number) => Target::markCall { number: U256::from(*number) }.abi_encode(),
            Action::Reenter(own) => Target::reenterCall { to, data: self.own(own, None, now)?.into() }.abi_encode(),
            Action::ReenterExecute(which) => {
                let operation = self.known(*which, now)?;
                let (target, data) = (operation.target, operation.data.clone());
                let data = Manager::executeCall { target, data }.abi_encode().into();
                Target::reenterCall { to, data }.abi_encode()
            }
            Action::SetAuthority(which) => {
                Target::setAuthorityCall { newAuthority: self.people.account(*which) }.abi_encode()
            }
            Action::Short(length) => vec![1; (*length).into()],
        })
    }

    /// Calldata of a function of the manager. The first admin keeps its role: without it, nothing more would happen.
    fn own(&self, own: &Own, by: Option<usize>, now: u64) -> Option<Vec<u8>> {
        let (account, target) = (|which: &u8| self.people.account(*which), |which: &u8| self.people.target(*which));
        let role = |which: &u8| People::role(*which);
        let keeps = |which: &u8, of: &u8| role(which) == ADMIN && account(of) == self.people.accounts[0];
        Some(match own {
            Own::Label { role: of } => label(role(of), "a label"),
            Own::Grant { role: of, account: to, delay } => {
                grant(role(of), account(to), if keeps(of, to) { 0 } else { *delay })
            }
            Own::Until { role: of, account: to, delay, lasts } => {
                // The peer asks for a schedule under another calldata: those who have to wait are left out.
                let (may, waits) = self.model.has(self.model.admin(role(of)), self.people.accounts[by?], now);
                if may && waits != 0 {
                    return None;
                }
                let until = now.saturating_add_signed((*lasts).into());
                let (roleId, account, executionDelay) = (role(of), account(to), *delay);
                let until = time(until);
                crate::own::Own::grantRoleUntilCall { roleId, account, executionDelay, until }.abi_encode()
            }
            Own::Revoke { role: of, account: from } if keeps(of, from) => return None,
            Own::Revoke { role: of, account: from } => revoke(role(of), account(from)),
            Own::Renounce { role: of, .. } if role(of) == ADMIN && by == Some(0) => return None,
            // Half of the time the caller names itself.
            Own::Renounce { role: of, account: from } => {
                let own = by.filter(|_| from % 2 == 0).map(|by| self.people.accounts[by]);
                renounce(role(of), own.unwrap_or(account(from)))
            }
            Own::Admin { role: of, admin } => set_admin(role(of), role(admin)),
            Own::Guardian { role: of, guardian } => set_guardian(role(of), role(guardian)),
            Own::GrantDelay { role: of, delay } => set_grant_delay(role(of), *delay),
            Own::Functions { target: of, which, role: to } => {
                let all = selectors();
                let selectors: Vec<_> = which.iter().map(|which| all[usize::from(*which) % all.len()]).collect();
                set_function_role(target(of), &selectors, role(to))
            }
            Own::AdminDelay { target: of, delay } => set_admin_delay(target(of), *delay),
            Own::Close { target: of, closed } => close(target(of), *closed),
            // Back to the manager, half of the time: a target that is handed over is out of the game.
            Own::Update { target: of, authority } => {
                let newAuthority = if authority % 2 == 0 { self.people.manager } else { account(authority) };
                Manager::updateAuthorityCall { target: target(of), newAuthority }.abi_encode()
            }
            Own::Expiration => Bytes::from(Manager::expirationCall {}.abi_encode()).to_vec(),
        })
    }
}
