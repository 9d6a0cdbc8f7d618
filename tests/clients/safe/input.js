// What a script is given: one JSON argument with the node, and where the contracts stand. `safe.rs` makes it.
import assert from "node:assert/strict";

export const input = JSON.parse(process.argv[2] ?? "{}");
for (const field of ["http", "devKey"]) assert.equal(typeof input[field], "string", `the argument lacks "${field}"`);
assert.equal(typeof input.networks, "object", 'the argument lacks "networks"');
