//! How likely each step is.

use harness::walk::messages::signing;
use proptest::collection::vec;
use proptest::prelude::*;

use super::people::{ACTORS, of_consent, restricted};
use super::steps::{Asking, Change, Drawn, Leaf, Own, Step, Which};

/// So many steps, after a few that give them something to do.
pub(super) fn steps(count: usize) -> BoxedStrategy<Vec<Step>> {
    vec(step(), count).prop_map(|steps| prelude().into_iter().chain(steps).collect()).boxed()
}

/// The DAO may do everything, and the registry record; there are custodians, schemas and consents.
fn prelude() -> Vec<Step> {
    let count = (restricted().len() + of_consent().len()) as u8;
    let allowed = (0..count).map(|which| Step::Allow { who: 0, which, kind: 1 });
    let recorder = Step::Allow { who: 255, which: count - 1, kind: 1 };
    let doctor = Step::Allow { who: 4, which: count - 2, kind: 1 };
    let own = [
        Own::Admit { account: 0, until: 6 },
        Own::Admit { account: 1, until: 6 },
        Own::Propose { class: 0 },
        Own::Propose { class: 1 },
        Own::Propose { class: 0 },
        Own::Activate { number: 0 },
        Own::Activate { number: 1 },
        Own::Activate { number: 2 },
    ];
    let grant = |subject, grantee, purpose| Change::Grant { subject, grantee, class: 2, purpose, deny: false };
    // The laboratory stores, the clinic too; the doctor and two who sign treat.
    let subjects = (0..7).flat_map(|subject| [grant(subject, 1, 2), grant(subject, 4, 0), grant(subject, 8, 0)]);
    let others = (0..4).flat_map(|subject| [grant(subject, 2, 2), grant(subject, 10, 0)]);
    let pointer = |subject, content| {
        Which::New(Drawn {
            subject,
            custodian: 0,
            class: 0,
            schema: 0,
            content,
            locator: content,
            previous: 0,
            flaw: 0,
        })
    };
    let filled = [
        Own::Register { which: pointer(0, 1) },
        Own::Register { which: pointer(1, 2) },
        Own::Register { which: pointer(2, 3) },
        Own::PublishRoot { batch: 0, tree: 0, flaw: 0 },
    ];
    let named = (2..6).map(|subject| Change::Represent { subject });
    let named = named.chain((0..2).map(|patient| Change::Recoverer { patient }));
    let members = [Change::Admit { until: 6 }, Change::Member { who: 5, until: 6 }];
    let changes = named.chain(subjects).chain(others).chain(members);
    allowed
        .chain([recorder, doctor])
        .chain(own.map(|own| Step::Do { by: 0, own }))
        .chain(changes.map(|what| Step::Consent { what }))
        .chain(filled.map(|own| Step::Do { by: 4, own }))
        .collect()
}

