;; A caller that makes entering other programs dear: 112 of its memory pages are open while it calls. Its calldata is an
;; account, 20 bytes, and what to call it with. All the value and all the gas go along; what the account answers, it answers.
(module
  (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
  (import "vm_hooks" "read_args" (func $read_args (param i32)))
  (import "vm_hooks" "msg_value" (func $msg_value (param i32)))
  (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
  (import "vm_hooks" "read_return_data" (func $read_return_data (param i32 i32 i32) (result i32)))
  (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
  (memory (export "memory") 112)
  (func (export "user_entrypoint") (param $length i32) (result i32)
    (local $status i32)
    (call $msg_value (i32.const 0))
    (call $read_args (i32.const 1024))
    (local.set $status
      (call $call
        (i32.const 1024)
        (i32.const 1044)
        (i32.sub (local.get $length) (i32.const 20))
        (i32.const 0)
        (i64.const -1)
        (i32.const 64)))
    (drop (call $read_return_data (i32.const 262144) (i32.const 0) (i32.load (i32.const 64))))
    (call $write_result (i32.const 262144) (i32.load (i32.const 64)))
    (local.get $status)))
