// What a script is given: one JSON argument with the node and the DAO that stands on it. `main.rs` makes it; by hand:
// node viem/life.js '{"http": "http://127.0.0.1:8547", "ws": "ws://…", "devKey": "0x…", "token": "0x…", …}'
import assert from "node:assert/strict";

const fields = ["http", "ws", "devKey", "token", "governor", "timelock"];

export const input = JSON.parse(process.argv[2] ?? "{}");
for (const field of fields) assert.equal(typeof input[field], "string", `the argument lacks "${field}"`);
