//! All host calls by name: what programs may import.

use wasmparser::ValType::{self, F32, F64, I32, I64};
use wasmtime::Linker;

use super::{Env, account, calls, debug, info, io, math, storage};

/// A function that programs may import.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// Module it is imported from.
    pub(crate) module: &'static str,
    /// Its name.
    pub(crate) name: &'static str,
    /// Parameters.
    pub(crate) params: &'static [ValType],
    /// Results.
    pub(crate) results: &'static [ValType],
}

const fn hook(name: &'static str, params: &'static [ValType], results: &'static [ValType]) -> Known {
    Known { module: "vm_hooks", name, params, results }
}

const fn console(name: &'static str, params: &'static [ValType], results: &'static [ValType]) -> Known {
    Known { module: "console", name, params, results }
}

/// Host calls of every chain, in Nitro's order.
pub(crate) const HOOKS: [Known; 42] = [
    hook("read_args", &[I32], &[]),
    hook("write_result", &[I32, I32], &[]),
    hook("exit_early", &[I32], &[]),
    hook("storage_load_bytes32", &[I32, I32], &[]),
    hook("storage_cache_bytes32", &[I32, I32], &[]),
    hook("storage_flush_cache", &[I32], &[]),
    hook("transient_load_bytes32", &[I32, I32], &[]),
    hook("transient_store_bytes32", &[I32, I32], &[]),
    hook("call_contract", &[I32, I32, I32, I32, I64, I32], &[I32]),
    hook("delegate_call_contract", &[I32, I32, I32, I64, I32], &[I32]),
    hook("static_call_contract", &[I32, I32, I32, I64, I32], &[I32]),
    hook("create1", &[I32, I32, I32, I32, I32], &[]),
    hook("create2", &[I32, I32, I32, I32, I32, I32], &[]),
    hook("read_return_data", &[I32, I32, I32], &[I32]),
    hook("return_data_size", &[], &[I32]),
    hook("emit_log", &[I32, I32, I32], &[]),
    hook("account_balance", &[I32, I32], &[]),
    hook("account_code", &[I32, I32, I32, I32], &[I32]),
    hook("account_code_size", &[I32], &[I32]),
    hook("account_codehash", &[I32, I32], &[]),
    hook("evm_gas_left", &[], &[I64]),
    hook("evm_ink_left", &[], &[I64]),
    hook("block_basefee", &[I32], &[]),
    hook("chainid", &[], &[I64]),
    hook("block_coinbase", &[I32], &[]),
    hook("block_gas_limit", &[], &[I64]),
    hook("block_number", &[], &[I64]),
    hook("block_timestamp", &[], &[I64]),
    hook("contract_address", &[I32], &[]),
    hook("math_div", &[I32, I32], &[]),
    hook("math_mod", &[I32, I32], &[]),
    hook("math_pow", &[I32, I32], &[]),
    hook("math_add_mod", &[I32, I32, I32], &[]),
    hook("math_mul_mod", &[I32, I32, I32], &[]),
    hook("msg_reentrant", &[], &[I32]),
    hook("msg_sender", &[I32], &[]),
    hook("msg_value", &[I32], &[]),
    hook("native_keccak256", &[I32, I32, I32], &[]),
    hook("tx_gas_price", &[I32], &[]),
    hook("tx_ink_price", &[], &[I32]),
    hook("tx_origin", &[I32], &[]),
    hook("pay_for_memory_grow", &[I32], &[]),
];

/// Host calls of chains for development.
pub(crate) const CONSOLE: [Known; 9] = [
    console("log_txt", &[I32, I32], &[]),
    console("log_i32", &[I32], &[]),
    console("log_i64", &[I64], &[]),
    console("log_f32", &[F32], &[]),
    console("log_f64", &[F64], &[]),
    console("tee_i32", &[I32], &[I32]),
    console("tee_i64", &[I64], &[I64]),
    console("tee_f32", &[F32], &[F32]),
    console("tee_f64", &[F64], &[F64]),
];

/// Finds what a program imports; `console` only where the chain is for development.
pub(crate) fn find(module: &str, name: &str, debug: bool) -> Option<&'static Known> {
    let console: &[Known] = if debug { &CONSOLE } else { &[] };
    HOOKS.iter().chain(console).find(|known| known.module == module && known.name == name)
}

