//! What the events tell: the state, folded from the logs alone.

use alloy::{primitives::Log, sol_types::SolEventInterface};
use consilium_bindings::Consent as C;
use consilium_bindings::Consent::ConsentEvents as Events;

use super::state::{Emergency, Given, Member, Organization, Recovery, Scope, State};

/// A provision of an event.
macro_rules! given {
    ($event:expr, $now:expr) => {{
        let event = $event;
        Given {
            grantor: event.grantor,
            grantee: event.grantee,
            number: event.number,
            classes: event.classes,
            purposes: event.purposes,
            deny: event.deny,
            begins: event.notBefore.to(),
            ends: event.expiry.to(),
            version: event.policyVersion,
        }
    }};
}

impl State {
    /// Takes in an event, which must be one that can happen.
    pub(super) fn fold(&mut self, log: &Log, now: u64) -> Result<(), String> {
        let event = Events::decode_log(log).map_err(|error| format!("{error}: {log:?}"))?.data;
        let ensure = |holds: bool, what: &str| if holds { Ok(()) } else { Err(format!("{what}: {log:?}")) };
        match event {
            Events::ConsentGranted(event) => {
                let last = self.last.entry((event.grantor, event.grantee)).or_default();
                ensure(event.number == *last + 1, "a number is not the next")?;
                *last = event.number;
                self.epochs.entry(event.grantor).or_insert(1);
                self.provisions.push(given!(&event, now));
            }
            Events::ConsentAmended(event) => {
                ensure(self.amend(given!(&event, now)), "what is not in force is amended")?;
            }
            Events::ConsentRevoked(event) => {
                let old = self.take_out(event.grantor, event.grantee, event.number);
                ensure(old.is_some(), "what is not in force is revoked")?;
            }
            Events::ConsentsRevoked(event) => {
                self.provisions.retain(|given| given.grantor != event.grantor || given.grantee != event.grantee);
            }
            Events::AllConsentsRevoked(event) => {
                let epoch = self.epochs.entry(event.grantor).or_default();
                ensure(event.epoch == *epoch + 1, "an epoch is not the next")?;
                *epoch = event.epoch;
                self.provisions.retain(|given| given.grantor != event.grantor);
            }
            Events::RepresentativeSet(event) => {
                let C::RepresentativeSet { grantor, representative, classes, purposes, until, appointed } = event;
                let scope = Scope { classes, purposes, until: until.to(), appointed };
                self.scopes.insert((grantor, representative), scope);
            }
            Events::RecoverySet(event) => {
                let recovery = Recovery { recoverer: event.recoverer, under_way: None };
                self.recoveries.insert(event.grantor, recovery);
            }
            Events::RecoveryStarted(event) => {
                let recovery = self.recoveries.entry(event.grantor).or_default();
                recovery.under_way = Some((event.newKey, event.readyAt.to()));
            }
            Events::RecoveryVetoed(event) => self.recoveries.entry(event.grantor).or_default().under_way = None,
            Events::KeyReplaced(event) => {
                let recovery = self.recoveries.entry(event.grantor).or_default();
                let ready = recovery.under_way.is_some_and(|(key, ready)| key == event.newKey && ready <= now);
                ensure(ready, "a key is replaced without a recovery that was ready")?;
                recovery.under_way = None;
                self.replaced(event.grantor, event.newKey);
            }
            Events::SitePinned(event) => {
                ensure(self.sites.insert(event.key, event.site).is_none(), "a site is pinned again")?;
            }
            Events::MemberSet(event) => {
                let Organization { list, term, .. } = self.organization(event.organization);
                let until = event.until.to();
                let member = match (until, event.list) {
                    (0, _) => Member::Barred { list },
                    (until, 0) => Member::Set { until, term },
                    (until, list) => Member::Proven { until, list, term },
                };
                self.members.insert((event.organization, event.member), member);
            }
            Events::MembersPublished(event) => {
                let organization = self.organizations.entry(event.organization).or_default();
                (organization.list, organization.root) = (event.list, event.root);
            }
            Events::OrganizationSet(event) => {
                self.admit(event.organization, event.until.to(), event.jurisdiction, now);
            }
            Events::RoleSet(event) => {
                self.roles.insert((event.role, event.account), event.until.to());
            }
            Events::PolicySet(event) => {
                ensure(event.version == self.version + 1, "a version is not the next")?;
                (self.version, self.policy, self.longest) = (event.version, event.policy, event.longest);
            }
            Events::CodeSet(event) => {
                self.codes.insert((event.table, event.number), event.code);
            }
            Events::EmergencyDeclared(event) => {
                let C::EmergencyDeclared { id, grantor, actor, until, reviewBy, .. } = event;
                ensure(event.key == self.key(grantor), "an emergency is told to another key")?;
                let (until, review_by) = (until.to(), reviewBy.to());
                let emergency = Emergency { grantor, actor, until, review_by, verdict: 0, untold: false };
                ensure(self.declared(emergency, event.classes, now) == id, "an id is not the next")?;
            }
            Events::EmergencyReviewed(event) => {
                let emergency = self.emergencies.get_mut(event.id as usize - 1);
                let emergency = emergency.ok_or_else(|| format!("no such emergency: {log:?}"))?;
                ensure(emergency.verdict == 0, "an emergency is reviewed twice")?;
                emergency.verdict = if event.justified { 1 } else { 2 };
                if !event.justified {
                    self.closed(event.grantor, event.actor, event.id);
                }
            }
            Events::EmergencyHookFailed(C::EmergencyHookFailed { id, .. }) => self.telling(id, true)?,
            Events::EmergencyHookTold(C::EmergencyHookTold { id, .. }) => self.telling(id, false)?,
            Events::AccessRecorded(event) => self.recorded(&event)?,
            Events::ActSkipped(_)
            | Events::AuthorityUpdated(_)
            | Events::Upgraded(_)
            | Events::EIP712DomainChanged(_) => {}
        }
        Ok(())
    }

    /// A hook was not told, or at last.
    fn telling(&mut self, id: u64, untold: bool) -> Result<(), String> {
        let emergency = self.emergencies.get_mut(id as usize - 1).filter(|emergency| emergency.verdict == 2);
        let emergency = emergency.filter(|emergency| emergency.untold != untold);
        emergency.ok_or_else(|| format!("the hook is not to be told of {id}"))?.untold = untold;
        Ok(())
    }

    /// The head follows from the event and the head before.
    fn recorded(&mut self, event: &C::AccessRecorded) -> Result<(), String> {
        let (count, before) = self.logs.get(&event.grantor).copied().unwrap_or_default();
        let head = super::invariants::head(before, event);
        if event.number != count + 1 || event.head != head {
            return Err(format!("entry {} with head {} does not follow entry {count}", event.number, event.head));
        }
        self.logs.insert(event.grantor, (event.number, head));
        Ok(())
    }
}
