//! Acts in files that are far too large, or whose calldata names the same bytes over and over: they are refused with what to
//! do, by a process that has little memory.

use std::fs::File;
use std::process::{Command, Output};

use alloy::hex;
use alloy::primitives::{B256, U256, keccak256};
use serde_json::Value;

use crate::consent::scene::{Desk, KEYSTORE_ACCOUNT, done};
use crate::{consilium, refusal, root, run};

/// Bytes of address space that the command gets: an eighth of what the calldata below says that it has.
const ROOM: usize = 256 << 20;
/// How often that calldata names its bytes, and how many these are. In hexadecimal digits it fits into a file.
const TIMES: usize = 8_000;
const BYTES: usize = 1 << 18;

const CONTRACT: &str = "0x1111111111111111111111111111111111111111";

/// Runs `consilium` with little memory.
fn confined(words: &[&str]) -> Output {
    let inner = consilium(words);
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -v {} && exec \"$@\"", ROOM >> 10), "sh"]);
    command.arg(inner.get_program()).args(inner.get_args()).current_dir(root());
    command.env_remove("CONSILIUM_PRIVATE_KEY");
    // Threads reserve room that they do not use.
    command.env("TOKIO_WORKER_THREADS", "1").env("MALLOC_ARENA_MAX", "1");
    run(command)
}

/// Writes an act that nobody has signed; its path.
fn unsigned(desk: &Desk, of: &str, act: &[&str]) -> String {
    let out = desk.path(&format!("{of}.json"));
    let terms = ["--contract", CONTRACT, "--chain", "412346", "--nonce", "0", "--challenge", "--out", &out];
    let _ = done(&confined(&[&[of, "sign"], act, &terms].concat()));
    out
}

/// Calldata of `multicall(bytes[])` with one and the same element many times.
fn calls() -> Vec<u8> {
    let word = |number: usize| U256::from(number).to_be_bytes::<32>();
    let mut data = keccak256("multicall(bytes[])")[..4].to_vec();
    data.extend([word(32), word(TIMES)].concat());
    data.extend(word(TIMES * 32).repeat(TIMES));
    data.extend(word(BYTES));
    data.resize(data.len() + BYTES, 0);
    data
}

#[test]
fn an_act_that_is_huge_is_refused_by_a_process_with_little_memory() {
    let desk = Desk::new();
    let id = B256::repeat_byte(7).to_string();
    let grant =
        ["--grantor", KEYSTORE_ACCOUNT, "--grantee", CONTRACT, "--classes", "LABORATORY", "--purposes", "TREAT"];
    let out = desk.path("signed.json");
    for (of, act) in [("consent", &[&["grant"], &grant[..]].concat()[..]), ("registry", &["erase", "--id", &id])] {
        let good = unsigned(&desk, of, act);
        let signs = |file: &str| refusal(confined(&[of, "sign", "--unsigned", file, "--out", &out]));

        let mut file: Value = serde_json::from_str(&desk.read(&format!("{of}.json"))).expect("JSON");
        file["act"] = hex::encode_prefixed(calls()).into();
        let text = file.to_string();
        assert!(text.len() < 1 << 20, "it is short enough to be read");
        let bomb = desk.file("bomb.json", text);
        let reason = "its act is not the calldata of one that can be signed";
        let expected =
            format!("error: {bomb} is not a signed act: {reason}: name a file that `consilium {of} sign` wrote");
        assert_eq!(signs(&bomb), expected);

        // Longer than the memory of any machine, and without a byte on the disk.
        File::options().write(true).open(&good).and_then(|file| file.set_len(1 << 40)).expect("a sparse file");
        let reason = "it has more than 1048576 bytes, which is too large: name the right file";
        assert_eq!(signs(&good), format!("error: {good} cannot be read: {reason}"));
        assert!(!std::path::Path::new(&out).exists());
    }
}
