//! Random steps, and the splitter beside a book: after each step every view and the balance say what the book says.

use std::collections::BTreeMap;

use alloy::{
    primitives::{Address, U256, keccak256},
    providers::Provider,
    rpc::types::Filter,
    sol_types::SolEventInterface,
};
use consilium_bindings::RevenueSplitter::*;
use eyre::Result;

use crate::{beside::Dice, book::Book, claims::*, wild::*, world::*};

/// An epoch of the walk.
struct Published {
    asset: usize,
    list: List,
    claimed: [bool; 4],
    opens: u64,
    ends: u64,
    is_over: bool,
}

struct Walk {
    world: World,
    people: Vec<Address>,
    assets: [Address; 3],
    books: [Book; 3],
    /// What left the contract, of each asset.
    left: [U256; 3],
    epochs: Vec<Published>,
    dice: Dice,
}

impl Walk {
    async fn start(seed: u64) -> Result<Self> {
        let world = World::start().await?;
        let mut people: Vec<_> = (1..=5).map(Address::repeat_byte).collect();
        people.push(world.at);
        let assets = [ETHER, world.token(0).await?, world.wild().await?];
        let mut books = [Book::default(), Book::default(), Book::default()];
        for book in &mut books {
            book.table(&[(world.anna.address(), 6_000), (world.ben.address(), 3_000), (world.at, 1_000)]);
        }
        people.extend([world.anna.address(), world.ben.address()]);
        Ok(Self { world, people, assets, books, left: [U256::ZERO; 3], epochs: Vec::new(), dice: Dice::new(seed) })
    }

    fn person(&mut self) -> Address {
        self.people[self.dice.below(self.people.len() as u64) as usize]
    }

