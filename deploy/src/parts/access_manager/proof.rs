//! The manager's table is the planned one: every role, member, delay, end and function, by all its events and its views.

use std::collections::{BTreeMap, BTreeSet};

use alloy::eips::BlockId;
use alloy::primitives::{Address, FixedBytes};
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use consilium_bindings::AccessManager as abi;
use eyre::Result;

use super::table::{Access, LONGEST_LABEL, Role, Table};
use super::{ADMIN_ROLE, COUNCIL, Member, NAME, Placed, founded, functions};
use crate::config::moment::Moment;
use crate::explain::explain_call;
use crate::part::{Name, Scene};
use crate::parts::timelock;
use crate::proof::Proof;
use crate::shown::shortened;

pub(super) async fn prove(proof: &mut Proof, scene: &Scene<'_>) -> Result<()> {
    let head = scene.chain.head().await?;
    let (at, now) = (BlockId::from(head), scene.chain.time(head).await?);
    let manager = scene.dao.address(NAME);
    let logs = scene.events(&Table::filter().address(manager)).await?;
    let mut table = Table::read(scene.chain, manager, at, &logs).await?;

    members(proof, scene, &mut table, now);
    targets(proof, scene, &table, now);
    calls(proof, scene, at, now).await?;
    // A member for a while may have left anything behind.
    proof.check("access_manager.table: how often it was changed since the founding", 0, scene.since(&logs));
    operations(proof, scene).await
}

/// The admin's role and those of the offices have the planned members, on the planned terms, and no other role has any.
fn members(proof: &mut Proof, scene: &Scene<'_>, table: &mut Table, now: u64) {
    let admin = Member::of(scene.dao.address(timelock::NAME));
    let offices = founded(&scene.dao);
    let admin = std::iter::once((ADMIN_ROLE, "ADMIN_ROLE".to_owned(), vec![admin]));
    let offices = offices.into_iter().map(|Placed { role, name, members, .. }| {
        let name = if name == COUNCIL { "the council's role".to_owned() } else { format!("the role of \"{name}\"") };
        (role, name, members)
    });
    for (id, name, planned) in admin.chain(offices) {
        let found = table.roles.remove(&id).unwrap_or_default();
        let planned: BTreeMap<Address, String> =
            planned.iter().map(|member| (member.address, planned_terms(member, now))).collect();
        let held = found.members.iter().map(|(account, access)| (*account, terms(access, now))).collect();
        proof.check(format!("members of {name}"), listed(&planned), listed(&held));
        proof.check(
            format!("administration of {name}"),
            administration(&Role::default(), now),
            administration(&found, now),
        );
    }
    let usual = administration(&Role::default(), now);
    let others = table.roles.iter().filter_map(|(id, role)| {
        let held = role.members.iter().map(|(account, access)| (*account, terms(access, now))).collect();
        let changed = administration(role, now);
        let is_used = !role.members.is_empty() || changed != usual;
        is_used.then(|| format!("role {id} by {}; {changed}", listed(&held)))
    });
    let others: Vec<String> = others.collect();
    proof.check("other roles of the access manager in use", "none", none_or(&others));
}

/// The functions have the planned roles, no target is closed, and none has an admin delay.
fn targets(proof: &mut Proof, scene: &Scene<'_>, table: &Table, now: u64) {
    let function = |target: Address, selector: [u8; 4], role: u64| {
        let mut parts = scene.dao.config.parts();
        let part = parts.find(|part| scene.dao.find(part.name()) == Some(target));
        let known = part.and_then(|part| (part.interface().function)(selector));
        let selector = known.map_or_else(|| FixedBytes(selector).to_string(), str::to_owned);
        format!("{selector} of {target} for role {role}")
    };
    let mut planned: Vec<String> = functions(&scene.dao)
        .iter()
        .map(|planned| function(planned.target, planned.selector.0, planned.roleId))
        .collect();
    let all = table.targets.iter().flat_map(|(address, target)| {
        // Without a role of its own a function is for ADMIN_ROLE.
        let own = target.functions.iter().filter(|(_, role)| **role != ADMIN_ROLE);
        own.map(|(selector, role)| function(*address, *selector, *role))
    });
    let mut found: Vec<String> = all.collect();
    planned.sort();
    found.sort();
    proof.check("functions with a role in the access manager", none_or(&planned), none_or(&found));

    let which = |is: &dyn Fn(&super::table::Target) -> bool| {
        let targets = table.targets.iter().filter(|(_, target)| is(target));
        none_or(&targets.map(|(address, _)| address.to_string()).collect::<Vec<_>>())
    };
    proof.check("targets that the access manager closes", "none", which(&|target| target.closed));
    let delayed = |target: &super::table::Target| {
        target.admin_delay != 0 || target.next_admin_delay.is_some_and(|(_, from)| from > now)
    };
    proof.check("targets with an admin delay in the access manager", "none", which(&delayed));
}

