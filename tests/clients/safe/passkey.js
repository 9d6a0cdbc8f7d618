// Passkeys as owners, by Safe's own client and its passkey contracts: each passkey has a contract that signs for it (ERC-1271), or
// the Safe's storage has its key and one contract signs for all Safes.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import Kit, { getPasskeyOwnerAddress } from "@safe-global/protocol-kit";
import { encodeFunctionData, parseAbi } from "viem";
import { finish, step } from "../lib/step.js";
import { create as register, get } from "./authenticator.js";
import { create, deploy, faucet, fund, kitOf, mined, node, people, stateOf } from "./connect.js";
import { input } from "./input.js";
import { keep, tell } from "./outcome.js";

const artefact = (path) => createRequire(import.meta.url)(`@safe-global/safe-passkey/build/artifacts/contracts/${path}.json`);
const [ann, ben] = people;
const recipient = people[4].address;

await fund();
const verifierAddress = await step("Safe's passkey contracts are deployed", async () => {
  const verifier = await create(artefact("verifiers/FCLP256Verifier.sol/FCLP256Verifier"));
  input.networks.safeWebAuthnSignerFactoryAddress = await create(artefact("SafeWebAuthnSignerFactory.sol/SafeWebAuthnSignerFactory"));
  input.networks.safeWebAuthnSharedSignerAddress = await create(artefact("4337/SafeWebAuthnSharedSigner.sol/SafeWebAuthnSharedSigner"));
  return verifier;
});

/** A passkey as the client takes it. */
async function passkeyOf(user) {
  const { rawId, coordinates } = await Kit.createPasskeySigner(register(user));
  return { rawId, coordinates, verifierAddress, getFn: get };
}

/** Executes what a relayer brings. Passkeys are random, so only what does not depend on them is kept. */
async function execute(title, safe, transaction) {
  const relayer = await kitOf(input.devKey, safe);
  assert.equal(await relayer.isValidTransaction(transaction), true);
  const { logs } = await mined((await relayer.executeTransaction(transaction)).hash);
  const { owners, ...state } = await stateOf(relayer);
  keep(title, { events: logs.map(({ topics }) => topics[0]), owners: owners.length, state });
}

await step("a passkey becomes an owner in one transaction, which deploys its signer, and signs", async () => {
  const safe = await deploy({ owners: [ann.address], threshold: 1 }, "1");
  await mined(faucet.sendTransaction({ to: safe, value: 100n }));
  const byAnn = await kitOf(ann.key, safe);
  const passkey = await passkeyOf("eve");
  const signer = await getPasskeyOwnerAddress(byAnn, passkey);
  assert.equal(await node.getCode({ address: signer }), undefined);
  const added = await byAnn.createAddOwnerTx({ passkey, threshold: 2 });
  await execute("added", safe, await byAnn.signTransaction(added));
  assert.equal(await byAnn.isOwner(signer), true);
  assert.notEqual(await node.getCode({ address: signer }), undefined);

  const byEve = await kitOf(passkey, safe);
  assert.equal(await byEve.getSafeProvider().getSignerAddress(), signer);
  let transaction = await byAnn.createTransaction({ transactions: [{ to: recipient, value: "5", data: "0x" }] });
  transaction = await byEve.signTransaction(transaction);
  await execute("signed", safe, await byAnn.signTransaction(transaction));

  // Another passkey's assertion is not taken for hers, and hers is good once.
  const relayer = await kitOf(input.devKey, safe);
  assert.equal(await relayer.isValidTransaction(transaction), false);

  const other = await passkeyOf("kim");
  let swapped = await byAnn.createSwapOwnerTx({ oldOwnerPasskey: passkey, newOwnerPasskey: other });
  swapped = await byEve.signTransaction(swapped);
  await execute("swapped", safe, await byAnn.signTransaction(swapped));
  const byKim = await kitOf(other, safe);
  let removed = await byAnn.createRemoveOwnerTx({ passkey: other, threshold: 1 });
  removed = await byKim.signTransaction(removed);
  await execute("removed", safe, await byAnn.signTransaction(removed));
});

await step("a passkey owns a Safe from its setup on, by the shared signer", async () => {
  const passkey = await passkeyOf("joe");
  const shared = input.networks.safeWebAuthnSharedSignerAddress;
  const signer = { x: BigInt(passkey.coordinates.x), y: BigInt(passkey.coordinates.y), verifiers: BigInt(verifierAddress) };
  const abi = parseAbi(["function configure((uint256 x, uint256 y, uint176 verifiers) signer)"]);
  const data = encodeFunctionData({ abi, args: [signer] });
  const config = { owners: [shared, ben.address], threshold: 2, to: shared, data };
  const safe = await deploy(config, "2", false);
  await mined(faucet.sendTransaction({ to: safe, value: 100n }));
  const [byJoe, byBen] = [await kitOf(passkey, safe), await kitOf(ben.key, safe)];
  assert.equal(await byJoe.getSafeProvider().getSignerAddress(), shared);
  let transaction = await byBen.createTransaction({ transactions: [{ to: recipient, value: "6", data: "0x" }] });
  transaction = await byJoe.signTransaction(transaction);
  await execute("by the shared signer", safe, await byBen.signTransaction(transaction));
});

tell();
finish();
