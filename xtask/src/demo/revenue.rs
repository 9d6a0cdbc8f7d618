//! What data earns: a licence pays in for a request of the registry, the table of the founding splits it, and the table
//! that the DAO votes in splits what comes later. At last all that came in was paid or is payable, to the wei.

use super::care::LABORATORY;
use super::dao::Dao;
use super::election::Action;
use super::epochs::Paid;
use super::story::Story;
use alloy::primitives::{Address, B256, Bytes, U256, keccak256, utils::format_ether, utils::parse_ether};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionReceipt;
use alloy::signers::local::PrivateKeySigner;
use consilium_bindings::RevenueSplitter as abi;
use consilium_deploy::consent::Names;
use consilium_deploy::parts::revenue_splitter::Payee;
use consilium_deploy::revenue::{Outcome, Payment, Payout, Released, Splitter, pay, payees, release, statement};
use consilium_deploy::{Sender, Sent};
use eyre::{Context, OptionExt, Result, bail};
use serde_json::{Value, json};

/// Ether, where a token could be.
pub(super) const ETHER: Address = Address::ZERO;
/// What the two licences pay, in wei: odd, so that no share comes out even.
const FIRST: u64 = 1_000_000_000_000_000_003;
const SECOND: u64 = 2_000_000_000_000_000_001;
/// The sum of a table's shares, in basis points.
const WHOLE: u64 = 10_000;
/// The shares that the DAO votes in: of the treasury, the custodians and the pool of patients.
const NEW_SHARES: [u16; 3] = [1_000, 2_000, 7_000];
/// Who the payees are, in the order of the settings.
const PAYEES: [&str; 3] = ["treasury", "custodians", "pool"];

/// The splitter, who pays in, and what was paid in.
#[derive(Debug)]
pub(crate) struct Revenue {
    pub(super) splitter: Splitter,
    institute: Sender,
    income: Vec<Payment>,
}

/// The payees of the founding's table, and their shares.
fn founding(dao: &Dao) -> Result<(Vec<Address>, Vec<u16>)> {
    let settings = dao.config.revenue_splitter().ok_or_eyre("no revenue splitter in the settings")?;
    let account = |payee| match payee {
        Payee::Treasury => settings.treasury.unwrap_or(dao.timelock),
        Payee::Pool => dao.splitter,
        Payee::Account(account) => account,
    };
    Ok(settings.table.iter().map(|share| (account(share.to), share.basis_points)).unzip())
}

/// What the DAO decides about revenue: more of what comes from now on is for patients.
pub(crate) fn next_table(dao: &Dao) -> Result<Action> {
    let (recipients, _) = founding(dao)?;
    let call = abi::setTableCall { recipients, basisPoints: NEW_SHARES.to_vec(), tokens: Vec::new() };
    Ok(Action::call(dao.splitter, &call))
}

/// A payee's part while its table is the current one.
fn part(received: u64, share: u64) -> U256 {
    U256::from(received) * U256::from(share) / U256::from(WHOLE)
}

/// The parts of a table.
fn parts(received: u64, shares: &[u16]) -> Vec<U256> {
    shares.iter().map(|share| part(received, u64::from(*share))).collect()
}

/// The parts of a table that was replaced: each begins where the one before it ends, so they are all that came in.
fn final_parts(received: u64, shares: &[u16]) -> Vec<U256> {
    let (mut cut, mut given) = (0, U256::ZERO);
    let next = |share: &u16| {
        cut += u64::from(*share);
        let part = part(received, cut) - given;
        given += part;
        part
    };
    shares.iter().map(next).collect()
}

/// An amount for people.
pub(super) fn ether(amount: U256) -> String {
    let text = format_ether(amount);
    format!("{} ETH", text.trim_end_matches('0').trim_end_matches('.'))
}

/// The receipt of a transaction that was sent.
pub(super) async fn receipt(dao: &Dao, sent: Sent) -> Result<TransactionReceipt> {
    dao.node.get_transaction_receipt(sent.transaction).await?.ok_or_eyre("the node has no receipt of it")
}

