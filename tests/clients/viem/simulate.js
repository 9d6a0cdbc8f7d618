// Simulations through viem: blocks and calls that nobody sends, and what they would change.
import assert from "node:assert/strict";
import { decodeErrorResult, encodeFunctionData, getAddress, parseEther, parseEventLogs } from "viem";
import { simulateBlocks, simulateCalls } from "viem/actions";
import { tokenAbi } from "../lib/abi.js";
import { HOLDINGS, TOKEN, TOKEN_ADDRESS } from "../lib/dao.js";
import { finish, step } from "../lib/step.js";
import { fund, members, node, token } from "./connect.js";

const [hospital, clinic] = members.map((wallet) => getAddress(wallet.account.address));
const transfer = (to, amount) => ({ to: TOKEN_ADDRESS, abi: tokenAbi, functionName: "transfer", args: [to, amount] });
const balance = (of) => ({ to: TOKEN_ADDRESS, abi: tokenAbi, functionName: "balanceOf", args: [of] });

await fund();

await step("blocks build on one another", async () => {
  const head = await node.getBlock();
  const [first, second] = await simulateBlocks(node, {
    blocks: [
      { blockOverrides: { time: head.timestamp + 100n }, calls: [{ account: hospital, ...transfer(clinic, TOKEN) }] },
      { calls: [balance(hospital), balance(clinic)] },
    ],
    returnFullTransactions: true,
  });
  assert.deepEqual([first.number, second.number], [head.number + 1n, head.number + 2n]);
  assert.deepEqual([first.timestamp, first.parentHash, second.parentHash], [head.timestamp + 100n, head.hash, first.hash]);
  assert.deepEqual(second.calls.map((call) => call.result), [HOLDINGS[0] - TOKEN, HOLDINGS[1] + TOKEN]);
  const [{ args }] = parseEventLogs({ abi: tokenAbi, logs: first.calls[0].logs, eventName: "Transfer" });
  assert.deepEqual(args, { from: hospital, to: clinic, value: TOKEN });
  assert.equal(getAddress(first.transactions[0].from), hospital);
  assert.equal(await token.read.balanceOf([clinic]), HOLDINGS[1]);
});

await step("a refusal comes with the contract's own error", async () => {
  const [{ calls: [call] }] = await simulateBlocks(node, { blocks: [{ calls: [{ account: hospital, ...transfer(clinic, HOLDINGS[0] + 1n) }] }] });
  assert.equal(call.status, "failure");
  const { errorName, args } = decodeErrorResult({ abi: tokenAbi, data: call.data });
  assert.deepEqual([errorName, args], ["ERC20InsufficientBalance", [hospital, HOLDINGS[0], HOLDINGS[0] + 1n]]);
});

await step("overrides hold for the blocks after them", async () => {
  const nobody = "0x00000000000000000000000000000000000d0c70";
  const [, block] = await simulateBlocks(node, {
    blocks: [
      { stateOverrides: [{ address: nobody, balance: parseEther("2") }], calls: [] },
      { calls: [{ account: nobody, to: clinic, value: parseEther("1") }, { account: nobody, to: clinic, value: 1n }] },
    ],
    traceTransfers: true,
  });
  const [first, second] = block.calls.map((call) => call.logs[0]);
  assert.equal(first.address, "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");
  assert.deepEqual([BigInt(first.data), BigInt(second.data), second.logIndex], [parseEther("1"), 1n, 1]);
});

await step("calls are simulated with what they change of assets", async () => {
  const { results, assetChanges } = await simulateCalls(node, {
    account: hospital,
    calls: [transfer(clinic, 3n * TOKEN), { to: clinic, value: parseEther("0.5") }, { to: TOKEN_ADDRESS, data: encodeFunctionData(balance(hospital)) }],
    traceAssetChanges: true,
  });
  assert.deepEqual(results.map((result) => result.status), ["success", "success", "success"]);
  assert.equal(BigInt(results[2].data), HOLDINGS[0] - 3n * TOKEN);
  const diffs = Object.fromEntries(assetChanges.map(({ token: { symbol }, value }) => [symbol, value.diff]));
  assert.deepEqual(diffs, { ETH: -parseEther("0.5"), [await token.read.symbol()]: -3n * TOKEN });
});

await step("what cannot be simulated is refused", async () => {
  const poor = "0x00000000000000000000000000000000000d0c70";
  const error = await simulateBlocks(node, { blocks: [{ calls: [{ account: poor, to: clinic, value: 1n }] }] }).catch((error) => error);
  assert.match(error.message, /insufficient funds|exceeds the balance/);
});

finish();
