// Votes, delegations and permits that are signed by one account and sent by another, through viem: the domain is read from the
// contract (ERC-5267), as wallets do.
import assert from "node:assert/strict";
import { encodePacked, maxUint256, parseSignature } from "viem";
import { governorAbi, tokenAbi } from "../lib/abi.js";
import { advance } from "../lib/chain.js";
import { CHAIN_ID, GOVERNOR, HOLDINGS, TIMELOCK, TOKEN, TOKEN_ADDRESS, Vote, VOTING_DELAY } from "../lib/dao.js";
import { finish, step } from "../lib/step.js";
import { delegateAll, faucet, fund, governor, governorOf, members, mined, node, only, token, tokenOf } from "./connect.js";
import { refused } from "./refused.js";

const types = {
  Ballot: fields("uint256 proposalId, uint8 support, address voter, uint256 nonce"),
  ExtendedBallot: fields("uint256 proposalId, uint8 support, address voter, uint256 nonce, string reason, bytes params"),
  Delegation: fields("address delegatee, uint256 nonce, uint256 expiry"),
  Permit: fields("address owner, address spender, uint256 value, uint256 nonce, uint256 deadline"),
};

function fields(list) {
  return list.split(", ").map((field) => ({ type: field.split(" ")[0], name: field.split(" ")[1] }));
}

const [hospital, clinic, laboratory, patients] = members;
const addressOf = (wallet) => wallet.account.address;
const relayer = faucet;

const domains = await step("the domains are read from the contracts", async () => {
  await fund();
  await delegateAll();
  const domainOf = async (address) => (await node.getEip712Domain({ address })).domain;
  const [ballots, tokens] = [await domainOf(GOVERNOR), await domainOf(TOKEN_ADDRESS)];
  const chainId = CHAIN_ID;
  assert.deepEqual({ ...ballots }, { name: "Consilium Governor", version: "1", chainId, verifyingContract: GOVERNOR, salt: ballots.salt });
  assert.deepEqual({ ...tokens }, { name: "Consilium Health Vote", version: "1", chainId, verifyingContract: TOKEN_ADDRESS, salt: tokens.salt });
  return { ballots: used(ballots), tokens: used(tokens) };
});

/** The fields that the domain says it uses; the salt is none of them. */
function used({ name, version, chainId, verifyingContract }) {
  return { name, version, chainId, verifyingContract };
}

const id = await step("a proposal is open", async () => {
  const content = [[TIMELOCK], [0n], ["0x"], "to be decided by signatures"];
  const receipt = await mined(governorOf(hospital).write.propose(content));
  await advance(VOTING_DELAY + 1n);
  return only(receipt, governorAbi, "ProposalCreated").proposalId;
});

const signed = (wallet, domain, primaryType, message) => wallet.signTypedData({ domain, types, primaryType, message });
const nonceOf = (contract, wallet) => contract.read.nonces([addressOf(wallet)]);

await step("a signed vote counts for its signer, whoever sends it", async () => {
  const voter = addressOf(clinic);
  const ballot = { proposalId: id, support: Vote.For, voter, nonce: await nonceOf(governor, clinic) };
  const signature = await signed(clinic, domains.ballots, "Ballot", ballot);
  const receipt = await mined(governorOf(relayer).write.castVoteBySig([id, Vote.For, voter, signature]));
  assert.deepEqual(only(receipt, governorAbi, "VoteCast"), { voter, proposalId: id, support: Vote.For, weight: HOLDINGS[1], reason: "" });
  assert.equal(await governor.read.hasVoted([id, voter]), true);
  assert.equal(await nonceOf(governor, clinic), 1n);

  await refused(governorOf(relayer).simulate.castVoteBySig([id, Vote.For, voter, signature]), "GovernorInvalidSignature", [voter]);
});

await step("a signed vote may have a reason and be split", async () => {
  const voter = addressOf(laboratory);
  const params = encodePacked(["uint128", "uint128", "uint128"], [40_000n * TOKEN, 60_000n * TOKEN, 0n]);
  const ballot = { proposalId: id, support: Vote.Fractional, voter, nonce: 0n, reason: "signed at home", params };
  const signature = await signed(laboratory, domains.ballots, "ExtendedBallot", ballot);
  const call = [id, Vote.Fractional, voter, ballot.reason, params];
  // A relayer that changes a word of it is found out.
  for (const [place, forged] of [[1, Vote.For], [3, "signed in the office"], [4, "0x"]]) {
    await refused(
      governorOf(relayer).simulate.castVoteWithReasonAndParamsBySig([...Object.assign([...call], { [place]: forged }), signature]),
      "GovernorInvalidSignature", [voter],
    );
  }
  const receipt = await mined(governorOf(relayer).write.castVoteWithReasonAndParamsBySig([...call, signature]));
  assert.equal(only(receipt, governorAbi, "VoteCastWithParams").weight, HOLDINGS[2]);
  assert.deepEqual(await governor.read.proposalVotes([id]), [40_000n * TOKEN, HOLDINGS[1] + 60_000n * TOKEN, 0n]);
});