impl Revenue {
    /// Finds the splitter, and gives a research institute ether for its licences.
    pub(crate) async fn open(dao: &Dao, deployer: &Sender, story: &mut Story) -> Result<Self> {
        let splitter = Splitter::open(deployer.chain(), dao.splitter).await?;
        let found = splitter.read(abi::tableCall { version: 1 }).await?;
        story.same("the table of the founding", (found.recipients, found.basisPoints), founding(dao)?)?;
        let key = PrivateKeySigner::from_bytes(&keccak256([&b"institute"[..], dao.splitter.as_slice()].concat()))?;
        let institute = deployer.chain().clone().with_key(key)?;
        let ether = U256::from(FIRST) + U256::from(SECOND) + parse_ether("0.1")?;
        deployer.send(institute.account(), Bytes::new(), ether).await.context("ether for the institute")?;
        Ok(Self { splitter, institute, income: Vec::new() })
    }

    /// What each payee is due now, in the order of the settings.
    async fn due(&self, dao: &Dao) -> Result<Vec<U256>> {
        let mut due = Vec::new();
        for payee in founding(dao)?.0 {
            due.push(self.splitter.due(ETHER, payee).await?);
        }
        Ok(due)
    }

    /// A licence pays for a request that the registry knows.
    pub(super) async fn licence(
        &mut self,
        dao: &Dao,
        (pointer, request): (B256, B256),
        (custodian, actor): (Address, Address),
        story: &mut Story,
    ) -> Result<()> {
        let licence = keccak256("a research licence");
        let payment =
            Payment { amount: U256::from(FIRST), licence, request, pointer: Some(pointer), ..Payment::default() };
        let paid = pay(&self.splitter, &self.institute, &payment, false).await.context("pay a licence")?;
        let logged: abi::LicencePaid = story.event(&receipt(dao, paid.sent).await?, dao.splitter)?;
        let found = (logged.request, logged.pointer, logged.custodian, logged.actor, logged.licence, logged.amount);
        let promised = (request, pointer, custodian, actor, licence, payment.amount);
        story.same("LicencePaid", found, promised)?;
        story.same("class and table of the payment", (paid.class, paid.table), (LABORATORY, 1))?;
        self.income.push(payment);
        let shares = founding(dao)?.1;
        story.same("what is due by the first table", self.due(dao).await?, parts(FIRST, &shares))?;
        let split: Vec<_> = shares.iter().map(|share| (share / 100).to_string()).collect();
        let Sent { transaction, gas_used } = paid.sent;
        let split = format!("split {}", split.join(" : "));
        story.line("pay 1 ETH for a research licence of the result", "institute", transaction, gas_used, split);
        Ok(())
    }

    /// The second decision set a table that is not retroactive: what came before stays, and what comes now is split by
    /// the new table.
    pub(crate) async fn after(&mut self, dao: &Dao, story: &mut Story) -> Result<()> {
        let (accounts, shares) = founding(dao)?;
        let found = self.splitter.read(abi::tableCall { version: 2 }).await?;
        story.same("the new table", (found.recipients, found.basisPoints), (accounts, NEW_SHARES.to_vec()))?;
        let before = final_parts(FIRST, &shares);
        story.same("what is due of earlier income", self.due(dao).await?, before.clone())?;
        story.noted("the vote changed no part of earlier income", "payees", "checked to the wei");

        let licence = keccak256("another licence");
        let payment = Payment { amount: U256::from(SECOND), licence, class: LABORATORY, ..Payment::default() };
        let paid = pay(&self.splitter, &self.institute, &payment, false).await.context("pay another licence")?;
        story.same("class and table of the payment", (paid.class, paid.table), (LABORATORY, 2))?;
        self.income.push(payment);
        let added = parts(SECOND, &NEW_SHARES);
        let due: Vec<U256> = before.iter().zip(&added).map(|(before, added)| before + added).collect();
        story.same("what is due by both tables", self.due(dao).await?, due)?;
        let remainder = U256::from(SECOND) - added.iter().sum::<U256>();
        story.same("the remainder", self.splitter.read(abi::remainderCall { token: ETHER }).await?, remainder)?;
        let split = NEW_SHARES.map(|share| (share / 100).to_string()).join(" : ");
        let Sent { transaction, gas_used } = paid.sent;
        story.line("pay 2 ETH for another licence", "institute", transaction, gas_used, format!("split {split}"));
        self.statements(dao, &shares, story).await
    }