    async fn step(&mut self) -> Result<&'static str> {
        let at = self.dice.below(3) as usize;
        let token = self.assets[at];
        match self.dice.below(12) {
            0 | 1 => self.pay(at, token).await,
            2 => self.transfer(at, token).await,
            3 => self.fund(at, token).await,
            4 | 5 => self.release(at, token).await,
            6 => self.table().await,
            7 => self.publish(at, token).await,
            8 | 9 => self.claim().await,
            10 => self.pass().await,
            _ => self.end().await,
        }
    }

    async fn pay(&mut self, at: usize, token: Address) -> Result<&'static str> {
        let amount = self.dice.amount();
        // A wild token says yes in its own ways, and takes a fee at times.
        let mood = [PLAIN, SILENT, FEE][self.dice.below(3) as usize];
        let mut arrived = number(amount);
        if at == 2 {
            self.world.mood(token, mood).await?;
            arrived -= if mood == FEE { number(amount / 100) } else { U256::ZERO };
        }
        self.world.pays(token, amount).await?;
        self.books[at].receive(arrived);
        if at == 2 {
            self.world.mood(token, PLAIN).await?;
        }
        Ok("pay")
    }

    async fn transfer(&mut self, at: usize, token: Address) -> Result<&'static str> {
        let amount = self.dice.amount();
        if at == 0 {
            self.world.earns(amount).await?;
            self.books[at].receive(number(amount));
        } else {
            self.world.transfers(token, amount).await?;
            self.books[at].unnoticed += number(amount);
        }
        Ok("transfer")
    }

    async fn fund(&mut self, at: usize, token: Address) -> Result<&'static str> {
        let amount = self.dice.amount();
        let call = fundPoolCall { token, amount: number(amount) };
        self.world.sent_with(&self.world.payer, call, if at == 0 { amount } else { 0 }).await?;
        self.books[at].receive(U256::ZERO);
        self.books[at].given += number(amount);
        Ok("fund")
    }

    async fn release(&mut self, at: usize, token: Address) -> Result<&'static str> {
        let account = self.person();
        let due = self.books[at].due(account, account == self.world.at);
        if due.is_zero() || account == self.world.at {
            return Ok("nothing to release");
        }
        assert_eq!(self.world.releases(token, account).await?, due);
        self.books[at].receive(U256::ZERO);
        self.books[at].pay(account, due);
        self.left[at] += due;
        Ok("release")
    }

    async fn table(&mut self) -> Result<&'static str> {
        let (mut table, mut left) = (Vec::<(Address, u16)>::new(), 10_000_u16);
        for person in self.people.clone() {
            let share = if self.dice.below(2) == 0 { 0 } else { 1 + self.dice.below(4_000) as u16 };
            if share != 0 && share < left {
                table.push((person, share));
                left -= share;
            }
        }
        table.retain(|(person, _)| *person != Address::repeat_byte(1));
        left = 10_000 - table.iter().map(|(_, share)| share).sum::<u16>();
        table.push((Address::repeat_byte(1), left));
        let listed: Vec<_> = (1..3).filter(|_| self.dice.below(2) == 0).collect();
        let tokens: Vec<_> = listed.iter().map(|at| self.assets[*at]).collect();
        self.world.splits(&table, &tokens).await?;
        for at in listed {
            self.books[at].receive(U256::ZERO);
        }
        for book in &mut self.books {
            book.table(&table);
        }
        Ok("table")
    }

    async fn publish(&mut self, at: usize, token: Address) -> Result<&'static str> {
        let pool = self.books[at].due(self.world.at, true);
        let total = pool / number(1 + self.dice.below(3));
        if total < number(10) {
            return Ok("the pool is empty");
        }
        // Of four, the last one's amount is more than is left at times.
        let part = total / number(4);
        let rows: Vec<_> = (0..4_u64)
            .map(|row| (number(row), Address::repeat_byte(0x40 + row as u8), part + number(row * self.dice.below(2))))
            .collect();
        let list = List::with(rows);
        let now = self.world.chain.now().await?.max(1) + 1;
        let opens = now + u64::from(WINDOW);
        let ends = opens + MONTH;
        self.world.chain.set_time(now).await?;
        let manifest = keccak256(self.epochs.len().to_be_bytes());
        let (root, deadline) = (list.tree.root(), time(ends));
        self.world.sent(&self.world.dao, publishEpochCall { token, total, root, manifest, deadline }).await?;
        self.books[at].receive(U256::ZERO);
        self.books[at].pay(self.world.at, total);
        self.epochs.push(Published { asset: at, list, claimed: [false; 4], opens, ends, is_over: false });
        self.books[at].epochs.insert(self.epochs.len() as u32, total);
        Ok("publish")
    }

    async fn claim(&mut self) -> Result<&'static str> {
        let mut now = self.world.chain.now().await?;
        // Half of the time the first that is not open is waited for.
        if let Some(next) = self.epochs.iter().find(|epoch| !epoch.is_over && now < epoch.opens)
            && self.dice.below(2) == 0
        {
            self.world.chain.advance_to(next.opens).await?;
            now = self.world.chain.now().await?;
        }
        let rows = [self.dice.below(4) as usize, self.dice.below(4) as usize];
        let is_open = |epoch: &Published| !epoch.is_over && epoch.opens <= now && now + 100 < epoch.ends;
        let Some(place) = self.epochs.iter().rposition(is_open) else { return Ok("nothing is open") };
        let (epoch, id) = (&mut self.epochs[place], place as u32 + 1);
        let claims: Vec<_> = rows.iter().map(|row| epoch.list.leaf(*row)).collect();
        let mut expected = Vec::new();
        let has = self.books[epoch.asset].epochs.get_mut(&id).expect("it was published");
        for (row, claim) in rows.into_iter().zip(&claims) {
            let is_paid = !epoch.claimed[row] && claim.amount <= *has;
            if is_paid {
                epoch.claimed[row] = true;
                *has -= claim.amount;
                self.left[epoch.asset] += claim.amount;
            }
            expected.push(is_paid);
        }
        let found = self.world.does(&self.world.stranger, claimManyCall { number: id, claims }).await?;
        assert_eq!(found, expected);
        Ok("claim")
    }

    async fn pass(&mut self) -> Result<&'static str> {
        let seconds = [100, u64::from(WINDOW), MONTH / 2][self.dice.below(3) as usize];
        self.world.chain.advance(seconds).await?;
        Ok("pass")
    }

    /// The guardian or the DAO ends an epoch, if it can.
    async fn end(&mut self) -> Result<&'static str> {
        let is_left = |epoch: &Published| !epoch.is_over;
        // The last one can be disabled at times; the first one's end is waited for.
        let is_last = self.dice.below(2) == 0;
        let found = if is_last { self.epochs.iter().rposition(is_left) } else { self.epochs.iter().position(is_left) };
        let Some(place) = found else { return Ok("nothing to end") };
        if !is_last {
            self.world.chain.advance_to(self.epochs[place].ends + 1).await?;
        }
        let now = self.world.chain.now().await?;
        let (id, epoch) = (place as u32 + 1, &mut self.epochs[place]);
        let book = &mut self.books[epoch.asset];
        let has = book.epochs.get(&id).copied().unwrap_or_default();
        if now + 100 < epoch.opens {
            self.world.sent(&self.world.guardian, disableEpochCall { number: id }).await?;
            book.given += has;
            // It was neither paid nor is it given from outside.
            self.left[epoch.asset] += has;
        } else if now > epoch.ends && !has.is_zero() {
            self.world.sent(&self.world.dao, recoverEpochCall { number: id }).await?;
            self.left[epoch.asset] += has;
        } else {
            return Ok("neither");
        }
        epoch.is_over = true;
        book.epochs.insert(id, U256::ZERO);
        Ok("end")
    }

    async fn check(&self) -> Result<()> {
        let version = self.world.read(tableVersionCall {}).await?;
        for (at, token) in self.assets.into_iter().enumerate() {
            let book = &self.books[at];
            for account in &self.people {
                let due = book.due(*account, *account == self.world.at);
                assert_eq!(self.world.due(token, *account).await?, due, "asset {at}, {account}");
            }
            for version in [version, version.saturating_sub(1).max(1), 1] {
                let received = self.world.read(receivedCall { version, token }).await?;
                assert_eq!(received, book.received(version as usize), "asset {at}, table {version}");
            }
            for (number, has) in &book.epochs {
                assert_eq!(self.world.read(epochCall { number: *number }).await?.remaining, *has);
            }
            assert_eq!(self.world.balance(token, self.world.at).await?, book.balance(self.left[at]));
            let people: Vec<_> = self.people.iter().copied().filter(|person| *person != self.world.at).collect();
            self.world.conserves(token, &people).await?;
        }
        Ok(())
    }
}

