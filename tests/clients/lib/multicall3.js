// Multicall3 at the address that it has on every chain. It gets there by a transaction that was signed once for all chains;
// nobody sends from its account ever again. Its code comes from an npm package that ships it for Optimism's genesis.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { keccak256, parseEther, parseGwei, serializeTransaction } from "viem";

export const MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11";
/** The account of that one signature, and what the transaction costs it. */
export const DEPLOYER = "0x05f32B3cC3888453ff71B01135B34FF8e41263F2";
export const COST = parseEther("0.1");

const HASH = "0x07471adfe8f4ec553c1199f495be97fc8be8e0626ae307281c22534460184ed1";
const SIGNATURE = {
  v: 28n,
  r: "0xedce47092c0f398cebf3ffc267f05c8e7076e3b89445e0fe50f6332273d4569b",
  s: "0x1b0b9d000e19b24c5869b0fc3b22b0d6fa47cd63316875cbbd577d76e6fde086",
};

function runtimeCode() {
  const library = createRequire(import.meta.url).resolve("@eth-optimism/contracts-bedrock/src/libraries/Preinstalls.sol");
  const found = /MultiCall3Code\s*=\s*hex"([0-9a-f]+)"/.exec(readFileSync(library, "utf8"));
  assert(found, "Preinstalls.sol no longer has MultiCall3Code");
  return found[1];
}

/** The signed transaction, byte for byte the one that every chain has. */
export function signedDeployment() {
  const runtime = runtimeCode();
  const length = (runtime.length / 2).toString(16).padStart(4, "0");
  // solc's creation code without constructor arguments: refuse ether, copy what follows, return it.
  const data = `0x608060405234801561001057600080fd5b5061${length}806100206000396000f3fe${runtime}`;
  const transaction = { type: "legacy", nonce: 0, gasPrice: parseGwei("100"), gas: 1_000_000n, data };
  const signed = serializeTransaction(transaction, SIGNATURE);
  assert.equal(keccak256(signed), HASH, "this is not the transaction that Multicall3 is deployed by");
  return signed;
}
