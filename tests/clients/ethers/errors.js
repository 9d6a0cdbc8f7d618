// What a wallet shows when something is wrong, through ethers: reverts decoded by OpenZeppelin's interfaces, fees, and the
// node's refusals as ethers understands them.
import assert from "node:assert/strict";
import { isError, parseEther, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import { advance } from "../lib/chain.js";
import { GOVERNOR, HOLDINGS, MIN_DELAY, State, TIMELOCK, TOKEN, Vote, VOTING_DELAY } from "../lib/dao.js";
import { finish, step } from "../lib/step.js";
import { delegateAll, faucet, fund, governor, members, mined, node, only, timelock, token } from "./connect.js";
import { failure, refused } from "./refused.js";

const [hospital, clinic] = members;
const stranger = faucet;
const among = (...states) => toBeHex(states.reduce((bits, state) => bits | (1n << BigInt(state)), 0n), 32);

const id = await step("a proposal is open", async () => {
  await fund();
  await delegateAll();
  const receipt = await mined(governor.connect(hospital).propose([TIMELOCK], [0n], ["0x"], "what can go wrong"));
  return only(receipt, governor, "ProposalCreated").proposalId;
});

await step("static calls name the contract's error and its arguments", async () => {
  const wrong = governor.connect(stranger);
  await refused(wrong.castVote.staticCall(id, Vote.For), "GovernorUnexpectedProposalState", [id, BigInt(State.Pending), among(State.Active)]);
  await refused(wrong.castVote.staticCall(5n, Vote.For), "GovernorNonexistentProposal", [5n]);
  await refused(governor.state(5n), "GovernorNonexistentProposal", [5n]);
  const proposal = [[TIMELOCK], [0n], ["0x"], "mine"];
  await refused(wrong.propose.staticCall(...proposal), "GovernorInsufficientProposerVotes", [stranger.address, 0n, 1_000n * TOKEN]);
  await refused(wrong["execute(uint256)"].staticCall(id), "GovernorUnexpectedProposalState", [id, BigInt(State.Pending), among(State.Queued)]);
  await refused(wrong.updateTimelock.staticCall(stranger.address), "GovernorOnlyExecutor", [stranger.address]);
  await refused(wrong.onERC721Received.staticCall(stranger.address, stranger.address, 1n, "0x"), "GovernorDisabledDeposit", []);

  const proposer = await timelock.PROPOSER_ROLE();
  const call = [TIMELOCK, 0n, "0x", ZeroHash, ZeroHash, MIN_DELAY];
  await refused(timelock.connect(stranger).schedule.staticCall(...call), "AccessControlUnauthorizedAccount", [stranger.address, proposer]);
  await refused(token.connect(clinic).transfer.staticCall(stranger.address, HOLDINGS[1] + 1n), "ERC20InsufficientBalance",
    [clinic.address, HOLDINGS[1], HOLDINGS[1] + 1n]);
  await refused(token.connect(clinic).transfer.staticCall(ZeroAddress, 1n), "ERC20InvalidReceiver", [ZeroAddress]);
});

await step("estimating fails with the same error, before anything is signed", async () => {
  const nonce = await clinic.getNonce();
  const error = await failure(governor.connect(clinic).setVotingDelay(1));
  assert(isError(error, "CALL_EXCEPTION"), error);
  assert.equal(error.action, "estimateGas");
  assert.equal(governor.interface.parseError(error.data).name, "GovernorOnlyExecutor");
  assert.equal(await clinic.getNonce(), nonce);
});

await step("what is sent all the same is mined as reverted", async () => {
  const response = await governor.connect(clinic).setVotingDelay(1, { gasLimit: 500_000n });
  const error = await failure(response.wait());
  assert(isError(error, "CALL_EXCEPTION"), error);
  assert.equal(error.receipt.status, 0);
  assert.equal(error.receipt.logs.length, 0);
  // An explorer runs it again on the block before, to say why.
  const { from, to, data } = await node.getTransaction(response.hash);
  const again = await failure(node.call({ from, to, data, blockTag: error.receipt.blockNumber - 1 }));
  const { name, args } = governor.interface.parseError(again.data);
  assert.deepEqual([name, args.toArray()], ["GovernorOnlyExecutor", [clinic.address]]);
});

await step("votes that are cast twice, or for nothing there is, are refused", async () => {
  await advance(VOTING_DELAY + 1n);
  await mined(governor.connect(hospital).castVote(id, Vote.For));
  await refused(governor.connect(hospital).castVote.staticCall(id, Vote.For), "GovernorAlreadyCastVote", [hospital.address]);
  await refused(governor.connect(clinic).castVote.staticCall(id, 9), "GovernorInvalidVoteType", []);
  // ethers itself finds what does not fit its type.
  assert(isError(await failure(governor.connect(clinic).castVote.staticCall(id, 256)), "INVALID_ARGUMENT"));
});

await step("ether is refused by the governor and taken by the timelock", async () => {
  const error = await failure(stranger.sendTransaction({ to: GOVERNOR, value: 1n }));
  assert.equal(governor.interface.parseError(error.data).name, "GovernorDisabledDeposit");
  await mined(stranger.sendTransaction({ to: TIMELOCK, value: 1n }));
  assert.equal(await node.getBalance(TIMELOCK), 1n);
});

await step("fees: the base fee is paid, no tip", async () => {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = await node.getFeeData();
  const { baseFeePerGas } = await node.getBlock("latest");
  assert.equal(gasPrice, baseFeePerGas);
  assert(maxFeePerGas >= baseFeePerGas);
  assert.equal(maxPriorityFeePerGas, 0n);
  const kinds = [
    { type: 0, gasPrice: baseFeePerGas * 2n },
    { type: 1, gasPrice: baseFeePerGas * 2n, accessList: [{ address: GOVERNOR, storageKeys: [] }] },
    { type: 2, maxFeePerGas: baseFeePerGas * 2n, maxPriorityFeePerGas: baseFeePerGas },
  ];
  for (const kind of kinds) {
    const receipt = await mined(clinic.sendTransaction({ to: hospital.address, value: 1n, ...kind }));
    assert.equal(receipt.type, kind.type);
    assert.equal(receipt.gasPrice, (await node.getBlock(receipt.blockNumber)).baseFeePerGas);
    assert.equal(receipt.fee, receipt.gasUsed * receipt.gasPrice);
  }
});

await step("the node's refusals are those that ethers has codes for", async () => {
  const { baseFeePerGas } = await node.getBlock("latest");
  const nonce = await clinic.getNonce();
  const complete = { to: hospital.address, value: 1n, gasLimit: 100_000n, type: 2, maxFeePerGas: baseFeePerGas * 2n, maxPriorityFeePerGas: 0n };
  const cases = [
    [{ nonce: nonce - 1 }, "NONCE_EXPIRED"],
    [{ nonce, value: parseEther("100000") }, "INSUFFICIENT_FUNDS"],
  ];
  for (const [change, code] of cases) {
    const error = await failure(clinic.sendTransaction({ ...complete, ...change }));
    assert(isError(error, code), `${code}: ${error.message}`);
  }
  const foreign = { ...complete, nonce, chainId: 1n };
  const signed = await clinic.signTransaction(foreign);
  assert.match((await failure(node.broadcastTransaction(signed))).message, /invalid sender|chain id/);
  assert.equal(await clinic.getNonce(), nonce);
});

finish();
