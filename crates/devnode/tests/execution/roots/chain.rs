//! The chain: whatever changes the state, each block's header has the root of it.

use super::{expected, root_of};
use alloy_primitives::{Address, Bytes, TxKind, U256, hex, keccak256};
use devnode::{
    ArbosVersion, CHAIN_ID, DEV_ACCOUNT,
    arbos::{self, ArbOs},
    chain::{BlockPlan, Chain, Conditions, SimulationRules, Style, Transaction},
    evm::{MAX_CODE, Runtime},
    state::{AccountState, Changes},
    stylus::Programs,
};
use harness::wire::Wallet;
use revm::state::Bytecode;
use std::convert::Infallible;

/// Stores calldata's first word in the slot that its second word names.
const STORES: [u8; 7] = hex!("5f356020355500");
/// Creation code that leaves such a contract.
const MAKES_STORES: [u8; 16] = hex!("665f3560203555005f5260076019f300");
/// Creation code that stores in slot 0, and destroys what it makes.
const DESTROYS_ITSELF: [u8; 6] = hex!("60015f5533ff");

/// The state of a first block.
fn genesis() -> Changes {
    let mut changes = Changes::default();
    for (address, account) in arbos::genesis(ArbosVersion::V61, CHAIN_ID, DEV_ACCOUNT) {
        let code_hash = keccak256(&account.code);
        let state = AccountState { nonce: account.nonce, balance: account.balance, code_hash };
        changes.accounts.insert(address, Some(state));
        changes.codes.insert(code_hash, Bytecode::new_raw(account.code));
        changes.slots.extend(account.storage.into_iter().map(|(index, value)| ((address, index), value)));
    }
    changes
}

/// A chain whose every block is compared.
struct Compared(Chain);

impl Compared {
    fn start(style: Style) -> Self {
        let runtime = Runtime::new(ArbOs::default(), Programs::shared().unwrap(), MAX_CODE);
        let chain = Self(Chain::start(runtime, genesis(), style, 1).unwrap());
        chain.compare();
        chain
    }

    /// Compares the newest block's root.
    fn compare(&self) {
        let head = self.0.head();
        assert_eq!(head.header.state_root, expected(&self.0.view(head.header.number)), "block {}", head.header.number);
    }

    /// Sends a transaction of the development account, which gets a block.
    async fn send(&self, to: TxKind, value: u128, input: &[u8]) -> Address {
        let nonce = self.0.next_nonce(DEV_ACCOUNT);
        let raw: Bytes = Wallet::dev().sign(nonce, to, value, input, 8_000_000).parse().unwrap();
        self.0.send(Transaction::decode(raw).unwrap(), Conditions::default()).await.unwrap();
        let head = self.0.head();
        assert!(head.transactions.last().unwrap().receipt.success, "block {}", head.header.number);
        self.compare();
        self.compare_within().await;
        DEV_ACCOUNT.create(nonce)
    }

    /// Lets a contract store.
    async fn store(&self, contract: Address, index: u64, value: u64) {
        let words = [value, index].map(|word| U256::from(word).to_be_bytes::<32>()).concat();
        self.send(TxKind::Call(contract), 0, &words).await;
    }

    /// The newest block, executed again, has its root in the end.
    async fn compare_within(&self) {
        let head = self.0.head();
        let roots = self.0.roots_within(head.clone()).await.unwrap().unwrap();
        assert_eq!(roots.len(), head.transactions.len());
        assert_eq!(roots.last(), Some(&head.header.state_root), "block {}", head.header.number);
    }

    async fn mine(&self, blocks: u64) {
        self.0.sequencer().mine(blocks, None, None).await.unwrap();
        self.compare();
    }

    /// The root of a block that is simulated after `block`, and that of its state.
    async fn compare_simulated(&self, block: u64, contract: Address) {
        let (newcomer, index) = (Address::repeat_byte(0x77), U256::from(3));
        let before = self.0.block(block).unwrap();
        let plan = BlockPlan { number: block + 1, timestamp: before.header.timestamp + 1, ..BlockPlan::default() };
        let roots = self.0.simulate_blocks(before, SimulationRules::default(), move |mut simulator| {
            let mut root = |wipes| {
                let begun = simulator.begin(&plan, |state, _| {
                    if wipes {
                        state.wipe(contract);
                        state.set_slot(contract, index, index);
                        state.set_balance(newcomer, U256::from(9));
                        state.set_balance(Address::repeat_byte(0x78), U256::ZERO);
                    }
                    Ok::<_, Infallible>(())
                });
                begun.unwrap();
                simulator.seal().header.state_root
            };
            [root(false), root(true), root(false)]
        });
        let view = self.0.view(block);
        let mut changed = view.all();
        changed.iter_mut().filter(|(address, ..)| *address == contract).for_each(|(.., slots)| {
            *slots = vec![(index, index)];
        });
        changed.push((newcomer, AccountState { balance: U256::from(9), ..AccountState::default() }, Vec::new()));
        let changed = root_of(changed);
        assert_eq!(roots.await.unwrap(), [expected(&view), changed, changed], "after block {block}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_header_has_the_root_of_its_state() {
    for style in [Style::Nitro, Style::Hardhat] {
        let chain = Compared::start(style);
        let cheats = chain.0.sequencer();
        chain.send(TxKind::Call(Address::repeat_byte(1)), 5, &[]).await;
        let contract = chain.send(TxKind::Create, 0, &MAKES_STORES).await;
        assert_eq!(chain.0.view(2).code(&contract).original_bytes(), Bytes::from_static(&STORES));
        for (index, value) in [(1, 11), (2, 22), (1, 12), (2, 0), (1, 0), (7, 77)] {
            chain.store(contract, index, value).await;
        }
        let gone = chain.send(TxKind::Create, 7, &DESTROYS_ITSELF).await;
        assert_eq!(chain.0.view(9).account(&gone), None);

        // A block covers what was set after the one before, and a contract does not inherit it.
        let next = DEV_ACCOUNT.create(chain.0.next_nonce(DEV_ACCOUNT));
        cheats.set_storage(next, U256::from(5), U256::from(55)).await.unwrap();
        cheats.set_balance(Address::repeat_byte(2), U256::from(1_000)).await.unwrap();
        assert_eq!(chain.send(TxKind::Create, 0, &MAKES_STORES).await, next);
        assert_eq!(chain.0.view(10).slot(next, U256::from(5)), U256::ZERO);
        assert_eq!(chain.0.view(9).slot(next, U256::from(5)), U256::from(55));
        chain.store(next, 6, 66).await;

        // There and back.
        cheats.set_code(Address::repeat_byte(3), Bytes::from_static(&STORES)).await.unwrap();
        let snapshot = cheats.snapshot().await;
        let root = chain.0.head().header.state_root;
        cheats.set_storage(contract, U256::from(7), U256::ZERO).await.unwrap();
        chain.store(contract, 8, 88).await;
        cheats.set_balance(Address::repeat_byte(2), U256::ZERO).await.unwrap();
        cheats.set_nonce(contract, 9).await.unwrap();
        chain.send(TxKind::Create, 0, &DESTROYS_ITSELF).await;
        chain.mine(3).await;
        assert!(cheats.revert(snapshot).await);
        assert_eq!(chain.0.head().header.state_root, root);
        chain.mine(1).await;
        assert_ne!(chain.0.head().header.state_root, root, "it covers the code that was set");
        chain.store(contract, 7, 0).await;

        let head = chain.0.head().header.number;
        for block in [head, 10, 4] {
            chain.compare_simulated(block, contract).await;
        }
        chain.mine(1).await;
    }
}
