// Many reads in one, through ethers and Multicall3's own functions.
import assert from "node:assert/strict";
import { Contract } from "ethers";
import { advance } from "../lib/chain.js";
import { GOVERNOR, HOLDINGS, TIMELOCK, TOKEN, TOKEN_ADDRESS } from "../lib/dao.js";
import { COST, DEPLOYER, MULTICALL3, signedDeployment } from "../lib/multicall3.js";
import { finish, step } from "../lib/step.js";
import { delegateAll, faucet, fund, governor, members, mined, node, token } from "./connect.js";

const multicall = new Contract(MULTICALL3, [
  "function aggregate((address target, bytes callData)[] calls) payable returns (uint256 blockNumber, bytes[] returnData)",
  "function aggregate3((address target, bool allowFailure, bytes callData)[] calls) payable returns ((bool success, bytes returnData)[] returnData)",
  "function tryAggregate(bool requireSuccess, (address target, bytes callData)[] calls) payable returns ((bool success, bytes returnData)[] returnData)",
  "function getEthBalance(address addr) view returns (uint256 balance)",
], node);

const votesOf = ({ address }) => token.interface.encodeFunctionData("getVotes", [address]);
const decoded = (data) => token.interface.decodeFunctionResult("getVotes", data)[0];

const past = await step("Multicall3 stands, and votes change over blocks", async () => {
  await fund();
  await mined(faucet.sendTransaction({ to: DEPLOYER, value: COST }));
  const receipt = await mined(node.broadcastTransaction(signedDeployment()));
  assert.equal(receipt.contractAddress, MULTICALL3);
  await delegateAll();
  const number = await node.getBlockNumber();
  await advance(10n);
  await mined(token.connect(members[0]).transfer(members[4].address, 1_000n * TOKEN));
  return number;
});

await step("aggregate3 reads all votes at a past block and now", async () => {
  const calls = members.map((member) => ({ target: TOKEN_ADDRESS, allowFailure: false, callData: votesOf(member) }));
  const read = async (blockTag) => (await multicall.aggregate3.staticCall(calls, { blockTag })).map(({ returnData }) => decoded(returnData));
  assert.deepEqual(await read(past), HOLDINGS);
  const moved = 1_000n * TOKEN;
  assert.deepEqual(await read("latest"), [HOLDINGS[0] - moved, ...HOLDINGS.slice(1, 4), HOLDINGS[4] + moved]);
});

await step("aggregate tells which block it read, on Arbitrum that of the parent chain", async () => {
  const [, data] = await multicall.aggregate.staticCall(members.map((member) => [TOKEN_ADDRESS, votesOf(member)]), { blockTag: past });
  assert.deepEqual(data.map(decoded), HOLDINGS);
});

await step("tryAggregate keeps going where a call fails, and gives its error", async () => {
  const calls = [
    [TOKEN_ADDRESS, votesOf(members[1])],
    [GOVERNOR, governor.interface.encodeFunctionData("state", [3n])],
    [TIMELOCK, votesOf(members[1])],
  ];
  const [votes, state, absent] = await multicall.tryAggregate.staticCall(false, calls);
  assert.deepEqual([votes.success, decoded(votes.returnData)], [true, HOLDINGS[1]]);
  const { name, args } = governor.interface.parseError(state.returnData);
  assert.deepEqual([state.success, name, args.toArray()], [false, "GovernorNonexistentProposal", [3n]]);
  assert.deepEqual([absent.success, absent.returnData], [false, "0x"]);
  // Where every call must succeed, the reason is Multicall3's own.
  const strict = await multicall.tryAggregate.staticCall(true, calls).catch((error) => error);
  assert.equal(strict.reason, "Multicall3: call failed");
});

await step("a batch is also a transaction", async () => {
  await mined(faucet.sendTransaction({ to: TIMELOCK, value: 5n }));
  const balance = multicall.interface.encodeFunctionData("getEthBalance", [TIMELOCK]);
  const calls = [...members.map((member) => [TOKEN_ADDRESS, false, votesOf(member)]), [MULTICALL3, false, balance]];
  assert.equal(BigInt((await multicall.aggregate3.staticCall(calls)).at(-1).returnData), 5n);
  await mined(multicall.connect(faucet).aggregate3(calls));
});

finish();
