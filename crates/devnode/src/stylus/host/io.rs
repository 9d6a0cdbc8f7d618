//! Calldata, result, return data and logs.

use alloy_primitives::{B256, Bytes, Log, LogData};
use revm::context::JournalTr;
use wasmtime::Caller;

use super::{
    env::{Env, Escape, Host, Outcome, trap},
    prices::{EVM_API, HOSTIO, gas},
    record::record,
};
use crate::evm::Resource;

pub(super) fn read_args(caller: Caller<'_, Env>, ptr: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO)?;
    let len = host.env_ref().args.len() as u32;
    host.pay_for_write(len)?;
    host.write_from(ptr, |env| &env.args)?;
    record!(host, "read_args", [] => [host.env_ref().args]);
    Ok(())
}

pub(super) fn write_result(caller: Caller<'_, Env>, ptr: u32, len: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO)?;
    // Once for leaving the program, once for entering the EVM.
    host.pay_for_read(len)?;
    host.pay_for_read(len)?;
    let outs = host.bytes(ptr, len)?.to_vec();
    host.env().outs = outs;
    record!(host, "write_result", [host.env_ref().outs] => []);
    Ok(())
}

pub(super) fn exit_early(caller: Caller<'_, Env>, status: u32) -> Outcome {
    let mut host = Host::free(caller);
    record!(host, "exit_early", [status] => []);
    Err(Escape::Exit(status).into())
}

pub(super) fn return_data_size(caller: Caller<'_, Env>) -> Outcome<u32> {
    let mut host = Host::begin(caller, HOSTIO)?;
    let len = host.env_ref().return_data.len() as u32;
    record!(host, "return_data_size", [] => [len]);
    Ok(len)
}

pub(super) fn read_return_data(caller: Caller<'_, Env>, dest: u32, offset: u32, size: u32) -> Outcome<u32> {
    let mut host = Host::begin(caller, HOSTIO + EVM_API)?;
    let data = host.env_ref().return_data.len() as u32;
    // Only what can be written is paid for.
    let len = size.min(data.saturating_sub(offset));
    host.pay_for_write(len)?;
    let part = if len > 0 { offset as usize..(offset + len) as usize } else { 0..0 };
    if len > 0 {
        host.write_from(dest, |env| &env.return_data[part.clone()])?;
    }
    record!(host, "read_return_data", [offset, size] => [&host.env_ref().return_data[part]]);
    Ok(len)
}

pub(super) fn emit_log(caller: Caller<'_, Env>, ptr: u32, len: u32, topic_count: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + EVM_API)?;
    if topic_count > 4 || len < topic_count * 32 {
        return trap("bad topic data");
    }
    host.pay_for_read(len)?;
    let data_len = u64::from(len - topic_count * 32);
    host.buy_gas((1 + u64::from(topic_count)) * gas::LOG_TOPIC + data_len * gas::LOG_BYTE)?;
    let bytes = host.bytes(ptr, len)?;
    let (head, data) = bytes.split_at(topic_count as usize * 32);
    let topics = head.chunks_exact(32).map(B256::from_slice).collect();
    let data = Bytes::copy_from_slice(data);
    let env = host.env();
    if env.frame.is_static {
        return trap("write protection");
    }
    let kept = gas::LOG_BYTE * (32 * u64::from(topic_count) + data_len);
    env.account_for(Resource::HistoryGrowth, kept);
    let log = Log { address: env.frame.address, data: LogData::new_unchecked(topics, data) };
    env.machine.context.journaled_state.log(log);
    record!(host, "emit_log", [topic_count, host.bytes(ptr, len)?] => []);
    Ok(())
}
