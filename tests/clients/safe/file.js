// A transaction that `consilium safe` has in a file, and that Safe's own client takes up: the same hash, each other's signatures.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { EthSafeSignature } from "@safe-global/protocol-kit";
import { SigningMethod } from "@safe-global/types-kit";
import { finish, step } from "../lib/step.js";
import { execute, kitOf } from "./connect.js";
import { input } from "./input.js";
import { keep, tell } from "./outcome.js";

const kit = await kitOf(input.key, input.safe);
const CALL = 0, DELEGATECALL = 1;

/** The transaction of a file, with the signatures that the file has. */
async function read(name) {
  const { transaction, safeTxHash, signatures, safe, chainId } = JSON.parse(readFileSync(name, "utf8"));
  assert.deepEqual([safe, BigInt(chainId)], [input.safe, await kit.getChainId()]);
  const { to, value, data, operation, nonce, ...options } = transaction;
  const made = await kit.createTransaction({
    transactions: [{ to, value, data, operation: operation === "call" ? CALL : DELEGATECALL }],
    options: { ...options, nonce: Number(nonce) },
  });
  assert.equal(await kit.getTransactionHash(made), safeTxHash);
  for (const { owner, signature } of signatures) made.addSignature(new EthSafeSignature(owner, signature));
  return made;
}

await step("it signs and executes what another owner signed in a file", async () => {
  const transaction = await kit.signTransaction(await read(input.files[0]), SigningMethod.ETH_SIGN_TYPED_DATA_V4);
  await execute("executed", await kitOf(input.devKey, input.safe), transaction);
});

await step("it signs what a file has", async () => {
  for (const method of [SigningMethod.ETH_SIGN, SigningMethod.ETH_SIGN_TYPED_DATA_V4]) {
    const { signatures } = await kit.signTransaction(await read(input.files[1]), method);
    keep("signature", [...signatures.values()].find(({ signer }) => signer === input.signer).data);
  }
});

tell();
finish();
