//! Paying whoever sent the transaction. How much gas it took differs on the two, and with it what is paid; all else is
//! the same.

use alloy::primitives::{Address, U256};
use alloy::sol_types::{SolCall, SolEvent};
use consilium_bindings::Safe;
use eyre::Result;
use harness::answer::Answer;
use harness::peers;

use crate::setup::balance;
use crate::transaction::{SafeTx, call, signatures};
use crate::twins::{Helpers, Safes, Side, Token, gs};
use crate::version::REFUSING_PAYEES;

const ETHER: u64 = 1_000_000_000_000_000_000;

/// What both answered to a transaction that pays.
struct Paid {
    answers: [Answer; 2],
    /// Ours; the peer's answer is in our terms.
    safe: Address,
}

impl Paid {
    /// Both executed it; whether it succeeded, and what each paid.
    fn payments(&self) -> (bool, [U256; 2]) {
        let mut success = None;
        let payments = [0, 1].map(|at| {
            let answer = self.answers[at].succeeded();
            let own = answer.logs.iter().rfind(|log| log.address == self.safe).expect("an event");
            let succeeded = own.topics()[0] == Safe::ExecutionSuccess::SIGNATURE_HASH;
            assert!(succeeded || own.topics()[0] == Safe::ExecutionFailure::SIGNATURE_HASH);
            assert_eq!(*success.get_or_insert(succeeded), succeeded);
            assert_eq!(U256::from_be_slice(&answer.data), U256::from(succeeded));
            U256::from_be_slice(&own.data.data)
        });
        (success.unwrap_or_default(), payments)
    }

    fn refused(&self, data: &[u8]) {
        self.answers.iter().for_each(|answer| answer.refused_with(data));
    }
}

/// A transaction that pays a wei or a unit of a token for a unit of gas.
fn paying(tx: SafeTx, gasToken: Address, refundReceiver: Address) -> SafeTx {
    let [safeTxGas, baseGas, gasPrice] = [60_000, 1_000, 1].map(U256::from);
    SafeTx { gasToken, refundReceiver, safeTxGas, baseGas, gasPrice, ..tx }
}

impl Safes {
    async fn refunded(&self, tx: &SafeTx) -> Result<Paid> {
        let hashes = self.hashes(|_| tx.clone()).await?;
        let two = self.two();
        let answers = self
            .apart(2, |side| {
                let hash = if side.safe == self.ours.safe { hashes[0] } else { hashes[1] };
                (side.safe, tx.execution(signatures(hash, &two)))
            })
            .await?;
        self.same_storage().await?;
        Ok(Paid { answers, safe: self.ours.safe })
    }

    async fn token(&self, amount: u64) -> Result<Address> {
        let token = peers::create(&self.chain, "SafeToken", &[]).await?;
        for to in [self.ours.safe, self.peer.safe] {
            self.once(1, token, Helpers::mintCall { to, value: U256::from(amount) }.abi_encode()).await?;
        }
        Ok(token)
    }
}

#[tokio::test]
async fn ether_pays_for_gas() -> Result<()> {
    let safes = Safes::start().await?;
    let receiver = Address::repeat_byte(0x31);
    let tx =
        paying(call(safes.target, Helpers::logCall { data: vec![1].into() }.abi_encode()), Address::ZERO, receiver);
    let (success, payments) = safes.refunded(&tx).await?.payments();
    assert!(success);
    // The base gas, and what the call took: a cold account, a log.
    for payment in payments {
        assert!(payment > U256::from(4_000) && payment < U256::from(12_000), "{payments:?}");
    }
    assert_eq!(safes.balance(receiver).await?, payments[0] + payments[1]);
    // A failed transaction is paid for too, and uses its nonce up.
    let tx =
        paying(call(safes.target, Helpers::failCall { data: vec![1].into() }.abi_encode()), Address::ZERO, receiver);
    let (success, _) = safes.refunded(&tx).await?.payments();
    assert!(!success);
    assert_eq!(safes.nonce().await?, U256::from(2));
    Ok(())
}

#[tokio::test]
async fn the_sender_of_the_transaction_is_paid_where_nobody_is_named() -> Result<()> {
    let safes = Safes::start().await?;
    let token = safes.token(1_000_000).await?;
    let sender = safes.sender.address();
    let tx = paying(call(safes.target, []), token, Address::ZERO);
    let (_, payments) = safes.refunded(&tx).await?.payments();
    assert_eq!(balance(&safes, token, sender).await?, payments[0] + payments[1]);
    Ok(())
}

/// Of a price above that of the transaction itself, ether pays the latter, a token the former.
#[tokio::test]
async fn no_more_ether_is_paid_than_gas_costs() -> Result<()> {
    let safes = Safes::start().await?;
    safes.fund(ETHER).await?;
    let token = safes.token(u64::MAX).await?;
    let receiver = Address::repeat_byte(0x32);
    let price = U256::from(1_000_000_000_000_u64);
    let dear = |token| SafeTx { gasPrice: price, ..paying(call(safes.target, []), token, receiver) };
    let (_, payments) = safes.refunded(&dear(Address::ZERO)).await?.payments();
    for payment in payments {
        assert!(payment < U256::from(20_000) * U256::from(10_000_000_000_u64), "{payments:?}");
    }
    let (_, payments) = safes.refunded(&dear(token)).await?.payments();
    for payment in payments {
        assert_eq!(payment % price, U256::ZERO);
        assert!(payment > U256::from(1_000) * price);
    }
    Ok(())
}

