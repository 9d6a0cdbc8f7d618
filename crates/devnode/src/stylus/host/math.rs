//! 256-bit arithmetic and hashing.

use alloy_primitives::{U256, keccak256};
use wasmtime::Caller;

use super::{
    env::{Env, Host, Outcome},
    prices::{self, ADD_MOD, DIV, HOSTIO, MUL_MOD, PTR},
};

pub(super) fn math_div(caller: Caller<'_, Env>, value: u32, divisor: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 3 * PTR + DIV)?;
    let (a, b) = (host.read_u256(value)?, host.read_u256(divisor)?);
    write(&mut host, value, a.checked_div(b).unwrap_or_default())
}

pub(super) fn math_mod(caller: Caller<'_, Env>, value: u32, modulus: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 3 * PTR + DIV)?;
    let (a, b) = (host.read_u256(value)?, host.read_u256(modulus)?);
    write(&mut host, value, a.checked_rem(b).unwrap_or_default())
}

pub(super) fn math_pow(caller: Caller<'_, Env>, value: u32, exponent: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 3 * PTR)?;
    let (a, b) = (host.read_u256(value)?, host.read_u256(exponent)?);
    host.buy_ink(prices::pow(&b.to_be_bytes()))?;
    write(&mut host, value, a.wrapping_pow(b))
}

pub(super) fn math_add_mod(caller: Caller<'_, Env>, value: u32, addend: u32, modulus: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 4 * PTR + ADD_MOD)?;
    let (a, b, c) = (host.read_u256(value)?, host.read_u256(addend)?, host.read_u256(modulus)?);
    write(&mut host, value, a.add_mod(b, c))
}

pub(super) fn math_mul_mod(caller: Caller<'_, Env>, value: u32, factor: u32, modulus: u32) -> Outcome {
    let mut host = Host::begin(caller, HOSTIO + 4 * PTR + MUL_MOD)?;
    let (a, b, c) = (host.read_u256(value)?, host.read_u256(factor)?, host.read_u256(modulus)?);
    write(&mut host, value, a.mul_mod(b, c))
}

pub(super) fn native_keccak256(caller: Caller<'_, Env>, input: u32, len: u32, output: u32) -> Outcome {
    let mut host = Host::begin(caller, prices::keccak(len))?;
    let digest = keccak256(host.bytes(input, len)?);
    host.write(output, digest.as_slice())
}

fn write(host: &mut Host<'_>, ptr: u32, value: U256) -> Outcome {
    host.write(ptr, &value.to_be_bytes::<32>())
}
