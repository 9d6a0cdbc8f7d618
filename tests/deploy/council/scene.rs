//! A founded DAO whose council has two members: one acts at once, the other after a delay, and both until an end.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, keccak256, utils::parse_ether};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol_types::{SolCall, SolError};
use consilium_bindings::{AccessManager, Consent, Governor, VotingToken};
use consilium_deploy::parts::access_manager;
use consilium_deploy::{Artifacts, Config, Name, Program, Sender, init_code};
use eyre::Result;
use harness::{deploy::programs, raw_program, root};
use nitro::{ARB_WASM, ArbWasm};

use crate::fourth::{Fourth, PLAIN};
use crate::setup::{Site, without_council};

/// Seconds that the second member's calls wait.
pub(super) const DELAY: u64 = 60;

/// Seconds from the founding to the end of both memberships: ten days.
pub(super) const TERM: u64 = 10 * 86_400;

/// A part that the library does not know, behind a proxy, which the timelock upgrades by the access manager.
pub(super) const PROXIED: Fourth =
    Fourth { needs: &[access_manager::NAME], upgradeable: true, admin: access_manager::NAME, ..PLAIN };

/// The DAO and those who act.
pub(super) struct Scene {
    pub site: Site,
    /// Has most of the votes.
    pub voter: Sender,
    /// Of the council.
    pub member: Sender,
    /// Of the council, with a delay.
    pub slow: Sender,
    pub stranger: Sender,
    pub governor: Address,
    pub timelock: Address,
    pub manager: Address,
    /// When both memberships end.
    pub until: u64,
}

/// A proposal of one call.
pub(super) struct Proposal {
    pub id: U256,
    targets: Vec<Address>,
    values: Vec<U256>,
    calldatas: Vec<Bytes>,
    hash: B256,
}

impl Proposal {
    /// The call that executes it.
    pub(super) fn execute(&self) -> Vec<u8> {
        let (targets, values, calldatas) = (self.targets.clone(), self.values.clone(), self.calldatas.clone());
        Governor::execute_0Call { targets, values, calldatas, descriptionHash: self.hash }.abi_encode()
    }

    /// The call that cancels it by its contents.
    pub(super) fn cancel(&self) -> Vec<u8> {
        let (targets, values, calldatas) = (self.targets.clone(), self.values.clone(), self.calldatas.clone());
        Governor::cancel_0Call { targets, values, calldatas, descriptionHash: self.hash }.abi_encode()
    }
}

/// The devnet's settings with a section about access in place of the council's account.
pub(super) fn file(section: &str) -> Result<String> {
    let devnet = std::fs::read_to_string(root().join("deploy/config/devnet.toml"))?;
    Ok(format!("{}\n{section}", without_council(&devnet)))
}

/// The section of two members with these ends.
pub(super) fn section(member: Address, slow: Address, until: impl std::fmt::Display) -> String {
    format!(
        "[access]\ncouncil = [\n{{ address = \"{member}\", until = {until} }},\n{{ address = \"{slow}\", delay = {DELAY}, until = {until} }},\n]\n"
    )
}

impl Scene {
    /// With an end ten days from now.
    pub(super) async fn new() -> Result<Self> {
        let mut site = Site::new()?;
        let block = site.chain().await?.provider().get_block(alloy::eips::BlockId::latest()).await?.expect("a block");
        Self::until(&mut site, block.header.timestamp + TERM).await?;
        Self::found(site, block.header.timestamp + TERM).await
    }

    /// Gives a site the settings of a council until then.
    pub(super) async fn until(site: &mut Site, until: u64) -> Result<()> {
        let [member, slow] = ["member", "slow member"].map(account);
        let date = consilium_deploy::config::moment::Moment(until);
        site.config = Config::parse(&file(&section(member, slow, date))?, "dao.toml")?;
        site.config.token_mut().holders[0].address = account("voter");
        site.artifacts = Artifacts::load(programs(), &site.config)?;
        Ok(())
    }

