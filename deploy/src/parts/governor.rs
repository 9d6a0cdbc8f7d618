//! The governor: proposals and votes.

mod permissions;

use alloy::primitives::{Address, Bytes, LogData, U256, aliases::U48};
use alloy::sol_types::SolEvent;
use consilium_bindings::Construct;
use consilium_bindings::Governor::{self as abi, GovernorErrors, GovernorEvents};
use eyre::Result;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::timelock::{self, Role};
use super::voting_token;
use crate::config::rules::{at_most_a_year, named, percent, quantity, refuse, span};
use crate::config::{Config, Refusal, Section, Sections};
use crate::dao::Dao;
use crate::explain::explain_call;
use crate::part::{self, Facts, Interface, Name, Neighbours, Origin, Part, Scene, Strange};
use crate::permissions::{Permissions, View, answer};
use crate::proof::{Proof, view};

/// Its name.
pub const NAME: Name = Name::new("governor");

/// The part.
#[derive(Clone, Copy, Debug)]
pub struct Governor;

/// Its settings. Spans are in the token's clock: seconds or blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Name, and the name of its EIP-712 domain.
    pub name: String,
    /// From the proposal to the start of its vote. Fits 48 bits, never zero.
    pub voting_delay: u64,
    /// How long a vote is open. Never zero.
    pub voting_period: u32,
    /// Votes a member needs to propose, in the token's smallest unit.
    pub proposal_threshold: U256,
    /// Percent of the supply that must take part; 1 to 100.
    pub quorum_percent: u8,
    /// Percent of the supply whose "for" votes decide early; from the quorum to 100.
    pub super_quorum_percent: u8,
    /// How long a vote stays open at least after the quorum is reached. Fits 48 bits; zero switches it off.
    pub late_quorum_extension: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Spanned<String>,
    voting_delay: Spanned<u64>,
    voting_period: Spanned<u64>,
    proposal_threshold: Spanned<String>,
    quorum_percent: Spanned<u64>,
    super_quorum_percent: Spanned<u64>,
    late_quorum_extension: Spanned<u64>,
}

impl Config {
    /// The governor's settings.
    pub fn governor(&self) -> &Settings {
        self.sections.expect()
    }

    /// The same, to change.
    pub fn governor_mut(&mut self) -> &mut Settings {
        self.sections.expect_mut()
    }
}

impl Part for Governor {
    fn name(&self) -> Name {
        NAME
    }

    fn is_required(&self) -> bool {
        true
    }

