// What Tally does with a DAO, through ethers: the life of proposals by their identifiers, a guardian that stops one in the
// timelock, and an index made of events.
import assert from "node:assert/strict";
import { id as hashOf, parseEther, ZeroAddress } from "ethers";
import { advance } from "../lib/chain.js";
import { GOVERNOR, HOLDINGS, MIN_DELAY, State, SUPPLY, TIMELOCK, TOKEN, TOKEN_ADDRESS, Vote, VOTING_DELAY, VOTING_PERIOD } from "../lib/dao.js";
import { finish, step } from "../lib/step.js";
import { delegateAll, faucet, fund, governor, guardian, members, mined, node, only, timelock, token } from "./connect.js";

const [hospital, clinic, laboratory, patients, insurer] = members;
const stateOf = async (proposal) => Number(await governor.state(proposal));

await step("the DAO's page shows its settings", async () => {
  await fund();
  assert.equal(await governor.name(), "Consilium Governor");
  assert.equal(await governor.version(), "1");
  assert.match(await governor.COUNTING_MODE(), /^support=bravo/);
  assert.equal(await governor.CLOCK_MODE(), "mode=timestamp");
  assert.equal(await governor.token(), TOKEN_ADDRESS);
  assert.equal(await governor.timelock(), TIMELOCK);
  assert.equal(await governor.votingDelay(), VOTING_DELAY);
  assert.equal(await governor.votingPeriod(), VOTING_PERIOD);
  assert.equal(await governor.proposalThreshold(), 1_000n * TOKEN);
  const { timestamp } = await node.getBlock("latest");
  assert.equal(await governor.clock(), BigInt(timestamp));
  // Overloads are told apart by their signatures.
  assert.equal(await governor["quorumNumerator()"](), 4n);
  assert.equal(await governor["quorumNumerator(uint256)"](timestamp), 4n);
  assert.equal(await governor.quorum(timestamp - 1), (SUPPLY * 4n) / 100n);
  assert.equal(await governor.superQuorum(timestamp - 1), SUPPLY / 2n);
  assert.deepEqual([await token.symbol(), await token.decimals(), await token.totalSupply()], ["CHV", 18n, SUPPLY]);
});

await step("holders delegate", async () => {
  await delegateAll();
  assert.equal(await token.getVotes(hospital.address), HOLDINGS[0]);
  const receipt = await mined(token.connect(insurer).delegate(clinic.address));
  assert.deepEqual(only(receipt, token, "DelegateChanged"), {
    delegator: insurer.address, fromDelegate: insurer.address, toDelegate: clinic.address,
  });
  await mined(faucet.sendTransaction({ to: TIMELOCK, value: parseEther("10") }));
});

const delay = governor.interface.encodeFunctionData("setVotingDelay", [90]);
const period = governor.interface.encodeFunctionData("setVotingPeriod", [600]);

/** Proposes, and gives the identifier that the event names. */
async function propose(description, targets, values, calldatas) {
  const content = [targets, values, calldatas, description];
  const expected = await governor.connect(hospital).propose.staticCall(...content);
  const receipt = await mined(governor.connect(hospital).propose(...content));
  const { timestamp } = await node.getBlock(receipt.blockNumber);
  const voteStart = BigInt(timestamp) + VOTING_DELAY;
  assert.deepEqual(only(receipt, governor, "ProposalCreated"), {
    proposalId: expected, proposer: hospital.address, targets, values, signatures: targets.map(() => ""), calldatas,
    voteStart, voteEnd: voteStart + VOTING_PERIOD, description,
  });
  assert.equal(await governor.hashProposal(targets, values, calldatas, hashOf(description)), expected);
  return expected;
}

/** Carries a proposal to the timelock with the votes of two members. */
async function decide(proposal) {
  await advance(VOTING_DELAY + 1n);
  assert.equal(await stateOf(proposal), State.Active);
  await mined(governor.connect(laboratory).castVote(proposal, Vote.For));
  await mined(governor.connect(patients).castVoteWithReason(proposal, Vote.Abstain, "not our business"));
  await advance(VOTING_PERIOD);
  assert.equal(await stateOf(proposal), State.Succeeded);
  return mined(governor.connect(insurer)["queue(uint256)"](proposal));
}

