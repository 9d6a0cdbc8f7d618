// A Safe's life through Safe's own client: predicted, deployed, signed for in each way, executed, and changed in each way that
// the client offers.
import assert from "node:assert/strict";
import { SigningMethod } from "@safe-global/types-kit";
import {
  buildContractSignature, calculateSafeTransactionHash, estimateSafeTxGas, getSignMessageLibContract, hashSafeMessage,
} from "@safe-global/protocol-kit";
import { encodeFunctionData, parseAbi, parseEther, zeroAddress } from "viem";
import { finish, step } from "../lib/step.js";
import { chain, deploy, execute, faucet, fund, kitOf, logsOf, mined, node, people, refusal, SENTINEL, stateOf, VERSION } from "./connect.js";
import { input } from "./input.js";
import { keep, tell } from "./outcome.js";

const [ann, ben, eve, joe, kim] = people;
const stranger = faucet.account.address;
const CALL = 0, DELEGATECALL = 1;
const wei = (to, value) => ({ to, value: String(value), data: "0x" });
const safeAbi = parseAbi([
  "function getTransactionHash(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,uint256) view returns (bytes32)",
  "function execTransactionFromModule(address,uint256,bytes,uint8) returns (bool)",
  "function domainSeparator() view returns (bytes32)",
]);

await fund();
const owners = [ann, ben, eve].map(({ address }) => address);
const safe = await step("the client predicts where a Safe will be, and deploys it there", () => deploy({ owners, threshold: 2 }, "7"));
const [byAnn, byBen, byEve] = await Promise.all([ann, ben, eve].map(({ key }) => kitOf(key, safe)));
/** The client of somebody who is no owner. */
const relayer = await kitOf(input.devKey, safe);

await step("it reads all of the Safe", async () => {
  const state = await stateOf(byAnn);
  assert.deepEqual([state.owners, state.threshold, state.nonce, state.modules], [owners, 2, 0, []]);
  assert.deepEqual([state.version, state.handler, state.guard], [VERSION, input.networks.fallbackHandlerAddress, zeroAddress]);
  assert.deepEqual([await byAnn.isOwner(ann.address), await byAnn.isOwner(stranger)], [true, false]);
  assert.equal(await byAnn.getChainId(), BigInt(chain.id));
  assert.match(await refusal(() => byAnn.createSafeDeploymentTransaction()), /Predict Safe should be present/);
  keep("state", state);
  keep("domain", await node.readContract({ address: safe, abi: safeAbi, functionName: "domainSeparator" }));
});

await step("the Safe takes ether", async () => {
  keep("ether", logsOf(await mined(faucet.sendTransaction({ to: safe, value: parseEther("1") }))));
});

await step("its hash is the contract's", async () => {
  const options = { nonce: 41, safeTxGas: "1", baseGas: "2", gasPrice: "3", gasToken: joe.address, refundReceiver: kim.address };
  for (const operation of [CALL, DELEGATECALL]) {
    const transaction = await byAnn.createTransaction({ transactions: [{ to: joe.address, value: "5", data: "0x0123", operation }], options });
    const { to, value, data, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, nonce } = transaction.data;
    const args = [to, value, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, nonce];
    const hash = await node.readContract({ address: safe, abi: safeAbi, functionName: "getTransactionHash", args });
    assert.equal(await byAnn.getTransactionHash(transaction), hash);
    assert.equal(calculateSafeTransactionHash(safe, transaction.data, VERSION, BigInt(chain.id)), hash);
    keep("hash", hash);
  }
});

await step("owners sign typed data of both versions, and a stranger executes", async () => {
  let transaction = await byAnn.createTransaction({ transactions: [wei(joe.address, 5)] });
  transaction = await byAnn.signTransaction(transaction, SigningMethod.ETH_SIGN_TYPED_DATA_V4);
  assert.match(await refusal(() => relayer.executeTransaction(transaction)), /There is 1 signature missing/);
  transaction = await byEve.signTransaction(transaction, SigningMethod.ETH_SIGN_TYPED_DATA_V3);
  assert.match(await refusal(() => relayer.signTransaction(transaction)), /can only be signed by Safe owners/);
  await execute("typed data", relayer, transaction);
});