fn step() -> impl Strategy<Value = Step> {
    let by = || 0..ACTORS as u8;
    let waits = prop::sample::select(vec![1u32, 1, 60, 60, 3_600, 86_400, 864_000]);
    let which = prop_oneof![3 => 0u8..3, 1 => any::<u8>()];
    let kind = prop_oneof![3 => Just(1u8), 2 => 0u8..4];
    let who = prop_oneof![2 => 1..ACTORS as u8, 1 => Just(255u8)];
    prop_oneof![
        3 => waits.prop_map(|seconds| Step::Wait { seconds }),
        4 => (which, 0u8..3).prop_map(|(which, late)| Step::Until { which, late }),
        1 => (by(), any::<u64>()).prop_map(|(by, seed)| Step::Damage { by, seed }),
        48 => (by(), own()).prop_map(|(by, own)| Step::Do { by, own }),
        3 => (by(), vec(own(), 0..5)).prop_map(|(by, all)| Step::Multicall { by, all }),
        8 => change().prop_map(|what| Step::Consent { what }),
        1 => (who, any::<u8>(), kind).prop_map(|(who, which, kind)| Step::Allow { who, which, kind }),
        1 => (0u8..4).prop_map(|to| Step::Authority { to }),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let until = || prop_oneof![3 => Just(6u8), 2 => 0u8..7];
    prop_oneof![
        12 => (0u8..7, 1u8..12, 0u8..3, 0u8..3, prop::bool::weighted(0.3))
            .prop_map(|(subject, grantee, class, purpose, deny)| Change::Grant { subject, grantee, class, purpose, deny }),
        8 => (0u8..3).prop_map(|request| Change::Deny { request }),
        2 => (0u8..7).prop_map(|subject| Change::RevokeAll { subject }),
        1 => (0u8..2, any::<u8>()).prop_map(|(patient, key)| Change::NewKey { patient, key }),
        2 => (prop_oneof![Just(4u8), Just(0u8)], 0u8..7).prop_map(|(by, subject)| Change::Emergency { by, subject }),
        1 => until().prop_map(|until| Change::Admit { until }),
        1 => (any::<u8>(), until()).prop_map(|(who, until)| Change::Member { who, until }),
        1 => any::<bool>().prop_map(|elsewhere| Change::Pin { elsewhere }),
    ]
}

fn leaf() -> impl Strategy<Value = Leaf> {
    let custodian = prop_oneof![4 => Just(0u8), 2 => Just(1u8), 1 => Just(2u8)];
    (custodian, 0u8..3, 0u8..6).prop_map(|(custodian, tree, place)| Leaf { custodian, tree, place })
}

fn which() -> impl Strategy<Value = Which> {
    // 255 is the caller.
    let custodian = prop_oneof![12 => Just(255u8), 1 => 0u8..3];
    let rarely = |of: u8| prop_oneof![12 => Just(0u8), 1 => 1..of];
    let parts = (0u8..7, custodian, 0u8..2, rarely(6), any::<u8>(), 0u8..6, any::<u8>(), rarely(12));
    let drawn = parts.prop_map(|(subject, custodian, class, schema, content, locator, previous, flaw)| Drawn {
        subject,
        custodian,
        class,
        schema,
        content,
        locator,
        previous,
        flaw,
    });
    prop_oneof![3 => drawn.prop_map(Which::New), 1 => leaf().prop_map(Which::Leaf)]
}

fn asking() -> impl Strategy<Value = Asking> {
    let key = prop_oneof![12 => 1u8..8, 1 => Just(0u8), 1 => 9u8..13];
    let purpose = prop_oneof![8 => Just(0u8), 2 => 0u8..3, 1 => 3u8..6];
    (any::<u8>(), purpose, prop::bool::weighted(0.25), key, any::<u8>())
        .prop_map(|(id, purpose, organization, key, actor)| Asking { id, purpose, organization, key, actor })
}

fn own() -> impl Strategy<Value = Own> {
    let byte = || any::<u8>();
    let until = || prop_oneof![3 => Just(6u8), 2 => 0u8..7];
    let rarely = |of: u8| prop_oneof![8 => Just(0u8), 1 => 1..of];
    let lately = || prop_oneof![3 => 0u8..3, 1 => any::<u8>()];
    let number = || prop_oneof![3 => 0u8..3, 1 => 0u8..8];
    let pointers = prop_oneof![
        14 => which().prop_map(|which| Own::Register { which }),
        6 => (which(), signing()).prop_map(|(which, signing)| Own::RegisterSigned { which, signing }),
        4 => byte().prop_map(|id| Own::Erase { id }),
        3 => (byte(), signing()).prop_map(|(id, signing)| Own::EraseSigned { id, signing }),
        3 => which().prop_map(|which| Own::Refuse { which }),
        2 => (which(), signing()).prop_map(|(which, signing)| Own::RefuseSigned { which, signing }),
        4 => (prop_oneof![2 => Just(0u8), 2 => 0u8..5], 0u8..3, rarely(9))
            .prop_map(|(batch, tree, flaw)| Own::PublishRoot { batch, tree, flaw }),
        1 => (0u8..5).prop_map(|batch| Own::ClearManifest { batch }),
        6 => (leaf(), byte(), rarely(6)).prop_map(|(leaf, batch, flaw)| Own::Individualize { leaf, batch, flaw }),
    ];
    let access = prop_oneof![
        10 => asking().prop_map(|asking| Own::Request { asking }),
        3 => vec(asking(), 0..5).prop_map(|all| Own::RequestMany { all }),
        6 => (asking(), signing()).prop_map(|(asking, signing)| Own::RequestSigned { asking, signing }),
        6 => lately().prop_map(|request| Own::Deliver { request }),
        9 => (lately(), rarely(6)).prop_map(|(request, flaw)| Own::Decline { request, flaw }),
        4 => lately().prop_map(|request| Own::MarkOverdue { request }),
        4 => (byte(), byte()).prop_map(|(id, to)| Own::Offer { id, to }),
        4 => byte().prop_map(|id| Own::Accept { id }),
    ];
    let board = prop_oneof![
        4 => (byte(), until()).prop_map(|(account, until)| Own::Admit { account, until }),
        2 => byte().prop_map(|class| Own::Propose { class }),
        3 => number().prop_map(|number| Own::Activate { number }),
        1 => (number(), 0u8..7).prop_map(|(number, sunset)| Own::Deprecate { number, sunset }),
        4 => (number(), number()).prop_map(|(number, successor)| Own::Supersede { number, successor }),
        1 => byte().prop_map(|purpose| Own::SetStorePurpose { purpose }),
        1 => byte().prop_map(|period| Own::SetAnswerWithin { period }),
        1 => (byte(), byte()).prop_map(|(number, code)| Own::SetEncryption { number, code }),
        1 => byte().prop_map(|to| Own::Upgrade { to }),
        1 => byte().prop_map(|to| Own::SetAuthority { to }),
    ];
    prop_oneof![5 => pointers, 5 => access, 2 => board]
}
