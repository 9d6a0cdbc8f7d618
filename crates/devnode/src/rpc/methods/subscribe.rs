//! Subscriptions, which need a WebSocket.

use crate::rpc::{
    error::RpcError,
    log_query::LogQuery,
    params::Params,
    subscription::{Subject, Subscriber},
};
use serde_json::{Value, json};

pub(super) fn subscribe(mut params: Params, session: Option<&Subscriber>) -> Result<Value, RpcError> {
    let session = session.ok_or_else(|| RpcError::new(-32601, "notifications not supported"))?;
    let name: String = params.required()?;
    let subject = match name.as_str() {
        "newHeads" => Subject::Heads,
        "logs" => Subject::Logs(params.required::<LogQuery>()?),
        "newPendingTransactions" => {
            params.optional::<bool>()?;
            Subject::Pending
        }
        _ => return Err(RpcError::new(-32601, format!("no {name:?} subscription in eth namespace"))),
    };
    params.end()?;
    Ok(json!(session.subscribe(subject)))
}

pub(super) fn unsubscribe(mut params: Params, session: Option<&Subscriber>) -> Result<Value, RpcError> {
    let id: String = params.required()?;
    params.end()?;
    match session.is_some_and(|session| session.unsubscribe(&id)) {
        true => Ok(json!(true)),
        false => Err(RpcError::failed("subscription not found")),
    }
}
