//! One body, one answer: single requests and batches, with their limits.

use super::{
    error::RpcError,
    methods,
    node::Node,
    params::Params,
    subscription::Subscriber,
    wire::{self, Action, Incoming, RpcMessage},
};
use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::Poll,
};

/// Most requests in a batch.
const LARGEST_BATCH: usize = 1_000;
/// Most bytes of results in the answer to a batch; later items are refused.
const LARGEST_ANSWER: usize = 10_000_000;

/// Answers what was read of a body. Empty where nothing is to be answered. Framing as Nitro's over HTTP: parse errors and
/// the refusal of a whole batch come without a newline.
pub(super) async fn answer(node: &Arc<Node>, read: Result<Incoming, ()>, session: Option<&Subscriber>) -> String {
    match read {
        Err(()) => wire::answer(None, &Err(RpcError::new(-32700, "parse error"))),
        Ok(Incoming::Nothing) => String::new(),
        Ok(Incoming::Single(message)) => match one(node, &message, session).await {
            Some(mut answer) => {
                answer.push('\n');
                answer
            }
            None => String::new(),
        },
        Ok(Incoming::Batch(messages)) => all(node, &messages, session).await,
    }
}

async fn all(node: &Arc<Node>, messages: &[RpcMessage], session: Option<&Subscriber>) -> String {
    if messages.is_empty() {
        return wire::answer(None, &Err(RpcError::invalid_request("empty batch")));
    }
    if messages.len() > LARGEST_BATCH {
        let id = messages.iter().find_map(|message| match message.action() {
            Action::Call { id, .. } => Some(id),
            _ => None,
        });
        return format!("[{}]", wire::answer(id, &Err(RpcError::invalid_request("batch too large"))));
    }
    let mut answers = Vec::with_capacity(messages.len());
    let mut bytes = 0;
    for message in messages {
        let answer = match message.action() {
            Action::Call { id, .. } if bytes > LARGEST_ANSWER => {
                Some(wire::answer(Some(id), &Err(RpcError::new(-32003, "response too large"))))
            }
            _ => one(node, message, session).await,
        };
        bytes += answer.as_ref().map_or(0, String::len);
        answers.extend(answer);
    }
    if answers.is_empty() { String::new() } else { format!("[{}]\n", answers.join(",")) }
}

async fn one(node: &Arc<Node>, message: &RpcMessage, session: Option<&Subscriber>) -> Option<String> {
    match message.action() {
        Action::Call { id, method, params } => {
            let outcome = guarded(methods::call(node, method, Params::new(params), session)).await;
            Some(wire::answer(Some(id), &outcome))
        }
        Action::Notification { method, params } => {
            // Done, but the answer is not asked for.
            let _ = guarded(methods::call(node, method, Params::new(params), session)).await;
            None
        }
        Action::Ignore => None,
        Action::Invalid { id } => Some(wire::answer(id, &Err(RpcError::invalid_request("invalid request")))),
    }
}

/// Runs a method. A panic costs its answer alone, not the connection and what else is asked on it.
async fn guarded<T>(method: impl Future<Output = Result<T, RpcError>>) -> Result<T, RpcError> {
    let mut method = pin!(method);
    poll_fn(|context| {
        let poll = catch_unwind(AssertUnwindSafe(|| method.as_mut().poll(context)));
        poll.unwrap_or_else(|_| Poll::Ready(Err(RpcError::internal())))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_answered() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let answer = |panics: bool| {
            runtime.block_on(guarded(async move {
                tokio::task::yield_now().await;
                assert!(!panics, "on purpose");
                Ok(5)
            }))
        };
        assert_eq!([answer(true), answer(false)], [Err(RpcError::internal()), Ok(5)]);
    }
}