    /// Founds the DAO of a site's settings.
    pub(super) async fn found(site: Site, until: u64) -> Result<Self> {
        let deployment = site.finish().await?;
        let ether = parse_ether("1")?;
        let scene = Self {
            voter: site.sender_with("voter", ether).await?,
            member: site.sender_with("member", ether).await?,
            slow: site.sender_with("slow member", ether).await?,
            stranger: site.sender_with("stranger", ether).await?,
            governor: deployment.address("governor")?,
            timelock: deployment.address("timelock")?,
            manager: deployment.address("access-manager")?,
            site,
            until,
        };
        let delegate = VotingToken::delegateCall { delegatee: scene.voter.account() };
        scene.send(&scene.voter, deployment.address("voting-token")?, delegate.abi_encode()).await?;
        scene.pass(2).await?;
        Ok(scene)
    }

    pub(super) fn provider(&self) -> DynProvider {
        self.voter.chain().provider().clone()
    }

    pub(super) async fn send(&self, from: &Sender, to: Address, call: Vec<u8>) -> Result<TransactionReceipt> {
        from.send(to, call.into(), U256::ZERO).await
    }

    /// A program in other bytes, deployed.
    pub(super) async fn next_version(&self, name: &str) -> Result<(Address, Program)> {
        let wasm = std::fs::read(programs().join(format!("{name}.wasm")))?;
        let program = Program::new(raw_program::compressed(&wasm)?)?;
        let request = TransactionRequest::default().with_deploy_code(init_code(program.code()));
        let receipt = self.provider().send_transaction(request).await?.get_receipt().await?;
        Ok((receipt.contract_address.expect("created"), program))
    }

    /// What the proof finds otherwise than the file says.
    pub(super) async fn failures(&self) -> Result<Vec<String>> {
        Ok(self.site.verify().await?.failures().map(ToString::to_string).collect())
    }

    /// The DAO runs another program behind the proxy of a contract, and the one before again. The proof names both, and
    /// asks the other program nothing until somebody compares it. `short` is what its facts begin with.
    pub(super) async fn upgrades(&self, name: Name, short: &str) -> Result<()> {
        let planned = self.site.plan().of(name).clone();
        let (next, program) = self.next_version(name.folder()).await?;
        let activate = ArbWasm::activateProgramCall { program: next }.abi_encode();
        self.site.sender().await?.send(ARB_WASM, activate.into(), U256::from(raw_program::DATA_FEE)).await?;
        let upgrade = |to: Address| Consent::upgradeToAndCallCall { newImplementation: to, data: Bytes::new() };
        self.decide("another program", planned.address, upgrade(next).abi_encode()).await?;
        let proof = self.site.verify().await?;
        let found: Vec<String> = proof.failures().map(ToString::to_string).collect();
        assert_eq!(found, [format!("implementation of the {name} is {next}, not {}", planned.implementation)]);
        let hash = program.code_hash();
        let start = format!("the {name} was upgraded: it runs the code at {next}, whose hash is {hash}.");
        assert!(proof.notes.iter().any(|said| said.starts_with(&start)), "{:?}", proof.notes);
        self.decide("the program before", planned.address, upgrade(planned.implementation).abi_encode()).await?;
        let often = format!("{short}.implementation: how often it was set is 3, not 1");
        assert_eq!(self.failures().await?, [often]);
        Ok(())
    }

    /// What a call is refused with.
    pub(super) async fn refused(&self, from: &Sender, to: Address, call: Vec<u8>) -> String {
        format!("{:#}", self.send(from, to, call).await.expect_err("refused"))
    }

