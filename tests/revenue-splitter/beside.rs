//! The same payments and releases for OpenZeppelin 4.9's splitter, with the same payees and shares: every amount is
//! equal to the wei, and so is what is refused.

use alloy::{
    primitives::{Address, U256, keccak256},
    sol,
    sol_types::{SolCall, SolValue},
};
use consilium_bindings::RevenueSplitter::*;
use eyre::Result;
use harness::peers;

use crate::world::*;

sol! {
    interface Peer {
        function totalShares() external view returns (uint256);
        function shares(address account) external view returns (uint256);
        function payee(uint256 index) external view returns (address);
        function totalReleased() external view returns (uint256);
        function totalReleased(address token) external view returns (uint256);
        function released(address account) external view returns (uint256);
        function released(address token, address account) external view returns (uint256);
        function releasable(address account) external view returns (uint256);
        function releasable(address token, address account) external view returns (uint256);
        function release(address account) external;
        function release(address token, address account) external;
    }
}

/// Numbers that look drawn, and are the same in each run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below this.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 += 1;
        let hash = keccak256(self.0.to_be_bytes());
        u64::from_be_bytes(*hash.first_chunk().expect("a hash has 8 bytes")) % end
    }

    /// Small amounts as often as large ones.
    pub(crate) fn amount(&mut self) -> u64 {
        let bits = self.below(56);
        1 + self.below(1 << bits)
    }
}

/// The splitter and the peer.
struct Twins {
    world: World,
    peer: Address,
    payees: Vec<Address>,
    tokens: [Address; 3],
}

impl Twins {
    async fn start(shares: &[u16]) -> Result<Self> {
        let world = World::start().await?;
        let payees: Vec<_> = (1..=shares.len() as u8).map(Address::repeat_byte).collect();
        let table: Vec<_> = payees.iter().copied().zip(shares.iter().copied()).collect();
        world.splits(&table, &[]).await?;
        let shares: Vec<_> = shares.iter().map(|share| U256::from(*share)).collect();
        let arguments = (payees.clone(), shares).abi_encode_params();
        let peer = peers::create(&world.chain, "PeerPaymentSplitter", &arguments).await?;
        let tokens = [ETHER, world.token(18).await?, world.token(0).await?];
        Ok(Self { world, peer, payees, tokens })
    }

    /// A call's answer from both, which must be equal where it succeeds; whether it succeeded.
    async fn agree(&self, ours: Vec<u8>, theirs: Vec<u8>) -> Result<bool> {
        let by = self.world.stranger.address();
        let ours = self.world.chain.ask(by, self.world.at, ours).await?;
        let theirs = self.world.chain.ask(by, self.peer, theirs).await?;
        assert_eq!(ours.success, theirs.success);
        assert!(!ours.success || ours.data == theirs.data, "{} and {}", ours.data, theirs.data);
        Ok(ours.success)
    }

    /// Every view about everybody.
    async fn compare(&self) -> Result<()> {
        // What OpenZeppelin calls the same, ours calls the same.
        let mut views = vec![totalSharesCall {}.abi_encode(), totalReleased_0Call {}.abi_encode()];
        for (at, account) in self.payees.iter().copied().enumerate() {
            views.extend([
                sharesCall { account }.abi_encode(),
                payeeCall { index: number(at as u64) }.abi_encode(),
                released_0Call { account }.abi_encode(),
                releasable_0Call { account }.abi_encode(),
            ]);
            for token in self.tokens[1..].iter().copied() {
                views.extend([
                    totalReleased_1Call { token }.abi_encode(),
                    released_1Call { token, account }.abi_encode(),
                    releasable_1Call { token, account }.abi_encode(),
                ]);
            }
        }
        for view in views {
            assert!(self.agree(view.clone(), view).await?);
        }
        Ok(())
    }

    async fn step(&self, dice: &mut Dice) -> Result<()> {
        let token = self.tokens[dice.below(3) as usize];
        let amount = dice.amount();
        match dice.below(3) {
            0 if token.is_zero() => {
                for to in [self.world.at, self.peer] {
                    assert!(self.world.payer.send_with(to, vec![], amount).await?.status());
                }
            }
            0 => {
                for to in [self.world.at, self.peer] {
                    let call = Token::transferCall { to, amount: number(amount) };
                    self.world.by(&self.world.payer, token, call).await?;
                }
            }
            _ => {
                let account = self.payees[dice.below(self.payees.len() as u64) as usize];
                let (ours, theirs) = if token.is_zero() {
                    (release_0Call { account }.abi_encode(), Peer::release_0Call { account }.abi_encode())
                } else {
                    (release_1Call { token, account }.abi_encode(), Peer::release_1Call { token, account }.abi_encode())
                };
                assert_eq!(ours, theirs);
                if self.agree(ours.clone(), theirs.clone()).await? {
                    let mut paid = Vec::new();
                    for (to, call) in [(self.world.at, ours), (self.peer, theirs)] {
                        let before = self.world.balance(token, account).await?;
                        let receipt = self.world.stranger.send(to, call).await?;
                        // The same event, but for what was noticed and who logs it.
                        let last = receipt.logs().iter().rfind(|log| log.address() == to).map(|log| log.data().clone());
                        paid.push((self.world.balance(token, account).await? - before, last));
                    }
                    assert_eq!(paid[0], paid[1]);
                }
            }
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn payees_are_paid_as_by_openzeppelin_s() -> Result<()> {
    let tables: [&[u16]; 3] =
        [&[6_000, 3_000, 1_000], &[9_998, 1, 1], &[1_429, 1_429, 1_429, 1_429, 1_428, 1_428, 1_428]];
    for (seed, shares) in (0..).zip(tables) {
        let twins = Twins::start(shares).await?;
        let mut dice = Dice::new(seed << 32);
        for _ in 0..25 {
            twins.step(&mut dice).await?;
            twins.compare().await?;
        }
        for token in twins.tokens {
            twins.world.conserves(token, &twins.payees).await?;
        }
    }
    Ok(())
}