await step("an owner signs by eth_sign, and another one sends", async () => {
  const transaction = await byAnn.createTransaction({ transactions: [wei(joe.address, 6)] });
  await execute("eth_sign", byBen, await byAnn.signTransaction(transaction, SigningMethod.ETH_SIGN));
});

await step("owners approve a hash on the chain", async () => {
  const transaction = await byAnn.createTransaction({ transactions: [wei(joe.address, 7)] });
  const hash = await byAnn.getTransactionHash(transaction);
  for (const kit of [byBen, byEve]) keep("approved", logsOf(await mined((await kit.approveTransactionHash(hash)).hash)));
  assert.deepEqual(await byAnn.getOwnersWhoApprovedTx(hash), [ben.address, eve.address]);
  await execute("approved hashes", relayer, transaction);
});

/** Executes what two owners sign. */
async function sure(title, transaction, kits = [byAnn, byBen], valid = true) {
  for (const kit of kits) transaction = await kit.signTransaction(transaction);
  return execute(title, relayer, transaction, valid);
}

await step("a batch of calls, by MultiSendCallOnly", async () => {
  const transactions = [wei(joe.address, 1), wei(kim.address, 2)];
  const batch = await byAnn.createTransaction({ transactions });
  assert.deepEqual([batch.data.to, batch.data.operation], [input.networks.multiSendCallOnlyAddress, DELEGATECALL]);
  await sure("calls", batch);
});

await step("a batch with a delegated call, by MultiSend, which creates a contract", async () => {
  // It returns 42.
  const args = [0n, "0x69602a60005260206000f3600052600a6016f3"];
  const data = encodeFunctionData({ abi: parseAbi(["function performCreate(uint256,bytes) returns (address)"]), args });
  const transactions = [wei(joe.address, 1), { to: input.networks.createCallAddress, value: "0", data, operation: DELEGATECALL }];
  assert.match(await refusal(() => byAnn.createTransaction({ transactions })), /uses DELEGATECALL/);
  await sure("a creation", await byAnn.createTransaction({ transactions, onlyCalls: false }));
});

await step("owners are added, swapped and removed, and the threshold changes", async () => {
  await sure("added", await byAnn.createAddOwnerTx({ ownerAddress: joe.address, threshold: 3 }));
  assert.equal(await byAnn.getThreshold(), 3);
  const three = [byAnn, byBen, byEve];
  await sure("swapped", await byAnn.createSwapOwnerTx({ oldOwnerAddress: joe.address, newOwnerAddress: kim.address }), three);
  assert.deepEqual([await byAnn.isOwner(joe.address), await byAnn.isOwner(kim.address)], [false, true]);
  assert.match(await refusal(() => byAnn.createAddOwnerTx({ ownerAddress: kim.address })), /already an owner/);
  await sure("threshold", await byAnn.createChangeThresholdTx(1), three);
  await sure("removed", await byAnn.createRemoveOwnerTx({ ownerAddress: kim.address, threshold: 2 }), [byAnn]);
  assert.deepEqual(await byAnn.getOwners(), owners);
});

await step("a module is enabled, acts, and is disabled", async () => {
  await sure("enabled", await byAnn.createEnableModuleTx(stranger));
  assert.equal(await byAnn.isModuleEnabled(stranger), true);
  await sure("another", await byAnn.createEnableModuleTx(joe.address));
  keep("page", await byAnn.getModulesPaginated(SENTINEL, 1));
  const args = [kim.address, 9n, "0x", CALL];
  const acts = { address: safe, abi: safeAbi, functionName: "execTransactionFromModule", args };
  keep("module", logsOf(await mined(faucet.writeContract(acts))));
  await sure("disabled", await byAnn.createDisableModuleTx(stranger));
  assert.match(await refusal(() => faucet.writeContract(acts)), /GS104/);
});

await step("a guard is set and taken away", async () => {
  await sure("guarded", await byAnn.createEnableGuardTx(input.guard));
  assert.equal(await byAnn.getGuard(), input.guard);
  await sure("with a guard", await byAnn.createTransaction({ transactions: [wei(joe.address, 1)] }));
  await sure("unguarded", await byAnn.createDisableGuardTx());
});

await step("a fallback handler is taken away and set", async () => {
  await sure("no handler", await byAnn.createDisableFallbackHandlerTx());
  await sure("a handler", await byAnn.createEnableFallbackHandlerTx(input.networks.fallbackHandlerAddress));
});