impl Walk {
    /// What the events alone say: what came, without what left, is the balance but for what nobody has noticed.
    async fn check_events(&self) -> Result<()> {
        let filter = Filter::new().address(self.world.at).from_block(0);
        let (mut came, mut left) = (BTreeMap::<Address, U256>::new(), BTreeMap::<Address, U256>::new());
        let mut of_epochs = BTreeMap::new();
        for log in self.world.chain.dev.get_logs(&filter).await? {
            let Ok(event) = RevenueSplitterEvents::decode_raw_log(log.topics(), &log.data().data) else { continue };
            use RevenueSplitterEvents as E;
            match event {
                E::PaymentReceived(found) => *came.entry(ETHER).or_default() += found.amount,
                // Ether was logged by itself.
                E::RevenueReceived(found) if !found.token.is_zero() => {
                    *came.entry(found.token).or_default() += found.amount;
                }
                E::Noticed(found) => *came.entry(found.token).or_default() += found.amount,
                E::PoolFunded(found) => *came.entry(found.token).or_default() += found.amount,
                E::PaymentReleased(found) => *left.entry(ETHER).or_default() += found.amount,
                E::ERC20PaymentReleased(found) => *left.entry(found.token).or_default() += found.amount,
                E::EpochPublished(found) => drop(of_epochs.insert(found.number, found.token)),
                E::Claimed(found) => *left.entry(of_epochs[&found.number]).or_default() += found.amount,
                E::EpochRecovered(found) => *left.entry(of_epochs[&found.number]).or_default() += found.amount,
                _ => {}
            }
        }
        for (at, token) in self.assets.into_iter().enumerate() {
            let has = self.world.balance(token, self.world.at).await? - self.books[at].unnoticed;
            let of = |sums: &BTreeMap<Address, U256>| sums.get(&token).copied().unwrap_or_default();
            assert_eq!(of(&came) - of(&left), has, "asset {at}");
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_splitter_and_the_book_agree_after_every_step() -> Result<()> {
    let mut done = BTreeMap::<_, u32>::new();
    for seed in [11, 12, 13] {
        let mut walk = Walk::start(seed << 32).await?;
        for step in 0..50 {
            let what = walk.step().await?;
            *done.entry(what).or_default() += 1;
            println!("seed {seed}, step {step}: {what}");
            walk.check().await?;
        }
        walk.check_events().await?;
    }
    for what in ["pay", "transfer", "fund", "release", "table", "publish", "claim", "end"] {
        assert!(done.get(what).is_some_and(|times| *times > 1), "{what} is rare: {done:?}");
    }
    Ok(())
}