    fn needs(&self) -> &'static [Name] {
        &[timelock::NAME, voting_token::NAME]
    }

    fn settings(&self, section: Section<'_>, others: &Sections) -> Result<Box<dyn crate::config::Settings>, Refusal> {
        Ok(Box::new(check(&section.read()?, others.expect())?))
    }

    fn constructor(&self, dao: &Dao<'_>) -> Result<Bytes> {
        let settings = dao.config.governor();
        Ok(abi::constructorCall {
            name: settings.name.clone(),
            token: dao.address(voting_token::NAME),
            timelock: dao.address(timelock::NAME),
            votingDelay: U48::from(settings.voting_delay),
            votingPeriod: settings.voting_period,
            proposalThreshold: settings.proposal_threshold,
            quorumNumerator: U256::from(settings.quorum_percent),
            superQuorumNumerator: U256::from(settings.super_quorum_percent),
            lateQuorumVoteExtension: U48::from(settings.late_quorum_extension),
            proposalGuardian: dao.guardian(),
        }
        .init_data())
    }

    /// Every setting, from zero.
    fn logs(&self, dao: &Dao<'_>, _: Origin) -> Vec<LogData> {
        let (settings, none) = (dao.config.governor(), U256::ZERO);
        vec![
            abi::VotingDelaySet { oldVotingDelay: none, newVotingDelay: U256::from(settings.voting_delay) }
                .encode_log_data(),
            abi::VotingPeriodSet { oldVotingPeriod: none, newVotingPeriod: U256::from(settings.voting_period) }
                .encode_log_data(),
            abi::ProposalThresholdSet { oldProposalThreshold: none, newProposalThreshold: settings.proposal_threshold }
                .encode_log_data(),
            abi::QuorumNumeratorUpdated {
                oldQuorumNumerator: none,
                newQuorumNumerator: U256::from(settings.quorum_percent),
            }
            .encode_log_data(),
            abi::SuperQuorumNumeratorUpdated {
                oldSuperQuorumNumerator: none,
                newSuperQuorumNumerator: U256::from(settings.super_quorum_percent),
            }
            .encode_log_data(),
            abi::LateQuorumVoteExtensionSet { oldVoteExtension: 0, newVoteExtension: settings.late_quorum_extension }
                .encode_log_data(),
            abi::TimelockChange { oldTimelock: Address::ZERO, newTimelock: dao.address(timelock::NAME) }
                .encode_log_data(),
            abi::ProposalGuardianSet { oldProposalGuardian: Address::ZERO, newProposalGuardian: dao.guardian() }
                .encode_log_data(),
        ]
    }

    fn prove<'a>(&'a self, proof: &'a mut Proof, scene: &'a Scene<'a>) -> Facts<'a> {
        Box::pin(async move {
            let dao = &scene.dao;
            let governor = abi::new(dao.address(NAME), scene.chain.provider());
            let settings = dao.config.governor();
            view!(proof, governor.name, &settings.name);
            view!(proof, governor.token, dao.address(voting_token::NAME));
            view!(proof, governor.timelock, dao.address(timelock::NAME));
            view!(proof, governor.votingDelay, settings.voting_delay);
            view!(proof, governor.votingPeriod, settings.voting_period);
            view!(proof, governor.proposalThreshold, settings.proposal_threshold);
            view!(proof, governor.quorumNumerator_0, settings.quorum_percent);
            view!(proof, governor.quorumDenominator, 100);
            view!(proof, governor.superQuorumNumerator_0, settings.super_quorum_percent);
            view!(proof, governor.lateQuorumVoteExtension, settings.late_quorum_extension);
            view!(proof, governor.proposalGuardian, dao.guardian());
            view!(proof, governor.CLOCK_MODE, dao.config.token().clock.mode());
            let set = [
                ("governor.timelock", abi::TimelockChange::SIGNATURE_HASH),
                ("governor.votingDelay", abi::VotingDelaySet::SIGNATURE_HASH),
                ("governor.votingPeriod", abi::VotingPeriodSet::SIGNATURE_HASH),
                ("governor.proposalThreshold", abi::ProposalThresholdSet::SIGNATURE_HASH),
                ("governor.quorumNumerator", abi::QuorumNumeratorUpdated::SIGNATURE_HASH),
                ("governor.superQuorumNumerator", abi::SuperQuorumNumeratorUpdated::SIGNATURE_HASH),
                ("governor.lateQuorumVoteExtension", abi::LateQuorumVoteExtensionSet::SIGNATURE_HASH),
                ("governor.proposalGuardian", abi::ProposalGuardianSet::SIGNATURE_HASH),
            ];
            scene.set_once(proof, dao.address(NAME), set).await
        })
    }

    fn interface(&self) -> Interface {
        Interface {
            function: abi::GovernorCalls::signature_by_selector,
            event: part::event::<GovernorEvents>,
            error: part::error::<GovernorErrors>,
        }
    }

    fn strange<'a>(&'a self, view: &'a View<'a>) -> Strange<'a> {
        Box::pin(async move {
            let governor = abi::new(view.address(NAME), view.chain().provider());
            let at = view.at();
            if let Err(reason) = answer(governor.superQuorumNumerator_0().block(at).call().await)? {
                return Ok(Some(format!("superQuorumNumerator(): {reason}")));
            }
            if let Err(reason) = answer(governor.proposalGuardian().block(at).call().await)? {
                return Ok(Some(format!("proposalGuardian(): {reason}")));
            }
            let counting = answer(governor.COUNTING_MODE().block(at).call().await)?;
            Ok(counting.err().map(|reason| format!("COUNTING_MODE(): {reason}")))
        })
    }

    fn permissions<'a>(&'a self, permissions: &'a mut Permissions, view: &'a View<'a>) -> Facts<'a> {
        Box::pin(permissions::add(permissions, view))
    }

    fn neighbours<'a>(&'a self, view: &'a View<'a>) -> Neighbours<'a> {
        Box::pin(permissions::neighbours(view))
    }

    /// All but the admin's: it schedules, cancels and executes what the members decide.
    fn roles(&self) -> &'static [Role] {
        &[Role::Proposer, Role::Canceller, Role::Executor]
    }

    /// After the token, without which it cannot tell the time.
    fn renewal(&self) -> u8 {
        20
    }

    fn notes(&self, config: &Config) -> Vec<String> {
        let (settings, token, mut notes) = (config.governor(), config.token(), Vec::new());
        let most = token.holders.iter().map(|holder| holder.amount).max().unwrap_or_default();
        if settings.proposal_threshold > most {
            notes.push("no holder alone reaches the proposal threshold: some have to delegate to one".to_owned());
        }
        // The supply fits 208 bits, so neither product wraps.
        let early = token.supply * U256::from(settings.super_quorum_percent);
        if early > token.held() * U256::from(100) {
            notes.push("all holders together do not reach the super quorum: no proposal is decided early".to_owned());
        }
        notes
    }
}

fn check(file: &File, token: &voting_token::Settings) -> Result<Settings, Refusal> {
    let held = token.held();
    let proposal_threshold = quantity(&file.proposal_threshold, "the proposal threshold")?;
    if proposal_threshold > held {
        return refuse(
            &file.proposal_threshold,
            "the proposal threshold exceeds what all holders have together, and the treasury does not vote: nobody could ever \
             propose",
        );
    }
    let quorum_percent = percent(&file.quorum_percent, 1, "the quorum")?;
    // The supply fits 208 bits.
    let quorum = token.supply * U256::from(quorum_percent) / U256::from(100);
    if quorum.is_zero() {
        return refuse(&file.quorum_percent, "the quorum of so small a supply is zero votes: raise it, or the supply");
    }
    if quorum > held {
        let most = held * U256::from(100) / token.supply;
        return refuse(
            &file.quorum_percent,
            format!(
                "the quorum exceeds what all holders have together ({most} whole percent of the supply), and the treasury does \
                 not vote: no proposal could ever pass"
            ),
        );
    }
    let voting_period = span(&file.voting_period, token.clock, "the voting period")?;
    let late_quorum_extension = at_most_a_year(&file.late_quorum_extension, token.clock, "the late quorum extension")?;
    if late_quorum_extension > voting_period {
        return refuse(&file.late_quorum_extension, "the late quorum extension is longer than the voting period");
    }
    Ok(Settings {
        name: named(&file.name, "the governor's name")?,
        voting_delay: span(&file.voting_delay, token.clock, "the voting delay")?,
        // A year of seconds fits 32 bits.
        voting_period: voting_period as u32,
        proposal_threshold,
        quorum_percent,
        super_quorum_percent: percent(&file.super_quorum_percent, quorum_percent, "the super quorum")?,
        late_quorum_extension,
    })
}
