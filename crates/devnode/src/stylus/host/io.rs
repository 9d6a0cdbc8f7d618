//! Calldata, result, return data and logs.

use alloy_primitives::{B256, Bytes, Log, LogData};
use revm::context::JournalTr;
use wasmtime::Caller;

use super::{
    env::{Env, Escape, Host, Outcome, trap},
    prices::{EVM_API, HOSTIO, gas},
};

pub(super) fn read_args(caller: Caller<'_, Env>, ptr: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO)?;
    let len = host.env_ref().args.len() as u32;
    host.pay_for_write(len)?;
    host.write_from(ptr, |env| &env.args)
}

pub(super) fn write_result(caller: Caller<'_, Env>, ptr: u32, len: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO)?;
    // Once for leaving the program, once for entering the EVM.
    host.pay_for_read(len)?;
    host.pay_for_read(len)?;
    let outs = host.bytes(ptr, len)?.to_vec();
    host.env().outs = outs;
    Ok(())
}

pub(super) fn exit_early(_: Caller<'_, Env>, status: u32) -> Outcome {
    Err(Escape::Exit(status).into())
}

pub(super) fn return_data_size(caller: Caller<'_, Env>) -> Outcome<u32> {
    let host = Host::begin(caller, HOSTIO)?;
    Ok(host.env_ref().return_data.len() as u32)
}

pub(super) fn read_return_data(caller: Caller<'_, Env>, dest: u32, offset: u32, size: u32) -> Outcome<u32> {
    let mut host = Host::begin(caller, HOSTIO + EVM_API)?;
    let data = host.env_ref().return_data.len() as u32;
    // Only what can be written is paid for.
    let len = size.min(data.saturating_sub(offset));
    host.pay_for_write(len)?;
    if len > 0 {
        let start = offset as usize;
        host.write_from(dest, |env| &env.return_data[start..start + len as usize])?;
    }
    Ok(len)
}

pub(super) fn emit_log(caller: Caller<'_, Env>, ptr: u32, len: u32, topics: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + EVM_API)?;
    if topics > 4 || len < topics * 32 {
        return trap("bad topic data");
    }
    host.pay_for_read(len)?;
    let data_len = u64::from(len - topics * 32);
    host.buy_gas((1 + u64::from(topics)) * gas::LOG_TOPIC + data_len * gas::LOG_BYTE)?;
    let bytes = host.bytes(ptr, len)?;
    let (head, data) = bytes.split_at(topics as usize * 32);
    let topics = head.chunks_exact(32).map(B256::from_slice).collect();
    let data = Bytes::copy_from_slice(data);
    let env = host.env();
    if env.frame.is_static {
        return trap("write protection");
    }
    let log = Log { address: env.frame.address, data: LogData::new_unchecked(topics, data) };
    env.machine.context.journaled_state.log(log);
    Ok(())
}