    /// The treasury and the custodians read from the events which licence they earned how much from.
    async fn statements(&self, dao: &Dao, shares: &[u16], story: &mut Story) -> Result<()> {
        let names = Names::standard();
        let (first, second) = (final_parts(FIRST, shares), parts(SECOND, &NEW_SHARES));
        // The pool is no account: epochs pay it out.
        for (index, account) in founding(dao)?.0.into_iter().enumerate().take(2) {
            let told = [(shares, FIRST, &first), (&NEW_SHARES[..], SECOND, &second)];
            let told = (1_u32..).zip(told).zip(&self.income);
            let tables: Vec<Value> = told
                .map(|((version, (shares, received, parts)), payment)| {
                    let earned = parts[index].to_string();
                    let source = json!({
                        "licence": payment.licence, "request": payment.request, "class": LABORATORY,
                        "words": names.class_in_words(LABORATORY), "earned": earned,
                    });
                    json!({
                        "table": version, "basisPoints": shares[index], "received": received.to_string(),
                        "earned": earned, "sources": [source],
                    })
                })
                .collect();
            let found = statement(&self.splitter, account, &[ETHER], &names).await?.json();
            let who = PAYEES[index];
            story.same(format!("the statement of the {who}"), &found["tokens"][0]["tables"], &Value::from(tables))?;
            story.noted("state what was earned from which licence", who, ether(first[index] + second[index]));
        }
        Ok(())
    }

    /// Payees are paid, and money is conserved: what came in is what they and the epochs' payees got, and what the
    /// splitter holds; and all that it holds is payable.
    pub(crate) async fn settle(&self, dao: &Dao, paid: &Paid, story: &mut Story) -> Result<()> {
        let splitter = &self.splitter;
        let (accounts, due) = (founding(dao)?.0, self.due(dao).await?);
        let balance = async |account| dao.node.get_balance(account).await;
        let mut released = U256::ZERO;
        let sender = &dao.members[4];
        let listed = payees(splitter).await?;
        story.same("payees that anybody pays", listed.len(), 2)?;
        for ((account, due), who) in accounts.into_iter().zip(due).zip(PAYEES).take(2) {
            let before = balance(account).await?;
            let mut done = Vec::new();
            release(splitter, &sender.sender, ETHER, &[account], false, |one| done.push(one)).await?;
            let [Released { outcome: Outcome::Paid(Payout { paid, sent, .. }), .. }] = done.as_slice() else {
                bail!("the {who} was promised a payment, found: {done:?}")
            };
            story.same(format!("what the {who} was paid"), (*paid, balance(account).await? - before), (due, due))?;
            story.same(format!("whether {who} is a payee"), listed.contains(&account), true)?;
            released += due;
            let step = format!("release what the {who} earned");
            story.line(step, sender.name, sent.transaction, sent.gas_used, ether(due));
        }

        let income: U256 = self.income.iter().map(|payment| payment.amount).sum();
        let mut received = U256::ZERO;
        for version in [1, 2] {
            received += splitter.read(abi::receivedCall { version, token: ETHER }).await?;
        }
        story.same("received, as the views say", received, income)?;
        let set_aside = splitter.read(abi::totalReleased_0Call {}).await? - released;
        story.same("what epochs took from the pool", set_aside, paid.taken)?;
        let mut claimed = U256::ZERO;
        for (account, amount) in &paid.to {
            story.same(format!("the ether of {account}"), balance(*account).await?, *amount)?;
            claimed += amount;
        }
        let held = balance(dao.splitter).await?;
        story.same("paid and held, by balances", released + claimed + held, income)?;
        let left = splitter.read(abi::epochCall { number: paid.number }).await?.remaining;
        story.same("left in the epoch", left, paid.total - claimed)?;
        let remainder = splitter.read(abi::remainderCall { token: ETHER }).await?;
        let payable = self.due(dao).await?.iter().sum::<U256>() + left + remainder;
        story.same("what is held is payable", payable, held)?;
        story.noted("add up what was paid and is payable", "", format!("{income} wei, as came in"));
        Ok(())
    }
}
