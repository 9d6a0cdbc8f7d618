// Hardhat's network helpers, each of them, by the package that Hardhat's users have: it needs a provider and nothing of Hardhat.
import assert from "node:assert/strict";
import { decodeFunctionResult, encodeFunctionData, getAddress, hexToBigInt, numberToHex, padHex, parseEther } from "viem";
import { timelockAbi } from "../lib/abi.js";
import { TIMELOCK } from "../lib/dao.js";
import { finish, step } from "../lib/step.js";
import { connection, provider, send } from "./connect.js";

// The package's front door registers a plugin with Hardhat; what stands behind it does not.
const behind = "@nomicfoundation/hardhat-network-helpers/dist/src/internal/network-helpers/network-helpers.js";
const { NetworkHelpers } = await import(new URL(`../node_modules/${behind}`, import.meta.url));
const helpers = new NetworkHelpers(connection);
const { time } = helpers;

const [alice, bob] = await provider.request({ method: "eth_accounts" });
const nobody = getAddress("0x00000000000000000000000000000000000d0c70");
const ask = (method, ...params) => provider.request({ method, params });
const block = (tag = "latest") => ask("eth_getBlockByNumber", tag, false);
const balance = async (address) => hexToBigInt(await ask("eth_getBalance", address, "latest"));
const call = (code) => ask("eth_call", { data: `0x${code}5f5260205ff3` }, "latest");

await step("time is moved", async () => {
  const start = await time.latest();
  assert.equal(await time.increase(1_000), start + 1_000);
  await time.increaseTo(start + 5_000);
  assert.equal(await time.latest(), start + 5_000);
  await time.setNextBlockTimestamp(start + 6_000);
  await send(alice, { to: bob });
  assert.equal(await time.latest(), start + 6_000);
  const height = await time.latestBlock();
  await helpers.mine(3, { interval: 60 });
  assert.equal(await time.latestBlock(), height + 3);
  const made = await time.latest();
  assert(made >= start + 6_000 + 120 && made < start + 6_000 + 200, `${made - start}`);
  await helpers.mineUpTo(height + 10);
  assert.equal(await time.latestBlock(), height + 10);
  assert.equal(hexToBigInt(await call("43")), BigInt(height + 10), "block.number follows the blocks");
});

await step("state is set", async () => {
  await helpers.setBalance(nobody, parseEther("3"));
  assert.equal(await balance(nobody), parseEther("3"));
  await helpers.setCode(nobody, "0x5f545f5260205ff3");
  await helpers.setStorageAt(nobody, 0, 99);
  assert.equal(hexToBigInt(await helpers.getStorageAt(nobody, 0)), 99n);
  assert.equal(hexToBigInt(await ask("eth_call", { to: nobody }, "latest")), 99n);
  await helpers.setNonce(nobody, 7);
  assert.equal(await ask("eth_getTransactionCount", nobody, "latest"), "0x7");
});

await step("headers are set", async () => {
  await helpers.setCoinbase(bob);
  await helpers.setPrevRandao(77);
  await helpers.setBlockGasLimit(30_000_000);
  await helpers.setNextBlockBaseFeePerGas(1_000_000_000);
  await helpers.mine();
  const { miner, gasLimit, baseFeePerGas } = await block();
  assert.deepEqual([miner, gasLimit, baseFeePerGas], [bob, numberToHex(30_000_000), numberToHex(1_000_000_000)]);
  assert.deepEqual([await call("41"), hexToBigInt(await call("44")), hexToBigInt(await call("45"))], [padHex(bob), 77n, 30_000_000n]);
});

await step("a contract is impersonated: the timelock, a Stylus program, changes its own delay", async () => {
  const data = encodeFunctionData({ abi: timelockAbi, functionName: "updateDelay", args: [5n] });
  await assert.rejects(send(TIMELOCK, { to: TIMELOCK, data }), /unknown account/);
  await helpers.impersonateAccount(TIMELOCK);
  await helpers.setBalance(TIMELOCK, parseEther("1"));
  const { from, status } = await send(TIMELOCK, { to: TIMELOCK, data });
  assert.deepEqual([getAddress(from), status], [TIMELOCK, "0x1"]);
  const read = { abi: timelockAbi, functionName: "getMinDelay" };
  const result = await ask("eth_call", { to: TIMELOCK, data: encodeFunctionData(read) }, "latest");
  assert.equal(decodeFunctionResult({ ...read, data: result }), 5n);
  await helpers.stopImpersonatingAccount(TIMELOCK);
  await assert.rejects(send(TIMELOCK, { to: TIMELOCK, data }), /unknown account/);
});

await step("snapshots are taken, restored again and again, and carry fixtures", async () => {
  const before = await block();
  const snapshot = await helpers.takeSnapshot();
  for (let round = 0; round < 2; round += 1) {
    await helpers.setBalance(nobody, 1n);
    await send(alice, { to: bob, value: "0x1" });
    await snapshot.restore();
    assert.deepEqual(await block(), before);
    assert.equal(await balance(nobody), parseEther("3"));
  }
  let made = 0;
  async function fixture() {
    made += 1;
    await send(alice, { to: nobody, value: "0x1" });
    return balance(nobody);
  }
  const first = await helpers.loadFixture(fixture);
  await send(alice, { to: nobody, value: "0x1" });
  assert.equal(await helpers.loadFixture(fixture), first);
  assert.deepEqual([made, await balance(nobody)], [1, first]);
  helpers.clearSnapshots();
  await helpers.loadFixture(fixture);
  assert.equal(made, 2);
});

await step("transactions wait while blocks are not made by themselves, and can be dropped", async () => {
  await ask("evm_setAutomine", false);
  const transfer = (from) => ask("eth_sendTransaction", { from, to: nobody, value: "0x1" });
  const [kept, dropped] = [await transfer(alice), await transfer(bob)];
  assert.equal(await helpers.dropTransaction(dropped), true);
  await helpers.mine();
  assert.deepEqual((await block()).transactions, [kept]);
  await ask("evm_setAutomine", true);
});

finish();
