// What only a development chain can do: money for nothing, and time that passes when told to.
import assert from "node:assert/strict";
import { input } from "./input.js";

let id = 0;

/** Any JSON-RPC method, past every library. */
export async function rpc(method, ...params) {
  id += 1;
  const request = { jsonrpc: "2.0", id, method, params };
  const response = await fetch(input.http, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  const { result, error } = await response.json();
  assert.equal(error, undefined, `${method}: ${error?.message}`);
  return result;
}

/** Lets `seconds` pass and makes a block then. */
export async function advance(seconds) {
  await rpc("evm_increaseTime", Number(seconds));
  await rpc("evm_mine");
}
