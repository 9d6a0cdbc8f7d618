// What a wallet shows when something is wrong, through viem: reverts decoded by OpenZeppelin's interfaces before anything is
// sent, fees, and the node's refusals as viem understands them.
import assert from "node:assert/strict";
import {
  CallExecutionError, decodeErrorResult, encodeFunctionData, FeeCapTooLowError, InsufficientFundsError, IntrinsicGasTooLowError,
  NonceTooLowError, parseEther, RawContractError, zeroAddress, zeroHash,
} from "viem";
import { governorAbi, tokenAbi } from "../lib/abi.js";
import { advance, rpc } from "../lib/chain.js";
import { GOVERNOR, HOLDINGS, MIN_DELAY, State, TIMELOCK, TOKEN, TOKEN_ADDRESS, Vote, VOTING_DELAY } from "../lib/dao.js";
import { input } from "../lib/input.js";
import { finish, step } from "../lib/step.js";
import {
  delegateAll, faucet, fund, governor, governorOf, guardian, members, mined, node, only, timelock, timelockOf, token, tokenOf,
} from "./connect.js";
import { failure, refused } from "./refused.js";

const [hospital, clinic] = members;
const addressOf = (wallet) => wallet.account.address;
const stranger = faucet;
const among = (...states) => `0x${states.reduce((bits, state) => bits | (1n << BigInt(state)), 0n).toString(16).padStart(64, "0")}`;

const content = [[TIMELOCK], [0n], ["0x"]];
const id = await step("a proposal is open", async () => {
  await fund();
  await delegateAll();
  const receipt = await mined(governorOf(hospital).write.propose([...content, "what can go wrong"]));
  return only(receipt, governorAbi, "ProposalCreated").proposalId;
});

await step("simulated calls name the governor's error and its arguments", async () => {
  const { simulate } = governorOf(stranger);
  const [hash, unknown] = [zeroHash, 7n];
  await refused(simulate.castVote([id, Vote.For]), "GovernorUnexpectedProposalState", [id, State.Pending, among(State.Active)]);
  await refused(simulate.castVote([unknown, Vote.For]), "GovernorNonexistentProposal", [unknown]);
  await refused(simulate.propose([...content, "mine"]), "GovernorInsufficientProposerVotes", [addressOf(stranger), 0n, 1_000n * TOKEN]);
  await refused(governorOf(hospital).simulate.propose([[], [], [], ""]), "GovernorInvalidProposalLength", [0n, 0n, 0n]);
  await refused(governorOf(hospital).simulate.propose([[TIMELOCK], [], ["0x", "0x"], ""]), "GovernorInvalidProposalLength", [1n, 2n, 0n]);
  await refused(
    governorOf(hospital).simulate.propose([...content, `for the clinic #proposer=${addressOf(clinic)}`]),
    "GovernorRestrictedProposer", [addressOf(hospital)],
  );
  await refused(
    governorOf(hospital).simulate.propose([...content, "what can go wrong"]),
    "GovernorUnexpectedProposalState", [id, State.Pending, zeroHash],
  );
  await refused(simulate.cancel([id]), "GovernorUnableToCancel", [id, addressOf(stranger)]);
  const known = await governor.read.getProposalId([...content, hash]);
  await refused(simulate.queue([...content, hash]), "GovernorNonexistentProposal", [known]);
  await refused(simulate.setVotingDelay([1]), "GovernorOnlyExecutor", [addressOf(stranger)]);
  await refused(simulate.relay([zeroAddress, 0n, "0x"]), "GovernorOnlyExecutor", [addressOf(stranger)]);

  await advance(VOTING_DELAY + 1n);
  await mined(governorOf(hospital).write.castVote([id, Vote.For]));
  await refused(governorOf(hospital).simulate.castVote([id, Vote.For]), "GovernorAlreadyCastVote", [addressOf(hospital)]);
  await refused(governorOf(clinic).simulate.castVote([id, 3]), "GovernorInvalidVoteType", []);
  await refused(governorOf(clinic).simulate.castVoteWithReasonAndParams([id, Vote.For, "", "0x01"]), "GovernorInvalidVoteParams", []);
});