    /// Each of the calls is for one of these callers, or for none, and refused to the others by the access manager.
    pub(super) async fn alone(&self, to: Address, calls: Vec<(&str, Vec<u8>)>, callers: &[&str]) -> Result<()> {
        for (owner, call) in calls {
            for caller in callers {
                let request = TransactionRequest::default().with_from(account(caller)).with_to(to);
                let said = self.provider().call(request.with_input(call.clone())).await;
                if *caller == owner {
                    said?;
                    continue;
                }
                let refused = said.expect_err("refused");
                let data = refused.as_error_resp().and_then(|error| error.as_revert_data()).expect("a reason");
                assert!(
                    data.starts_with(&Consent::AccessManagedUnauthorized::SELECTOR),
                    "{caller}, {owner}: {refused}"
                );
            }
        }
        Ok(())
    }

    /// A call of the governor through the manager.
    pub(super) fn through(&self, call: &[u8]) -> Vec<u8> {
        AccessManager::executeCall { target: self.governor, data: call.to_vec().into() }.abi_encode()
    }

    /// Lets seconds pass, and makes a block.
    pub(super) async fn pass(&self, seconds: u64) -> Result<()> {
        let _: serde_json::Value = self.provider().raw_request("evm_increaseTime".into(), (seconds,)).await?;
        let _: serde_json::Value = self.provider().raw_request("evm_mine".into(), ()).await?;
        Ok(())
    }

    /// Lets time pass to a second, and makes a block in it or right after.
    pub(super) async fn pass_to(&self, second: u64) -> Result<()> {
        let block = self.provider().get_block(alloy::eips::BlockId::latest()).await?.expect("a block");
        self.pass(second.saturating_sub(block.header.timestamp)).await
    }

    pub(super) async fn state(&self, proposal: &Proposal) -> Result<u8> {
        Ok(Governor::new(self.governor, self.provider()).state(proposal.id).call().await?)
    }

    /// Proposes one call.
    pub(super) async fn proposed(&self, description: &str, call: (Address, Vec<u8>)) -> Result<Proposal> {
        let (targets, values, calldatas) = (vec![call.0], vec![U256::ZERO], vec![Bytes::from(call.1)]);
        let hash = keccak256(description);
        let propose = Governor::proposeCall {
            targets: targets.clone(),
            values: values.clone(),
            calldatas: calldatas.clone(),
            description: description.to_owned(),
        };
        self.send(&self.voter, self.governor, propose.abi_encode()).await?;
        let governor = Governor::new(self.governor, self.provider());
        let id = governor.hashProposal(targets.clone(), values.clone(), calldatas.clone(), hash).call().await?;
        Ok(Proposal { id, targets, values, calldatas, hash })
    }

    /// Takes a proposal through its vote into the timelock.
    pub(super) async fn carry(&self, proposal: &Proposal) -> Result<()> {
        let settings = self.site.config.governor();
        self.pass(settings.voting_delay + 1).await?;
        let vote = Governor::castVoteCall { proposalId: proposal.id, support: 1 };
        self.send(&self.voter, self.governor, vote.abi_encode()).await?;
        self.pass(u64::from(settings.voting_period) + 1).await?;
        let queue = Governor::queue_1Call { proposalId: proposal.id };
        self.send(&self.stranger, self.governor, queue.abi_encode()).await?;
        Ok(())
    }

    /// A proposal that waits in the timelock.
    pub(super) async fn queued(&self, description: &str, target: Address, call: Vec<u8>) -> Result<Proposal> {
        let proposal = self.proposed(description, (target, call)).await?;
        self.carry(&proposal).await?;
        Ok(proposal)
    }

    /// Proposes, decides and carries out one call.
    pub(super) async fn decide(&self, description: &str, target: Address, call: Vec<u8>) -> Result<()> {
        let proposal = self.queued(description, target, call).await?;
        self.pass(self.site.config.timelock().min_delay + 1).await?;
        self.send(&self.stranger, self.governor, proposal.execute()).await?;
        Ok(())
    }
}

/// The account of a name, as `Site::sender_with` has it.
pub(super) fn account(name: &str) -> Address {
    alloy::signers::local::PrivateKeySigner::from_bytes(&keccak256(name)).expect("a key").address()
}
