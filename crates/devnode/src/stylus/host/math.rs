//! 256-bit arithmetic and hashing.

use alloy_primitives::{U256, keccak256};
use wasmtime::Caller;

use super::{
    env::{Env, Host, Outcome},
    prices::{self, ADD_MOD, DIV, HOSTIO, MUL_MOD, PTR},
    record::record,
};

pub(super) fn math_div(caller: Caller<'_, Env>, value: u32, divisor: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 3 * PTR + DIV)?;
    let (a, b) = (host.read_u256(value)?, host.read_u256(divisor)?);
    let result = a.checked_div(b).unwrap_or_default();
    write(&mut host, value, result)?;
    record!(host, "math_div", [a, b] => [result]);
    Ok(())
}

pub(super) fn math_mod(caller: Caller<'_, Env>, value: u32, modulus: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 3 * PTR + DIV)?;
    let (a, b) = (host.read_u256(value)?, host.read_u256(modulus)?);
    let result = a.checked_rem(b).unwrap_or_default();
    write(&mut host, value, result)?;
    record!(host, "math_mod", [a, b] => [result]);
    Ok(())
}

pub(super) fn math_pow(caller: Caller<'_, Env>, value: u32, exponent: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 3 * PTR)?;
    let (a, b) = (host.read_u256(value)?, host.read_u256(exponent)?);
    host.buy_ink(prices::pow(&b.to_be_bytes()))?;
    let result = a.wrapping_pow(b);
    write(&mut host, value, result)?;
    record!(host, "math_pow", [a, b] => [result]);
    Ok(())
}

pub(super) fn math_add_mod(caller: Caller<'_, Env>, value: u32, addend: u32, modulus: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 4 * PTR + ADD_MOD)?;
    let (a, b, c) = (host.read_u256(value)?, host.read_u256(addend)?, host.read_u256(modulus)?);
    let result = a.add_mod(b, c);
    write(&mut host, value, result)?;
    record!(host, "math_add_mod", [a, b, c] => [result]);
    Ok(())
}

pub(super) fn math_mul_mod(caller: Caller<'_, Env>, value: u32, factor: u32, modulus: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 4 * PTR + MUL_MOD)?;
    let (a, b, c) = (host.read_u256(value)?, host.read_u256(factor)?, host.read_u256(modulus)?);
    let result = a.mul_mod(b, c);
    write(&mut host, value, result)?;
    record!(host, "math_mul_mod", [a, b, c] => [result]);
    Ok(())
}

pub(super) fn native_keccak256(caller: Caller<'_, Env>, input: u32, len: u32, output: u32) -> Outcome {
    let mut host = Host::begin(caller, prices::keccak(len))?;
    let digest = keccak256(host.bytes(input, len)?);
    // The digest may be written over what was hashed.
    let preimage = host.is_recorded().then(|| host.bytes(input, len).map(<[u8]>::to_vec)).transpose()?;
    host.write(output, digest.as_slice())?;
    record!(host, "native_keccak256", [preimage.unwrap_or_default()] => [digest]);
    Ok(())
}

fn write(host: &mut Host<'_>, ptr: u32, value: U256) -> Outcome {
    host.write(ptr, &value.to_be_bytes::<32>())
}