await step("so do the timelock's and the token's", async () => {
  const proposer = await timelock.read.PROPOSER_ROLE();
  const call = [TIMELOCK, 0n, "0x", zeroHash, zeroHash];
  await refused(timelockOf(stranger).simulate.schedule([...call, MIN_DELAY]), "AccessControlUnauthorizedAccount", [addressOf(stranger), proposer]);
  await refused(timelockOf(stranger).simulate.updateDelay([0n]), "TimelockUnauthorizedCaller", [addressOf(stranger)]);
  await refused(timelockOf(stranger).simulate.renounceRole([proposer, GOVERNOR]), "AccessControlBadConfirmation", []);

  const [rich, poor] = [HOLDINGS[1], addressOf(stranger)];
  await refused(tokenOf(clinic).simulate.transfer([poor, rich + 1n]), "ERC20InsufficientBalance", [addressOf(clinic), rich, rich + 1n]);
  await refused(tokenOf(clinic).simulate.transfer([zeroAddress, 1n]), "ERC20InvalidReceiver", [zeroAddress]);
  await refused(tokenOf(stranger).simulate.transferFrom([addressOf(clinic), poor, 1n]), "ERC20InsufficientAllowance", [poor, 0n, 1n]);
  await refused(tokenOf(clinic).simulate.approve([zeroAddress, 1n]), "ERC20InvalidSpender", [zeroAddress]);
  const { timestamp } = await node.getBlock();
  const [timepoint, clock] = [timestamp + 1_000n, Number(timestamp)];
  await refused(token.read.getPastVotes([addressOf(clinic), timepoint]), "ERC5805FutureLookup", [timepoint, clock]);
});

await step("a raw call gives the revert's bytes, to be decoded by hand", async () => {
  const data = encodeFunctionData({ abi: governorAbi, functionName: "setVotingPeriod", args: [1] });
  const error = await failure(node.call({ account: addressOf(stranger), to: GOVERNOR, data }));
  assert(error instanceof CallExecutionError);
  const raw = error.walk((cause) => cause.data !== undefined && cause.data !== null);
  const decoded = decodeErrorResult({ abi: governorAbi, data: raw.data.data ?? raw.data });
  assert.deepEqual([decoded.errorName, decoded.args], ["GovernorOnlyExecutor", [addressOf(stranger)]]);
});

await step("calldata that Solidity's decoder refuses reverts without data", async () => {
  const vote = encodeFunctionData({ abi: governorAbi, functionName: "castVote", args: [id, Vote.For] });
  const malformed = ["0x", "0x12345678", vote.slice(0, -2), `${vote.slice(0, -4)}0101`];
  for (const data of malformed) {
    const error = await failure(node.call({ account: addressOf(stranger), to: GOVERNOR, data }));
    assert.equal(error.walk((cause) => cause instanceof RawContractError)?.data ?? "0x", "0x");
    assert.match(error.details, /^execution reverted/);
  }
});

await step("estimating says what it will revert with; sent all the same, it is mined as reverted", async () => {
  await refused(governor.estimateGas.castVote([id, 4], { account: addressOf(clinic) }), "GovernorInvalidVoteType", []);
  const hash = await governorOf(hospital).write.castVote([id, Vote.For], { gas: 500_000n });
  const receipt = await node.waitForTransactionReceipt({ hash });
  assert.equal(receipt.status, "reverted");
  assert.deepEqual(receipt.logs, []);
  // An explorer runs it again on the block before, to say why.
  const { input: data, to, from } = await node.getTransaction({ hash });
  const again = await failure(node.call({ account: from, to, data, blockNumber: receipt.blockNumber }));
  assert.match(again.message, /execution reverted/);
});

await step("an estimate is enough gas, and no more than is left over by rule", async () => {
  // A second that has seen no transfer yet, so that the one to come needs what is estimated.
  await advance(1n);
  const gas = await token.estimateGas.transfer([addressOf(hospital), 1n], { account: addressOf(clinic) });
  const receipt = await mined(tokenOf(clinic).write.transfer([addressOf(hospital), 1n], { gas }));
  assert(receipt.gasUsed <= gas && gas < receipt.gasUsed * 2n, `${receipt.gasUsed} of ${gas}`);
});

