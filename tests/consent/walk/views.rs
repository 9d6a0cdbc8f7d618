//! Everything that is asked after a step, and what the model says to it.

use alloy::{
    primitives::{Address, FixedBytes, U256, hex},
    sol_types::SolCall,
};
use consilium_bindings::Consent as C;
use harness::walk::{Answer, Done, Question, signers::Signer};

use super::acts::time;
use super::model::Model;
use super::people::{CLASSES, PURPOSES, People, ROLES, role_grantee};
use super::state::stored;

/// A question, and the answer by the model, where it has one.
type Asked = (Question, Option<Vec<u8>>);

/// What can be asked: every grantor's data by everybody who asks, for themselves and for an organisation.
pub(super) fn asked(people: &People) -> Vec<C::Question> {
    let mut all = Vec::new();
    for grantor in people.grantors() {
        for actor in people.askers() {
            for onBehalfOf in [Address::ZERO, people.organizations()[0]] {
                for dataClass in CLASSES {
                    let of = |purpose| C::Question { grantor, actor, onBehalfOf, dataClass, purpose };
                    all.extend(PURPOSES.map(of));
                }
            }
        }
    }
    all
}

/// What is asked at a second: every fifth, another one of them at each second.
pub(super) fn asked_at(all: &[C::Question], now: u64) -> Vec<C::Question> {
    all.iter().skip(now as usize % 5).step_by(5).cloned().collect()
}

fn mask<'a>(classes: impl Iterator<Item = &'a u8>) -> U256 {
    classes.fold(U256::ZERO, |mask, class| mask | U256::from(1) << usize::from(*class))
}