/** The versions of ERC-1271 that the handler has, and what each answers to a signature. */
const ERC1271 = { bytes32: "0x1626ba7e", ...(VERSION === "1.4.1" && { bytes: "0x20c13b0b" }) };
const magic = Object.values(ERC1271);

/** Whether a Safe takes signatures of a message's hash, in these versions of ERC-1271. The client's `isValidSignature` asks the
 * same, but names a function whose two overloads viem 2.57 no longer tells apart. */
async function isValid(hash, signatures) {
  const asked = Object.keys(ERC1271).map((type) => {
    const abi = parseAbi([`function isValidSignature(${type},bytes) view returns (bytes4)`]);
    const call = { address: safe, abi, functionName: "isValidSignature", args: [hash, signatures] };
    return node.readContract(call).catch((error) => error.message.match(/GS\d{3}|Hash not approved/)[0]);
  });
  return Promise.all(asked);
}

await step("messages are signed by owners, and by the Safe on the chain", async () => {
  let message = byAnn.createMessage("Consilium");
  message = await byAnn.signMessage(message);
  message = await byBen.signMessage(message, SigningMethod.ETH_SIGN);
  const hash = hashSafeMessage("Consilium");
  assert.deepEqual(await isValid(hash, message.encodedSignatures()), magic);
  keep("another message", await isValid(hashSafeMessage("other"), message.encodedSignatures()));
  keep("message", [await byAnn.getSafeMessageHash(hash), message.encodedSignatures()]);

  keep("not signed", await isValid(hash, "0x"));
  const customContracts = input.networks;
  const library = await getSignMessageLibContract({ safeProvider: byAnn.getSafeProvider(), safeVersion: VERSION, customContracts });
  const data = library.encode("signMessage", [hash]);
  const transactions = [{ to: library.getAddress(), value: "0", data, operation: DELEGATECALL }];
  await sure("signed message", await byAnn.createTransaction({ transactions }));
  assert.deepEqual(await isValid(hash, "0x"), magic);
});

await step("a Safe owns a Safe, and signs for it (ERC-1271)", async () => {
  const parent = await deploy({ owners: [safe, kim.address], threshold: 2 }, "8");
  await mined(faucet.sendTransaction({ to: parent, value: 100n }));
  const byKim = await kitOf(kim.key, parent);
  let transaction = await byKim.createTransaction({ transactions: [wei(joe.address, 3)] });
  transaction = await byKim.signTransaction(transaction);
  let own = await byAnn.createTransaction({ transactions: [wei(joe.address, 3)], options: transaction.data });
  own = await byAnn.signTransaction(own, SigningMethod.SAFE_SIGNATURE, parent);
  own = await byBen.signTransaction(own, SigningMethod.SAFE_SIGNATURE, parent);
  transaction.addSignature(await buildContractSignature([...own.signatures.values()], safe));
  await execute("by a Safe", await kitOf(input.devKey, parent), transaction);
});

await step("a transaction that fails is refused, or uses up its nonce", async () => {
  // It has three owners.
  const call = encodeFunctionData({ abi: parseAbi(["function changeThreshold(uint256)"]), args: [9n] });
  const wrong = { to: safe, value: "0", data: call };
  let transaction = await byAnn.createTransaction({ transactions: [wrong] });
  for (const kit of [byAnn, byBen]) transaction = await kit.signTransaction(transaction);
  assert.equal(await relayer.isValidTransaction(transaction), false);
  keep("refused", (await refusal(() => relayer.executeTransaction(transaction))).match(/GS\d{3}/)[0]);
  const options = { safeTxGas: "100000" };
  await sure("failed", await byAnn.createTransaction({ transactions: [wrong], options }), [byAnn, byBen], false);
  await sure("rejected", await byAnn.createRejectionTransaction(await byAnn.getNonce()));
  // The handler refuses what it does not know.
  const unknown = { to: safe, value: "0", data: "0xffffffff00" };
  await sure("unknown", await byAnn.createTransaction({ transactions: [unknown], options }), [byAnn, byBen], false);
});

await step("a transaction is simulated for its gas", async () => {
  const estimate = await estimateSafeTxGas(byAnn, await byAnn.createTransaction({ transactions: [wei(joe.address, 1)] }));
  assert(BigInt(estimate) > 0n);
});

keep("end", await stateOf(byAnn));
tell();
finish();