/// Links all host calls.
pub(crate) fn link(linker: &mut Linker<Env>) -> wasmtime::Result<()> {
    macro_rules! link {
        ($module:literal: $($name:literal => $function:expr,)*) => {
            $(linker.func_wrap($module, $name, $function)?;)*
        };
    }
    link! { "vm_hooks":
        "read_args" => io::read_args,
        "write_result" => io::write_result,
        "exit_early" => io::exit_early,
        "storage_load_bytes32" => storage::storage_load_bytes32,
        "storage_cache_bytes32" => storage::storage_cache_bytes32,
        "storage_flush_cache" => storage::storage_flush_cache,
        "transient_load_bytes32" => storage::transient_load_bytes32,
        "transient_store_bytes32" => storage::transient_store_bytes32,
        "call_contract" => calls::call_contract,
        "delegate_call_contract" => calls::delegate_call_contract,
        "static_call_contract" => calls::static_call_contract,
        "create1" => calls::create1,
        "create2" => calls::create2,
        "read_return_data" => io::read_return_data,
        "return_data_size" => io::return_data_size,
        "emit_log" => io::emit_log,
        "account_balance" => account::account_balance,
        "account_code" => account::account_code,
        "account_code_size" => account::account_code_size,
        "account_codehash" => account::account_codehash,
        "evm_gas_left" => info::evm_gas_left,
        "evm_ink_left" => info::evm_ink_left,
        "block_basefee" => info::block_basefee,
        "chainid" => info::chainid,
        "block_coinbase" => info::block_coinbase,
        "block_gas_limit" => info::block_gas_limit,
        "block_number" => info::block_number,
        "block_timestamp" => info::block_timestamp,
        "contract_address" => info::contract_address,
        "math_div" => math::math_div,
        "math_mod" => math::math_mod,
        "math_pow" => math::math_pow,
        "math_add_mod" => math::math_add_mod,
        "math_mul_mod" => math::math_mul_mod,
        "msg_reentrant" => info::msg_reentrant,
        "msg_sender" => info::msg_sender,
        "msg_value" => info::msg_value,
        "native_keccak256" => math::native_keccak256,
        "tx_gas_price" => info::tx_gas_price,
        "tx_ink_price" => info::tx_ink_price,
        "tx_origin" => info::tx_origin,
        "pay_for_memory_grow" => calls::pay_for_memory_grow,
    }
    link! { "console":
        "log_txt" => debug::log_txt,
        "log_i32" => debug::log::<u32>,
        "log_i64" => debug::log::<u64>,
        "log_f32" => debug::log::<f32>,
        "log_f64" => debug::log::<f64>,
        "tee_i32" => debug::tee::<u32>,
        "tee_i64" => debug::tee::<u64>,
        "tee_f32" => debug::tee::<f32>,
        "tee_f64" => debug::tee::<f64>,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stylus::engine;

    /// A program that imports these functions with these types, and nothing else.
    fn importing<'a>(known: impl Iterator<Item = &'a Known>) -> Vec<u8> {
        let list =
            |keyword: &str, types: &[ValType]| types.iter().map(|ty| format!(" ({keyword} {ty})")).collect::<String>();
        let imports: String = known
            .map(|known| {
                let Known { module, name, params, results } = known;
                format!("(import {module:?} {name:?} (func{}{}))", list("param", params), list("result", results))
            })
            .collect();
        let text = format!(
            r#"(module {imports} (memory (export "memory") 0 0)
            (func (export "user_entrypoint") (param i32) (result i32) i32.const 0))"#
        );
        wat::parse_str(text).expect("valid text")
    }

    #[test]
    fn what_programs_may_import_is_what_is_linked() {
        engine::ready().expect("the engine can be built");
        let metered = engine::metered(&importing(HOOKS.iter().chain(&CONSOLE)), 2).expect("it can be metered");
        engine::compile(&metered).and_then(|module| engine::link(&module)).expect("each is linked with its type");
    }

    #[test]
    fn nothing_else_can_be_imported() {
        for (module, name) in
            [("vm_hooks", "nope"), ("env", "read_args"), ("console", "read_args"), ("debug", "null_host")]
        {
            assert!(find(module, name, true).is_none(), "{module} {name}");
        }
        assert!(find("console", "log_i32", true).is_some());
        assert!(find("console", "log_i32", false).is_none());
    }
}
