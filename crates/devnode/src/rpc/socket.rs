//! A WebSocket connection: requests side by side, answers as they are ready, and what was subscribed to.

use super::{Node, batch, json, methods::LogQuery, wire};
use crate::chain::Block;
use alloy_primitives::map::HashMap;
use axum::extract::ws::{Message, WebSocket};
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::{
    sync::{broadcast, mpsc},
    task::{AbortHandle, JoinSet},
};

/// Answers and events that a slow client may leave unread before its connection is closed.
const BACKLOG: usize = 20_000;

/// What can be subscribed to.
#[derive(Debug, Clone)]
pub(super) enum Subject {
    /// Every new block's header.
    Heads,
    /// Logs that fit, of new blocks.
    Logs(LogQuery),
    /// Never pushes anything: a transaction that is taken is in a block at once.
    Pending,
}

/// What a connection has open.
#[derive(Debug)]
struct Connection {
    node: Arc<Node>,
    outgoing: mpsc::Sender<String>,
    live: Mutex<HashMap<String, AbortHandle>>,
}

/// A subscription that has not begun: its id, what it is about, and the blocks to come.
type Starting = (String, Subject, broadcast::Receiver<Arc<Block>>);

/// A request's hold on its connection. Subscriptions begin only after the answer with their id is on its way.
#[derive(Debug)]
pub(super) struct Session {
    connection: Arc<Connection>,
    starting: Mutex<Vec<Starting>>,
}

impl Session {
    /// Subscribes; the id.
    pub(super) fn subscribe(&self, subject: Subject) -> String {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let number = LAST.fetch_add(1, Ordering::Relaxed);
        let id = super::filters::random_id(number);
        self.starting.lock().push((id.clone(), subject, self.connection.node.chain.subscribe()));
        id
    }

    /// Ends a subscription. False if there is none by that id.
    pub(super) fn unsubscribe(&self, id: &str) -> bool {
        match self.connection.live.lock().remove(id) {
            Some(task) => {
                task.abort();
                true
            }
            None => false,
        }
    }

    fn start(self) {
        for (id, subject, blocks) in self.starting.into_inner() {
            let task = tokio::spawn(push(id.clone(), subject, blocks, self.connection.outgoing.clone()));
            self.connection.live.lock().insert(id, task.abort_handle());
        }
    }
}

/// Serves a connection until either side closes it. Malformed JSON closes it, as does not reading.
pub(super) async fn serve(node: Arc<Node>, mut socket: WebSocket) {
    let (outgoing, mut queue) = mpsc::channel(BACKLOG);
    let connection = Arc::new(Connection { node, outgoing, live: Mutex::default() });
    let mut requests = JoinSet::new();
    loop {
        tokio::select! {
            Some(text) = queue.recv() => {
                if socket.send(Message::Text(text.into())).await.is_err() {
                    break;
                }
            }
            incoming = socket.recv() => {
                let body = match incoming {
                    Some(Ok(Message::Text(text))) => text.as_bytes().to_vec(),
                    Some(Ok(Message::Binary(bytes))) => bytes.to_vec(),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                };
                if wire::read(&body).is_err() {
                    break;
                }
                requests.spawn(answer(connection.clone(), body));
            }
            Some(done) = requests.join_next() => {
                if !matches!(done, Ok(true)) {
                    break;
                }
            }
        }
    }
    for (_, task) in connection.live.lock().drain() {
        task.abort();
    }
}

/// Answers a body; false if the client does not read.
async fn answer(connection: Arc<Connection>, body: Vec<u8>) -> bool {
    let session = Session { connection: connection.clone(), starting: Mutex::default() };
    let text = batch::respond(&connection.node, &body, Some(&session)).await;
    let taken = text.is_empty() || connection.outgoing.try_send(text).is_ok();
    session.start();
    taken
}

async fn push(
    id: String,
    subject: Subject,
    mut blocks: broadcast::Receiver<Arc<Block>>,
    outgoing: mpsc::Sender<String>,
) {
    while let Ok(block) = blocks.recv().await {
        let events: Vec<Value> = match &subject {
            Subject::Heads => vec![json::new_head(&block)],
            Subject::Logs(query) => query.of_block(&block),
            Subject::Pending => Vec::new(),
        };
        for event in events {
            let notice = json!({
                "jsonrpc": "2.0",
                "method": "eth_subscription",
                "params": { "subscription": id, "result": event },
            });
            if outgoing.send(notice.to_string()).await.is_err() {
                return;
            }
        }
    }
}