await step("settings are changed by a proposal, step by step by its identifier", async () => {
  const proposal = await propose("slower votes", [GOVERNOR, GOVERNOR], [0n, 0n], [delay, period]);
  assert.equal(await stateOf(proposal), State.Pending);
  const queued = await decide(proposal);
  const { timestamp } = await node.getBlock(queued.blockNumber);
  const etaSeconds = BigInt(timestamp) + MIN_DELAY;
  assert.deepEqual(only(queued, governor, "ProposalQueued"), { proposalId: proposal, etaSeconds });
  assert.equal(await governor.proposalEta(proposal), etaSeconds);
  assert.deepEqual((await governor.proposalVotes(proposal)).toArray(), [0n, HOLDINGS[2], HOLDINGS[3]]);
  await advance(MIN_DELAY);
  const executed = await mined(governor.connect(insurer)["execute(uint256)"](proposal));
  assert.deepEqual(only(executed, governor, "VotingDelaySet"), { oldVotingDelay: VOTING_DELAY, newVotingDelay: 90n });
  assert.deepEqual(only(executed, governor, "VotingPeriodSet"), { oldVotingPeriod: VOTING_PERIOD, newVotingPeriod: 600n });
  assert.deepEqual(only(executed, governor, "ProposalExecuted"), { proposalId: proposal });
  assert.deepEqual([await governor.votingDelay(), await governor.votingPeriod()], [90n, 600n]);
  // And back, so that the next proposal has the times it is promised.
  const back = [["setVotingDelay", VOTING_DELAY], ["setVotingPeriod", VOTING_PERIOD]];
  const calls = back.map(([name, value]) => governor.interface.encodeFunctionData(name, [value]));
  const content = [[GOVERNOR, GOVERNOR], [0n, 0n], calls];
  const receipt = await mined(governor.connect(hospital).propose(...content, "as before"));
  const { proposalId } = only(receipt, governor, "ProposalCreated");
  await advance(91n);
  await mined(governor.connect(laboratory).castVote(proposalId, Vote.For));
  await advance(601n);
  await mined(governor.connect(insurer).queue(...content, hashOf("as before")));
  await advance(MIN_DELAY);
  await mined(governor.connect(insurer).execute(...content, hashOf("as before")));
  assert.equal(await stateOf(proposalId), State.Executed);
});

const stopped = await step("the guardian stops a proposal that waits in the timelock", async () => {
  const proposal = await propose("all to a stranger", [faucet.address], [parseEther("10")], ["0x"]);
  const queued = await decide(proposal);
  const [scheduled] = await timelock.queryFilter(timelock.filters.CallScheduled(), queued.blockNumber);
  assert.deepEqual([scheduled.args.target, scheduled.args.value], [faucet.address, parseEther("10")]);
  const receipt = await mined(governor.connect(guardian)["cancel(uint256)"](proposal));
  assert.deepEqual(only(receipt, governor, "ProposalCanceled"), { proposalId: proposal });
  assert.deepEqual(only(receipt, timelock, "Cancelled"), { id: scheduled.args.id });
  assert.equal(await stateOf(proposal), State.Canceled);
  assert.equal(await timelock.isOperation(scheduled.args.id), false);
  return proposal;
});

await step("a member finds its own votes by the indexed topic", async () => {
  const mine = await governor.queryFilter(governor.filters.VoteCast(patients.address));
  assert.equal(mine.length, 2);
  assert(mine.every(({ args }) => args.voter === patients.address && args.reason === "not our business"));
  assert.equal(mine[1].args.proposalId, stopped);
  assert.deepEqual(await governor.queryFilter(governor.filters.VoteCast(insurer.address)), []);
});

await step("an index made of events alone says what the contracts say", async () => {
  const [balances, votes] = [new Map(), new Map()];
  for (const { args } of await token.queryFilter(token.filters.Transfer(), 0)) {
    balances.set(args.from, (balances.get(args.from) ?? 0n) - args.value);
    balances.set(args.to, (balances.get(args.to) ?? 0n) + args.value);
  }
  for (const { args } of await token.queryFilter(token.filters.DelegateVotesChanged(), 0)) votes.set(args.delegate, args.newVotes);
  assert.equal(balances.get(ZeroAddress), -SUPPLY);
  for (const address of [...members.map((member) => member.address), TIMELOCK]) {
    assert.equal(balances.get(address), await token.balanceOf(address));
    assert.equal(votes.get(address) ?? 0n, await token.getVotes(address));
  }
  const names = new Set((await governor.queryFilter("*", 0)).map(({ eventName }) => eventName));
  for (const name of ["ProposalCreated", "VoteCast", "ProposalQueued", "ProposalExecuted", "ProposalCanceled", "VotingDelaySet"]) {
    assert(names.has(name), name);
  }
});

finish();
