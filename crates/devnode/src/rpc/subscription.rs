//! What a client subscribed to, and how it is pushed.
//!
//! Nothing is kept for a client that reads slowly. A subscription remembers how far it came, and takes the next block from
//! the chain when the client has room for it: so none is ever lost, however far it falls behind.

use super::{json, log_query::LogQuery, node::Node};
use crate::chain::{Block, Cursor};
use alloy_primitives::{B256, map::HashMap};
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};
use tokio::{
    sync::{mpsc, watch},
    task::{AbortHandle, coop},
};

/// Most subscriptions of a connection. Ours: Nitro has no such limit.
pub(super) const MOST_SUBSCRIPTIONS: usize = 256;

/// What can be subscribed to.
#[derive(Debug, Clone)]
pub(super) enum Subject {
    /// Every new block's header.
    Heads,
    /// Logs that fit, of new blocks.
    Logs(LogQuery),
    /// The receipts of every new block that has any of these transactions, together; of all transactions if none is named.
    Receipts(Vec<B256>),
    /// Never pushes anything: on Nitro a transaction that is taken is in a block at once.
    Pending,
}

impl Subject {
    fn events(&self, block: &Block) -> Vec<Value> {
        match self {
            Self::Heads => vec![json::new_head(block)],
            Self::Logs(query) => query.of_block(block),
            Self::Receipts(hashes) => {
                let transactions = block.transactions.iter().zip(0..);
                let named = transactions.filter(|(one, _)| hashes.is_empty() || hashes.contains(&one.hash));
                let receipts: Vec<_> = named.map(|(one, index)| json::receipt(block, index, one)).collect();
                if receipts.is_empty() { Vec::new() } else { vec![receipts.into()] }
            }
            Self::Pending => Vec::new(),
        }
    }
}

/// What a connection has open.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) node: Arc<Node>,
    /// The way to the client. Whoever sends waits for room.
    pub(super) outgoing: mpsc::Sender<String>,
    live: Mutex<HashMap<String, AbortHandle>>,
    /// Subscriptions that there are, those that have not begun included.
    count: AtomicUsize,
}

impl Connection {
    pub(super) fn new(node: Arc<Node>, outgoing: mpsc::Sender<String>) -> Self {
        Self { node, outgoing, live: Mutex::default(), count: AtomicUsize::new(0) }
    }

    /// Ends all subscriptions.
    pub(super) fn end(&self) {
        for (_, task) in self.live.lock().drain() {
            task.abort();
        }
    }
}

/// A subscription that has not begun: it gets all blocks after its creation.
#[derive(Debug)]
struct Starting {
    id: String,
    subject: Subject,
    news: watch::Receiver<()>,
    cursor: Cursor,
}

/// A request's hold on its connection. Subscriptions begin only after the answer with their id is on its way.
#[derive(Debug)]
pub(super) struct Subscriber {
    connection: Arc<Connection>,
    starting: Mutex<Vec<Starting>>,
}

impl Subscriber {
    pub(super) fn new(connection: Arc<Connection>) -> Self {
        Self { connection, starting: Mutex::default() }
    }

    /// Subscribes; the id. `None` if there are too many already.
    pub(super) fn subscribe(&self, subject: Subject) -> Option<String> {
        let one_more = |count: usize| (count < MOST_SUBSCRIPTIONS).then_some(count + 1);
        self.connection.count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok()?;
        static LAST: AtomicU64 = AtomicU64::new(0);
        let number = LAST.fetch_add(1, Ordering::Relaxed);
        let id = super::filters::random_id(number);
        let chain = &self.connection.node.chain;
        // In this order: a block made in between is found by the cursor.
        let (news, cursor) = (chain.news(), chain.cursor());
        self.starting.lock().push(Starting { id: id.clone(), subject, news, cursor });
        Some(id)
    }

    /// Ends a subscription. False if there is none by that id.
    pub(super) fn unsubscribe(&self, id: &str) -> bool {
        match self.connection.live.lock().remove(id) {
            Some(task) => {
                task.abort();
                self.connection.count.fetch_sub(1, Ordering::Relaxed);
                true
            }
            None => false,
        }
    }

    /// Begins what was subscribed to.
    pub(super) fn start(self) {
        for starting in self.starting.into_inner() {
            let id = starting.id.clone();
            let task = tokio::spawn(push(starting, self.connection.node.clone(), self.connection.outgoing.clone()));
            self.connection.live.lock().insert(id, task.abort_handle());
        }
    }
}

/// Pushes what happens for as long as the client and the chain are there.
async fn push(subscription: Starting, node: Arc<Node>, outgoing: mpsc::Sender<String>) {
    let Starting { id, subject, mut news, mut cursor } = subscription;
    loop {
        while let Some(block) = node.chain.next_block(&mut cursor) {
            for event in subject.events(&block) {
                let notice = json!({
                    "jsonrpc": "2.0",
                    "method": "eth_subscription",
                    "params": { "subscription": id, "result": event },
                });
                if outgoing.send(notice.to_string()).await.is_err() {
                    return;
                }
            }
            // Many blocks without an event must not hold up others on this thread.
            coop::consume_budget().await;
        }
        if news.changed().await.is_err() {
            return;
        }
    }
}
