//! Two governors, ours and OpenZeppelin's, each with a timelock of its own, on one token.

use alloy::{
    primitives::{Address, U256, keccak256},
    sol_types::{SolCall, SolConstructor},
};
use consilium_bindings::Timelock;
use eyre::{Result, ensure};
use harness::{
    actor::actors,
    answer::Answer,
    chain::{Account, Chain},
    deploy,
    peers::{self, token_arguments},
    twins::Twins,
};

use crate::calls::*;
use crate::setup::Settings;

/// One of the two.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side {
    pub(crate) governor: Address,
    pub(crate) timelock: Address,
    pub(crate) token: Address,
}

/// Both governors, and the accounts that hold votes.
pub(crate) struct Governors {
    twins: Twins<Side>,
    /// An account with a key, which has votes too.
    pub(crate) signer: Account,
}

harness::deref_to_twins!(Governors, Side);

impl Governors {
    /// Both governors, freshly made, and a token whose votes are `votes`, one number for each actor and the last for the
    /// signer, delegated to themselves.
    pub(crate) async fn start(settings: &Settings, votes: &[u64]) -> Result<Self> {
        let chain = Chain::start()?;
        let sender = chain.dev_account()?;
        let signer = chain.account("a governor's signer").await?;
        let actors = actors(&chain, votes.len() - 1).await?;
        let holders = actors.iter().copied().chain([signer.address()]).zip(votes.iter().map(|&v| U256::from(v)));
        let arguments = token_arguments("Vote", "V", &holders.collect::<Vec<_>>());
        let token = peers::create(&chain, settings.token, &arguments).await?;

        let (ours, peer) =
            (Self::timelock(&chain, &sender, settings).await?, Self::timelock(&chain, &sender, settings).await?);
        let governor = deploy::program(&chain, "governor", &settings.arguments(token, ours)).await?;
        let ours = Side { governor, timelock: ours, token };
        let governor = peers::create(&chain, "PeerGovernor", &settings.arguments(token, peer)).await?;
        let peer = Side { governor, timelock: peer, token };
        for side in [ours, peer] {
            for role in ["PROPOSER_ROLE", "CANCELLER_ROLE"] {
                let grant = Timelock::grantRoleCall { role: keccak256(role), account: side.governor };
                ensure!(sender.send(side.timelock, grant.abi_encode()).await?.status(), "{role} was not granted");
            }
        }

        let twins = Self { twins: Twins::new(chain, [ours, peer], actors)?, signer };
        twins.stands_for(ours.governor, peer.governor);
        twins.stands_for(ours.timelock, peer.timelock);
        for actor in 0..twins.actors.len() {
            let delegate = Token::delegateCall { delegatee: twins.actors[actor] };
            twins.once(actor, token, delegate.abi_encode()).await?;
        }
        let delegate = Token::delegateCall { delegatee: twins.signer.address() };
        ensure!(twins.signer.send(token, delegate.abi_encode()).await?.status(), "the signer did not delegate");
        twins.pass(1).await?;
        Ok(twins)
    }

    async fn timelock(chain: &Chain, sender: &Account, settings: &Settings) -> Result<Address> {
        let nobody: Vec<Address> = Vec::new();
        let anyone = vec![Address::ZERO];
        let constructor = Timelock::constructorCall {
            minDelay: U256::from(settings.delay),
            proposers: nobody,
            executors: anyone,
            admin: sender.address(),
        };
        peers::create(chain, "PeerTimelock", &constructor.abi_encode()).await
    }

    /// Calls both governors as `actor`, and returns what both answered.
    pub(crate) async fn call<C: SolCall>(&self, actor: usize, call: impl Fn(&Side) -> C) -> Result<Answer> {
        self.at(actor, |side| (side.governor, call(side).abi_encode())).await
    }
}