await step("gas as the node fills it in is that of its last block's time; a careful wallet's is enough a moment later", async () => {
  const delegate = (to) => tokenOf(clinic).write.delegate([to]);
  await mined(delegate(addressOf(hospital)));
  // Seconds pass without a block. Votes that move then need a checkpoint of their own.
  await rpc("evm_increaseTime", 2);
  await mined(delegate(addressOf(clinic)));
  if (input.fill === false) return;

  await rpc("evm_increaseTime", 2);
  const data = encodeFunctionData({ abi: tokenAbi, functionName: "delegate", args: [addressOf(hospital)] });
  const { transaction } = await node.fillTransaction({ account: clinic.account, to: TOKEN_ADDRESS, data });
  const hash = await clinic.sendTransaction({ to: TOKEN_ADDRESS, data, gas: transaction.gas });
  assert.equal((await node.waitForTransactionReceipt({ hash })).status, "reverted");
});

await step("fees: the base fee is paid, no tip, in every type of transaction", async () => {
  const { baseFeePerGas } = await node.getBlock();
  assert.equal(await node.getGasPrice(), baseFeePerGas);
  const { maxFeePerGas, maxPriorityFeePerGas } = await node.estimateFeesPerGas();
  assert.equal(maxPriorityFeePerGas, 0n);
  assert(maxFeePerGas > baseFeePerGas);
  const history = await node.getFeeHistory({ blockCount: 3, rewardPercentiles: [10, 90] });
  assert.equal(history.baseFeePerGas.length, 4);
  assert.deepEqual(history.reward, [[0n, 0n], [0n, 0n], [0n, 0n]]);

  const transfer = { to: addressOf(hospital), value: 1n, gas: 100_000n };
  const kinds = [
    { type: "legacy", gasPrice: baseFeePerGas * 2n },
    { type: "eip2930", gasPrice: baseFeePerGas * 2n, accessList: [{ address: GOVERNOR, storageKeys: [zeroHash] }] },
    { type: "eip1559", maxFeePerGas: baseFeePerGas * 3n, maxPriorityFeePerGas: baseFeePerGas },
  ];
  for (const kind of kinds) {
    const before = await node.getBalance({ address: addressOf(clinic) });
    const receipt = await mined(clinic.sendTransaction({ ...transfer, ...kind }));
    const [block, sent] = [await node.getBlock({ blockNumber: receipt.blockNumber }), await node.getTransaction({ hash: receipt.transactionHash })];
    assert.equal(sent.type, kind.type);
    assert.equal(receipt.type, kind.type);
    assert.equal(receipt.effectiveGasPrice, block.baseFeePerGas);
    const paid = receipt.gasUsed * receipt.effectiveGasPrice + transfer.value;
    assert.equal(await node.getBalance({ address: addressOf(clinic) }), before - paid);
  }
});

await step("the node's refusals are those that viem has names for", async () => {
  const to = addressOf(hospital);
  const { baseFeePerGas } = await node.getBlock();
  const complete = { to, value: 1n, gas: 100_000n, type: "eip1559", maxFeePerGas: baseFeePerGas * 2n, maxPriorityFeePerGas: 0n };
  const nonce = await node.getTransactionCount({ address: addressOf(clinic) });
  const cases = [
    [{ nonce: nonce - 1 }, NonceTooLowError],
    [{ nonce, value: parseEther("100000") }, InsufficientFundsError],
    [{ nonce, gas: 20_000n }, IntrinsicGasTooLowError],
    [{ nonce, maxFeePerGas: baseFeePerGas - 1n }, FeeCapTooLowError],
  ];
  for (const [wrong, kind] of cases) {
    const error = await failure(clinic.sendTransaction({ ...complete, ...wrong }));
    assert(error.walk((cause) => cause instanceof kind), `${kind.name}: ${error.details}`);
  }
  assert.equal(await node.getTransactionCount({ address: addressOf(clinic) }), nonce);
});

await step("the guardian cancels, and what is canceled stays so", async () => {
  await mined(governorOf(guardian).write.cancel([id]));
  const states = [State.Pending, State.Active, State.Defeated, State.Succeeded, State.Queued];
  await refused(governorOf(guardian).simulate.cancel([id]), "GovernorUnexpectedProposalState", [id, State.Canceled, among(...states)]);
});

finish();