fn all(model: &Model, people: &People, now: u64) -> Vec<Asked> {
    let (state, contract) = (&model.state, people.contract);
    let mut all: Vec<Asked> = Vec::new();
    macro_rules! ask {
        ($call:ident { $($field:ident $(: $value:expr)?),* } => $answer:expr) => {
            let data = C::$call { $($field $(: $value)?),* }.abi_encode();
            let answer = C::$call::abi_encode_returns(&$answer);
            all.push((Question { to: contract, data }, Some(answer)));
        };
    }
    let questions = asked_at(&asked(people), now);
    let reasons = questions.iter().map(|question| state.ask(question, now).reason).collect::<Vec<_>>();
    ask!(arePermittedCall { questions: questions.clone() } => reasons);
    // Some of them in full.
    for question in questions.iter().skip(now as usize % 4).step_by(4) {
        let &C::Question { grantor, actor, onBehalfOf, dataClass, purpose } = question;
        let found = state.ask(question, now);
        let (permitted, reason, grantee, number) = (found.permits(), found.reason, found.grantee(), found.number());
        let short = C::isPermittedReturn { permitted, reason, grantee, number };
        ask!(isPermittedCall { grantor, actor, onBehalfOf, dataClass, purpose } => short);
        let full = state.explain(question, now);
        ask!(explainCall { grantor, actor, onBehalfOf, dataClass, purpose } => full);
        let each = CLASSES
            .iter()
            .filter(|class| state.ask(&C::Question { dataClass: **class, ..question.clone() }, now).permits());
        let (classes, permitted) = (mask(CLASSES.iter()), mask(each));
        ask!(permittedClassesCall { grantor, actor, onBehalfOf, classes, purpose } => permitted);
    }
    let nobody = (people.grantors()[0], people.actors[1], Address::ZERO, 3u8, 64u8);
    let none = C::isPermittedReturn { permitted: false, reason: 16, grantee: Address::ZERO, number: 0 };
    ask!(isPermittedCall { grantor: nobody.0, actor: nobody.1, onBehalfOf: nobody.2, dataClass: 3, purpose: 64 } => none);

    let roles = || (0..ROLES).map(role_grantee);
    for grantor in people.grantors() {
        for grantee in people.actors.iter().copied().chain(roles()) {
            let listed: Vec<_> = state.pair(grantor, grantee).map(stored).collect();
            ask!(provisionsCall { grantor: grantor, grantee: grantee } => listed);
        }
        ask!(keyOfCall { grantor: grantor } => state.key(grantor));
        ask!(epochCall { grantor: grantor } => state.epochs.get(&grantor).copied().unwrap_or_default());
        let (count, head) = state.logs.get(&grantor).copied().unwrap_or_default();
        ask!(accessLogCall { grantor: grantor } => C::accessLogReturn { count, head });
        let recovery = state.recoveries.get(&grantor).cloned().unwrap_or_default();
        let (newKey, ready) = recovery.under_way.unwrap_or_default();
        let recoverer = recovery.recoverer;
        ask!(recoveryCall { grantor: grantor } => C::recoveryReturn { recoverer, newKey, readyAt: time(ready) });
        for account in &people.actors {
            let scope = state.scopes.get(&(grantor, *account)).cloned().unwrap_or_default();
            let (until, appointed) = (time(scope.until), scope.appointed);
            let scope = C::representativeReturn { classes: scope.classes, purposes: scope.purposes, until, appointed };
            ask!(representativeCall { grantor: grantor, account: *account } => scope);
        }
        for actor in &people.actors[..2] {
            let opening = state.openings.get(&(grantor, *actor)).cloned().unwrap_or_default();
            let opening = C::openingReturn { classes: opening.classes, until: time(opening.until), id: opening.id };
            ask!(openingCall { grantor: grantor, actor: *actor } => opening);
        }
    }
    for account in people.signers.iter().map(Signer::account) {
        ask!(nonces_0Call { owner: account } => model.nonce(account, U256::ZERO));
        let key = U256::from(5);
        ask!(nonces_1Call { owner: account, key: key.to() } => model.nonce(account, key));
        ask!(pinnedSiteCall { key: account } => state.sites.get(&account).copied().unwrap_or_default());
    }
    for account in people.organizations() {
        let organization = state.organization(account);
        let (until, root) = (time(organization.until), organization.root);
        let told =
            C::organizationReturn { until, jurisdiction: organization.jurisdiction, list: organization.list, root };
        ask!(organizationCall { account: account } => told);
        for member in people.accounts() {
            let until = time(state.member_until(account, member));
            ask!(memberUntilCall { organization: account, member: member } => until);
        }
    }
    for role in [0, 1, 2, 31, 32] {
        for account in &people.actors {
            ask!(roleUntilCall { role: role, account: *account } => time(state.role_until(role, *account)));
        }
    }
    ask!(roleGranteeCall { role: 31 } => role_grantee(31));
    let (version, policy, longest) = (state.version, state.policy.clone(), state.longest);
    ask!(policyCall {} => C::policyReturn { version, policy, longest });
    for (table, number) in [(0, 0), (1, 63), (2, 31), (4, 31), (4, 32)] {
        let code = state.codes.get(&(table, number)).copied().unwrap_or_default();
        ask!(codeCall { table: table, number: number } => code);
    }
    let count = state.emergencies.len() as u64;
    for id in [0, count.saturating_sub(1), count, count + 1] {
        let found = state.emergencies.get((id as usize).wrapping_sub(1));
        let told = found.map(|emergency| C::emergencyReturn {
            grantor: emergency.grantor,
            actor: emergency.actor,
            until: time(emergency.until),
            reviewBy: time(emergency.review_by),
            verdict: emergency.verdict,
        });
        let (until, nobody) = (time(0), Address::ZERO);
        let none = C::emergencyReturn { grantor: nobody, actor: nobody, until, reviewBy: until, verdict: 0 };
        ask!(emergencyCall { id: id } => told.unwrap_or(none));
    }
    for (id, answer) in [(0x01ff_c9a7u32, true), (0x84b0_196e, true), (0xffff_ffff, false)] {
        ask!(supportsInterfaceCall { interfaceId: FixedBytes(id.to_be_bytes()) } => answer);
    }
    ask!(authorityCall {} => people.authority);
    ask!(isConsumingScheduledOpCall {} => FixedBytes([0; 4]));
    ask!(UPGRADE_INTERFACE_VERSIONCall {} => "5.0.0".to_owned());
    // What no rule of the contract is about: only compared.
    for data in [
        C::eip712DomainCall {}.abi_encode(),
        C::roleGranteeCall { role: 32 }.abi_encode(),
        C::proxiableUUIDCall {}.abi_encode(),
        C::codeCall { table: 9, number: 9 }.abi_encode(),
    ] {
        all.push((Question { to: contract, data }, None));
    }
    all.push((Question { to: people.implementation, data: C::proxiableUUIDCall {}.abi_encode() }, None));
    all
}

pub(super) fn questions(model: &Model, people: &People, now: u64) -> Vec<Question> {
    all(model, people, now).into_iter().map(|(question, _)| question).collect()
}

/// What the views say otherwise than the model, if they do. A refused upgrade or a view that was not asked is no matter.
pub(super) fn compare(model: &Model, people: &People, done: &Done<'_>) -> Option<String> {
    for (question, expected) in all(model, people, done.now) {
        let Some(expected) = expected else { continue };
        // An emergency of this step is asked about after the next.
        let Some((_, Answer { success, data })) = done.after.iter().find(|(asked, _)| *asked == question) else {
            continue;
        };
        if !success || *data != expected {
            let [question, data, expected] = [&question.data, data, &expected].map(hex::encode);
            return Some(format!("the model says something else: {question}\n  view  {data}\n  model {expected}"));
        }
    }
    None
}

/// The reasons that were answered to `questions` before the step and after it, where time stood still.
pub(super) fn reasons(questions: &[C::Question], done: &Done<'_>, stood_still: bool) -> Option<[Vec<u8>; 2]> {
    let data = C::arePermittedCall { questions: questions.to_vec() }.abi_encode();
    let find = |answered: &[(Question, Answer)]| {
        let (_, answer) = answered.iter().find(|(question, _)| question.data == data)?;
        C::arePermittedCall::abi_decode_returns(&answer.data).ok()
    };
    if stood_still { Some([find(done.before)?, find(done.after)?]) } else { None }
}
