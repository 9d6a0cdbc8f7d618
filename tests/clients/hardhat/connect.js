// The node as Hardhat hands it to its plugins: a provider, and a connection that holds it.
import { input } from "../lib/input.js";

let id = 0;

/** An EIP-1193 provider, which is all that Hardhat's plugins know of a network. */
export const provider = {
  async request({ method, params = [] }) {
    id += 1;
    const response = await fetch(input.http, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id, method, params }),
    });
    const { result, error } = await response.json();
    if (error) throw Object.assign(new Error(error.message), error);
    return result;
  },
};

export const connection = { provider, networkName: "devnode" };
/** Sends for an account that the node has the key of, or impersonates; the receipt. */
export async function send(from, transaction) {
  const hash = await provider.request({ method: "eth_sendTransaction", params: [{ from, ...transaction }] });
  return provider.request({ method: "eth_getTransactionReceipt", params: [hash] });
}