await step("a vote signed by another, for another chain or contract, or malformed, is refused", async () => {
  const voter = addressOf(patients);
  const ballot = { proposalId: id, support: Vote.For, voter, nonce: 0n };
  const wrong = [
    await signed(hospital, domains.ballots, "Ballot", ballot),
    await signed(patients, { ...domains.ballots, chainId: 1 }, "Ballot", ballot),
    await signed(patients, { ...domains.ballots, verifyingContract: TOKEN_ADDRESS }, "Ballot", ballot),
    await signed(patients, { ...domains.ballots, version: "2" }, "Ballot", ballot),
    await signed(patients, domains.ballots, "Ballot", { ...ballot, nonce: 1n }),
    await signed(patients, domains.ballots, "Ballot", { ...ballot, support: Vote.Against }),
    "0x", "0x00", `0x${"11".repeat(65)}`, `0x${"00".repeat(66)}`,
  ];
  for (const signature of wrong) {
    const vote = governorOf(relayer).simulate.castVoteBySig([id, Vote.For, voter, signature]);
    await refused(vote, "GovernorInvalidSignature", [voter]);
  }
  assert.equal(await governor.read.hasVoted([id, voter]), false);
});

await step("a signed delegation moves votes, once and in time", async () => {
  const delegation = { delegatee: addressOf(clinic), nonce: await nonceOf(token, patients), expiry: maxUint256 };
  const send = async (wallet, message) => {
    const { r, s, v } = parseSignature(await signed(wallet, domains.tokens, "Delegation", message));
    return [message.delegatee, message.nonce, message.expiry, Number(v), r, s];
  };
  const call = await send(patients, delegation);
  const receipt = await mined(tokenOf(relayer).write.delegateBySig(call));
  assert.equal(only(receipt, tokenAbi, "DelegateChanged").delegator, addressOf(patients));
  assert.equal(await token.read.getVotes([addressOf(clinic)]), HOLDINGS[1] + HOLDINGS[3]);
  await refused(tokenOf(relayer).simulate.delegateBySig(call), "InvalidAccountNonce", [addressOf(patients), 1n]);

  const { timestamp } = await node.getBlock();
  const late = await send(patients, { ...delegation, nonce: 1n, expiry: timestamp - 1n });
  await refused(tokenOf(relayer).simulate.delegateBySig(late), "VotesExpiredSignature", [timestamp - 1n]);
});

await step("a permit lets a spender spend", async () => {
  const spender = addressOf(relayer);
  const permit = { owner: addressOf(hospital), spender, value: 5n * TOKEN, nonce: 0n, deadline: maxUint256 };
  const call = async (wallet, message) => {
    const { r, s, v } = parseSignature(await signed(wallet, domains.tokens, "Permit", message));
    return [message.owner, message.spender, message.value, message.deadline, Number(v), r, s];
  };
  const { timestamp } = await node.getBlock();
  const late = await call(hospital, { ...permit, deadline: timestamp - 1n });
  await refused(tokenOf(relayer).simulate.permit(late), "ERC2612ExpiredSignature", [timestamp - 1n]);
  const forged = await call(clinic, permit);
  await refused(tokenOf(relayer).simulate.permit(forged), "ERC2612InvalidSigner", [addressOf(clinic), permit.owner]);

  await mined(tokenOf(relayer).write.permit(await call(hospital, permit)));
  assert.equal(await token.read.allowance([permit.owner, spender]), 5n * TOKEN);
  const receipt = await mined(tokenOf(relayer).write.transferFrom([permit.owner, spender, 2n * TOKEN]));
  assert.deepEqual(only(receipt, tokenAbi, "Transfer"), { from: permit.owner, to: spender, value: 2n * TOKEN });
  assert.equal(await token.read.allowance([permit.owner, spender]), 3n * TOKEN);
});

finish();