#[tokio::test]
async fn a_payment_in_ether_that_is_not_taken_undoes_all() -> Result<()> {
    let safes = Safes::start().await?;
    for mode in 0..REFUSING_PAYEES {
        let payee = peers::create(&safes.chain, "SafePayee", &U256::from(mode).to_be_bytes::<32>()).await?;
        safes.refunded(&paying(call(safes.target, []), Address::ZERO, payee)).await?.refused(&gs(11));
    }
    // More than there is: all that is there is sent away first.
    let all = SafeTx { value: U256::from(1_000_000), ..call(safes.target, []) };
    safes.refunded(&paying(all, Address::ZERO, safes.target)).await?.refused(&gs(11));
    // A price that nobody reaches, and a sum that is no number.
    let receiver = Address::repeat_byte(0x33);
    let much = SafeTx { baseGas: U256::MAX >> 1, ..paying(call(safes.target, []), Address::ZERO, receiver) };
    safes.refunded(&much).await?.refused(&gs(11));
    let more = SafeTx { baseGas: U256::MAX, ..paying(call(safes.target, []), Address::ZERO, receiver) };
    safes.refunded(&more).await?.refused(&[]);
    assert_eq!(safes.nonce().await?, U256::ZERO);
    Ok(())
}

/// A question without a gas price pays nothing, and whoever gets nothing still needs gas to take it.
#[tokio::test]
async fn a_question_pays_nothing_to_who_takes_it() -> Result<()> {
    let safes = Safes::start().await?;
    let payee = peers::create(&safes.chain, "SafePayee", &U256::from(2).to_be_bytes::<32>()).await?;
    let tx = paying(call(safes.target, []), Address::ZERO, payee);
    let hashes = safes.hashes(|_| tx.clone()).await?;
    let two = safes.two();
    let execution = |side: &Side| {
        let hash = if side.safe == safes.ours.safe { hashes[0] } else { hashes[1] };
        tx.execution(signatures(hash, &two))
    };
    safes.ask(payee, |side| (side.safe, execution(side))).await?.returned(true);
    Ok(())
}

#[tokio::test]
async fn a_token_says_whether_it_paid() -> Result<()> {
    let safes = Safes::start().await?;
    let token = safes.token(1_000_000).await?;
    let receiver = Address::repeat_byte(0x34);
    let tx = paying(call(safes.target, []), token, receiver);
    for (mode, pays) in [(0, true), (1, false), (2, true), (3, true), (4, false), (5, false), (6, false)] {
        let (target, errand) = (Address::ZERO, vec![].into());
        safes.once(1, token, Token::setCall { mode: U256::from(mode), target, errand }.abi_encode()).await?;
        let paid = safes.refunded(&tx).await?;
        if pays {
            assert!(paid.payments().0, "mode {mode}");
        } else {
            paid.refused(&gs(12));
        }
    }
    // More than there is; more than is a number; and what is no token at all answers nothing.
    let much = SafeTx { baseGas: U256::from(1_000_000), ..tx.clone() };
    safes.refunded(&much).await?.refused(&gs(12));
    safes.refunded(&SafeTx { baseGas: U256::MAX, ..tx.clone() }).await?.refused(&[]);
    safes.refunded(&SafeTx { gasPrice: U256::MAX, ..tx.clone() }).await?.refused(&[]);
    let nothing = SafeTx { gasToken: Address::repeat_byte(0x35), ..tx };
    assert!(safes.refunded(&nothing).await?.payments().0);
    Ok(())
}

/// Just so much gas as is promised, where somebody pays for it.
#[tokio::test]
async fn the_call_gets_what_it_is_promised() -> Result<()> {
    let safes = Safes::start().await?;
    let receiver = Address::repeat_byte(0x36);
    alloy::sol! {
        function gas(uint256 step) external payable;
    }
    let step = U256::from(10_000);
    for promised in [30_000, 60_000, 1_000_000] {
        let tx = paying(call(safes.target, gasCall { step }.abi_encode()), Address::ZERO, receiver);
        let tx = SafeTx { safeTxGas: U256::from(promised), ..tx };
        let paid = safes.refunded(&tx).await?;
        let seen = paid.answers.each_ref().map(|answer| answer.event::<Helpers::Did>().value);
        assert_eq!(seen, [U256::from(promised / 10_000 - 1); 2]);
    }
    // Of a promise that is larger than all gas there is, nothing is kept.
    let tx = paying(call(safes.target, []), Address::ZERO, receiver);
    for promised in [U256::from(100_000_000), U256::ONE << 200] {
        safes.refunded(&SafeTx { safeTxGas: promised, ..tx.clone() }).await?.refused(&gs(10));
        let free = SafeTx { safeTxGas: promised, gasPrice: U256::ZERO, ..tx.clone() };
        safes.refunded(&free).await?.refused(&gs(10));
    }
    Ok(())
}

/// A number of gas so large that Safe's own sum wraps round is as good as none.
#[tokio::test]
async fn a_promise_that_is_no_number() -> Result<()> {
    let safes = Safes::start().await?;
    let tx = call(safes.target, []);
    for promised in [U256::MAX, U256::MAX - U256::from(2_000), U256::MAX / U256::from(64) + U256::ONE] {
        let tx = SafeTx { safeTxGas: promised, ..tx.clone() };
        let [ours, peer] = safes.refunded(&tx).await?.answers;
        assert_eq!((ours.success, ours.data), (peer.success, peer.data), "{promised}");
    }
    Ok(())
}
