//! A WebSocket connection: concurrent requests, answers when they are ready, and how it ends.
//!
//! A body is answered with the bytes that it is answered with over HTTP, and a newline, as Nitro does. What differs is
//! Nitro's: a message may be longer, and after one that is no JSON the connection is closed, with a frame that says why.

use super::{
    batch,
    node::Node,
    subscription::{Connection, Subscriber},
    wire::{self, Incoming},
};
use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use std::{sync::Arc, time::Duration};
use tokio::{sync::mpsc, task::JoinSet, time::timeout};

/// Longest message in bytes.
pub(super) const LONGEST_MESSAGE: usize = 32 << 20;
/// Messages on their way to a client. Who has more for it waits until there is room.
const QUEUE: usize = 256;
/// Requests of a connection that are worked on at once. More are read when one of them is done.
const MOST_REQUESTS: usize = 1_024;
/// Bytes of a connection's requests that are worked on at once. More are read when there are fewer; the last message may
/// exceed it. Ours: two messages of the longest kind.
const MOST_BYTES: usize = 2 * LONGEST_MESSAGE;
/// How long a client may take to close its side.
const PARTING: Duration = Duration::from_secs(5);

/// How a connection ends.
enum End {
    /// The client is gone.
    Gone,
    /// The client closes.
    Left,
    /// The client gets the reason.
    Told(CloseFrame),
}

/// Serves a connection until either side closes it.
pub(super) async fn serve(node: Arc<Node>, mut socket: WebSocket) {
    let (outgoing, queue) = mpsc::channel(QUEUE);
    let connection = Arc::new(Connection::new(node, outgoing));
    let end = talk(&connection, &mut socket, queue).await;
    connection.end();
    let farewell = match end {
        End::Gone => return,
        End::Left => None,
        End::Told(frame) => Some(frame),
    };
    // It may be gone by now, or never answer.
    let _ = timeout(PARTING, async {
        if let Some(frame) = farewell {
            let _ = socket.send(Message::Close(Some(frame))).await;
        }
        while let Some(Ok(_)) = socket.recv().await {}
    })
    .await;
}

async fn talk(connection: &Arc<Connection>, socket: &mut WebSocket, mut queue: mpsc::Receiver<String>) -> End {
    let mut requests = JoinSet::new();
    // Bytes of requests, until they are answered.
    let mut held = 0;
    let mut end = None;
    loop {
        // What came before is answered first.
        if requests.is_empty()
            && queue.is_empty()
            && let Some(frame) = end
        {
            return End::Told(frame);
        }
        tokio::select! {
            Some(text) = queue.recv() => {
                if socket.send(line(text)).await.is_err() {
                    return End::Gone;
                }
            }
            incoming = socket.recv(), if end.is_none() && requests.len() < MOST_REQUESTS && held < MOST_BYTES => {
                let (length, read) = match incoming {
                    Some(Ok(Message::Text(text))) => (text.len(), wire::read(text.as_bytes())),
                    Some(Ok(Message::Binary(bytes))) => (bytes.len(), wire::read(&bytes)),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    Some(Ok(Message::Close(_))) => return End::Left,
                    Some(Err(error)) => match refusal(&error.to_string()) {
                        Some(frame) => {
                            connection.end();
                            end = Some(frame);
                            continue;
                        }
                        None => return End::Gone,
                    },
                    None => return End::Gone,
                };
                if matches!(read, Err(()) | Ok(Incoming::Nothing)) {
                    connection.end();
                    end = Some(frame(close_code::INVALID, "parse error: a message must be JSON"));
                }
                held += length;
                let answer = answer(connection.clone(), read);
                requests.spawn(async move {
                    answer.await;
                    length
                });
            }
            Some(answered) = requests.join_next() => held -= answered.unwrap_or_default(),
        }
    }
}

/// Answers what was read.
async fn answer(connection: Arc<Connection>, read: Result<Incoming, ()>) {
    let session = Subscriber::new(connection.clone());
    let text = batch::answer(&connection.node, read, Some(&session)).await;
    if text.is_empty() || connection.outgoing.send(text).await.is_ok() {
        session.start();
    }
}

/// One message of the node.
fn line(mut text: String) -> Message {
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Message::Text(text.into())
}

/// What to say of bytes that are no message; `None` if the connection broke. The library's error is known by its text alone.
fn refusal(error: &str) -> Option<CloseFrame> {
    if error.starts_with("Space limit exceeded") {
        return Some(frame(close_code::SIZE, &format!("a message may have {LONGEST_MESSAGE} bytes")));
    }
    if error.starts_with("UTF-8 encoding error") {
        return Some(frame(close_code::INVALID, "a text message must be UTF-8"));
    }
    let broken = error.strip_prefix("WebSocket protocol error: ")?;
    (broken != "Connection reset without closing handshake").then(|| frame(close_code::PROTOCOL, broken))
}

fn frame(code: u16, reason: &str) -> CloseFrame {
    CloseFrame { code, reason: reason.into() }
}