/// The manager's own answers: each member may call the functions of its offices on its terms until its end, and nobody
/// else may, nor who founded the DAO.
async fn calls(proof: &mut Proof, scene: &Scene<'_>, at: BlockId, now: u64) -> Result<()> {
    let manager = abi::new(scene.dao.address(NAME), scene.chain.provider());
    let offices = founded(&scene.dao);
    let mut accounts = BTreeSet::from([scene.sender, scene.founder]);
    accounts.extend(offices.iter().flat_map(|office| &office.members).map(|member| member.address));
    for account in accounts {
        for office in &offices {
            let member = office.members.iter().find(|member| member.address == account);
            let holds = |member: &&Member| member.until.as_ref().is_none_or(|until| now < until.get_ref().0);
            let delay = member.filter(holds).map(|member| member.delay);
            // What nobody holds as an office can be the responders'.
            let is_others = |function: &(Name, [u8; 4])| {
                let mut others = offices.iter().filter(|other| !other.members.is_empty());
                office.members.is_empty() && others.any(|other| other.functions.contains(function))
            };
            for (of, selector) in office.functions.iter().filter(|function| !is_others(function)) {
                let selector = FixedBytes(*selector);
                let found = manager.canCall(account, scene.dao.address(*of), selector).block(at).call().await;
                let found = found.map_err(explain_call)?;
                let answer = |immediate: bool, delay: u32| match (immediate, delay) {
                    (true, _) => "at once".to_owned(),
                    (false, 0) => "never".to_owned(),
                    (false, delay) => format!("after {delay} seconds"),
                };
                let expected = delay.map_or_else(|| "never".to_owned(), |delay| answer(delay == 0, delay));
                let subject = format!("access_manager.canCall({account}, {}, {selector})", of.folder());
                proof.check(subject, expected, answer(found.immediate, found.delay));
            }
        }
        let admin = manager.hasRole(ADMIN_ROLE, account).block(at).call().await.map_err(explain_call)?.isMember;
        proof.check(format!("access_manager.hasRole({ADMIN_ROLE}, {account})"), false, admin);
    }
    Ok(())
}

/// What went through the manager's schedule since.
async fn operations(proof: &mut Proof, scene: &Scene<'_>) -> Result<()> {
    let filter = Filter::new().address(scene.dao.address(NAME)).event_signature(vec![
        abi::OperationScheduled::SIGNATURE_HASH,
        abi::OperationExecuted::SIGNATURE_HASH,
        abi::OperationCanceled::SIGNATURE_HASH,
    ]);
    let logs = scene.events(&filter).await?;
    let count = |event| logs.iter().filter(|log| log.topic0() == Some(&event)).count();
    proof.note(format!(
        "since its founding {} calls were scheduled in the access manager, {} executed, {} cancelled",
        count(abi::OperationScheduled::SIGNATURE_HASH),
        count(abi::OperationExecuted::SIGNATURE_HASH),
        count(abi::OperationCanceled::SIGNATURE_HASH)
    ));
    Ok(())
}

/// What a member's grant is to be at a time. What has ended has no delay any more.
fn planned_terms(member: &Member, now: u64) -> String {
    let until = member.until.as_ref().map_or(0, |until| until.get_ref().0);
    let ended = until != 0 && until <= now;
    let since = u64::from(!ended);
    let delay = if ended { 0 } else { member.delay };
    terms(&Access { since, delay, pending: None, until }, now)
}

fn terms(access: &Access, now: u64) -> String {
    let until = if access.until == 0 { "for ever".to_owned() } else { format!("until {}", Moment(access.until)) };
    if access.has_ended() {
        return format!("ended: {until}");
    }
    let pending = access.pending.map(|(delay, effect)| format!(", {delay} seconds from {} on", Moment(effect)));
    let begins = if access.since > now { format!(", from {} on", Moment(access.since)) } else { String::new() };
    format!("after {} seconds{}{begins}, {until}", access.delay, pending.unwrap_or_default())
}

fn administration(role: &Role, now: u64) -> String {
    let pending = role.next_grant_delay.filter(|(_, from)| *from > now);
    let pending = pending.map(|(delay, from)| format!(", {delay} seconds from {} on", Moment(from)));
    let label = role.label.as_deref().filter(|label| !label.is_empty());
    let label =
        label.map(|label| format!(", labelled \"{}\"", shortened(&label.escape_debug().to_string(), LONGEST_LABEL)));
    format!(
        "role {} grants, role {} cancels, grants wait {} seconds{}{}",
        role.admin,
        role.guardian,
        role.grant_delay,
        pending.unwrap_or_default(),
        label.unwrap_or_default()
    )
}

fn listed(members: &BTreeMap<Address, String>) -> String {
    if members.is_empty() {
        return "nobody".to_owned();
    }
    members.iter().map(|(account, terms)| format!("{account} ({terms})")).collect::<Vec<_>>().join(", ")
}

fn none_or(found: &[String]) -> String {
    if found.is_empty() { "none".to_owned() } else { found.join(", ") }
}
