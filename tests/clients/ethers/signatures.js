// Votes, delegations and permits that are signed by one account and sent by another, through ethers.
import assert from "node:assert/strict";
import { id as hashOf, MaxUint256, Signature, solidityPacked, TypedDataEncoder } from "ethers";
import { advance } from "../lib/chain.js";
import { CHAIN_ID, GOVERNOR, HOLDINGS, TIMELOCK, TOKEN, TOKEN_ADDRESS, Vote, VOTING_DELAY } from "../lib/dao.js";
import { finish, step } from "../lib/step.js";
import { delegateAll, faucet, fund, governor, members, mined, only, token } from "./connect.js";
import { refused } from "./refused.js";

const fields = (list) => list.split(", ").map((field) => ({ type: field.split(" ")[0], name: field.split(" ")[1] }));
const BALLOT = { Ballot: fields("uint256 proposalId, uint8 support, address voter, uint256 nonce") };
const EXTENDED = {
  ExtendedBallot: fields("uint256 proposalId, uint8 support, address voter, uint256 nonce, string reason, bytes params"),
};
const DELEGATION = { Delegation: fields("address delegatee, uint256 nonce, uint256 expiry") };
const PERMIT = { Permit: fields("address owner, address spender, uint256 value, uint256 nonce, uint256 deadline") };

const [hospital, clinic, laboratory, patients] = members;
const relayed = { governor: governor.connect(faucet), token: token.connect(faucet) };

const domains = await step("the domains are read from the contracts", async () => {
  await fund();
  await delegateAll();
  const read = async (contract) => {
    const { fields: used, name, version, chainId, verifyingContract, extensions } = await contract.eip712Domain();
    // Bits 0 to 3: name, version, chain and contract; no salt.
    assert.equal(used, "0x0f");
    assert.equal(extensions.length, 0);
    return { name, version, chainId, verifyingContract };
  };
  const domains = { governor: await read(governor), token: await read(token) };
  const common = { version: "1", chainId: BigInt(CHAIN_ID) };
  assert.deepEqual(domains.governor, { name: "Consilium Governor", ...common, verifyingContract: GOVERNOR });
  assert.deepEqual(domains.token, { name: "Consilium Health Vote", ...common, verifyingContract: TOKEN_ADDRESS });
  assert.equal(await token.DOMAIN_SEPARATOR(), TypedDataEncoder.hashDomain(domains.token));
  assert.equal(await governor.BALLOT_TYPEHASH(), typeHash(BALLOT));
  assert.equal(await governor.EXTENDED_BALLOT_TYPEHASH(), typeHash(EXTENDED));
  return domains;
});

function typeHash(types) {
  const encoder = TypedDataEncoder.from(types);
  return hashOf(encoder.encodeType(encoder.primaryType));
}

const id = await step("a proposal is open", async () => {
  const receipt = await mined(governor.connect(hospital).propose([TIMELOCK], [0n], ["0x"], "to be decided by signatures"));
  await advance(VOTING_DELAY + 1n);
  return only(receipt, governor, "ProposalCreated").proposalId;
});

await step("a signed vote counts for its signer, once", async () => {
  const voter = clinic.address;
  const ballot = { proposalId: id, support: Vote.Against, voter, nonce: await governor.nonces(voter) };
  const signature = await clinic.signTypedData(domains.governor, BALLOT, ballot);
  const vote = [id, Vote.Against, voter, signature];
  const receipt = await mined(relayed.governor.castVoteBySig(...vote));
  assert.deepEqual(only(receipt, governor, "VoteCast"), {
    voter, proposalId: id, support: BigInt(Vote.Against), weight: HOLDINGS[1], reason: "",
  });
  assert.equal(receipt.from, faucet.address);
  await refused(relayed.governor.castVoteBySig.staticCall(...vote), "GovernorInvalidSignature", [voter]);
});

await step("a signed vote may have a reason and be split", async () => {
  const voter = laboratory.address;
  const params = solidityPacked(["uint128", "uint128", "uint128"], [0n, 30_000n * TOKEN, 70_000n * TOKEN]);
  const ballot = { proposalId: id, support: Vote.Fractional, voter, nonce: 0n, reason: "in parts", params };
  const signature = await laboratory.signTypedData(domains.governor, EXTENDED, ballot);
  const vote = [id, Vote.Fractional, voter, ballot.reason, params, signature];
  const receipt = await mined(relayed.governor.castVoteWithReasonAndParamsBySig(...vote));
  assert.deepEqual(only(receipt, governor, "VoteCastWithParams"), {
    voter, proposalId: id, support: BigInt(Vote.Fractional), weight: HOLDINGS[2], reason: "in parts", params,
  });
  assert.deepEqual((await governor.proposalVotes(id)).toArray(), [HOLDINGS[1], 30_000n * TOKEN, 70_000n * TOKEN]);
});

await step("a signature of another, for another domain, or in another form is refused", async () => {
  const voter = patients.address;
  const ballot = { proposalId: id, support: Vote.For, voter, nonce: 0n };
  const good = Signature.from(await patients.signTypedData(domains.governor, BALLOT, ballot));
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const mirrored = `${good.r}${(order - BigInt(good.s)).toString(16).padStart(64, "0")}${good.yParity ? "1b" : "1c"}`;
  const wrong = [
    await hospital.signTypedData(domains.governor, BALLOT, ballot),
    await patients.signTypedData({ ...domains.governor, chainId: 42161n }, BALLOT, ballot),
    await patients.signTypedData(domains.token, BALLOT, ballot),
    await patients.signMessage("I vote for it"),
    // The other signature that the same key gives for the same hash, and the compact form: OpenZeppelin takes neither.
    mirrored,
    good.compactSerialized,
  ];
  for (const signature of wrong) {
    await refused(relayed.governor.castVoteBySig.staticCall(id, Vote.For, voter, signature), "GovernorInvalidSignature", [voter]);
  }
  await mined(relayed.governor.castVoteBySig(id, Vote.For, voter, good.serialized));
});

await step("a signed delegation moves votes, once and in time", async () => {
  const call = async (wallet, delegation) => {
    const { v, r, s } = Signature.from(await wallet.signTypedData(domains.token, DELEGATION, delegation));
    return [delegation.delegatee, delegation.nonce, delegation.expiry, v, r, s];
  };
  const delegation = { delegatee: clinic.address, nonce: await token.nonces(patients.address), expiry: MaxUint256 };
  const once = await call(patients, delegation);
  await mined(relayed.token.delegateBySig(...once));
  assert.equal(await token.delegates(patients.address), clinic.address);
  await refused(relayed.token.delegateBySig.staticCall(...once), "InvalidAccountNonce", [patients.address, 1n]);
  const late = await call(patients, { ...delegation, nonce: 1n, expiry: 1n });
  await refused(relayed.token.delegateBySig.staticCall(...late), "VotesExpiredSignature", [1n]);
  const [delegatee, nonce, expiry, v, , s] = once;
  const nobody = relayed.token.delegateBySig.staticCall(delegatee, nonce, expiry, v, `0x${"00".repeat(32)}`, s);
  await refused(nobody, "ECDSAInvalidSignature", []);
});

await step("a permit lets a spender spend", async () => {
  const permit = { owner: hospital.address, spender: faucet.address, value: 5n * TOKEN, nonce: 0n, deadline: MaxUint256 };
  const call = async (wallet, message) => {
    const { v, r, s } = Signature.from(await wallet.signTypedData(domains.token, PERMIT, message));
    return [message.owner, message.spender, message.value, message.deadline, v, r, s];
  };
  const late = await call(hospital, { ...permit, deadline: 1n });
  await refused(relayed.token.permit.staticCall(...late), "ERC2612ExpiredSignature", [1n]);
  const forged = await call(clinic, permit);
  await refused(relayed.token.permit.staticCall(...forged), "ERC2612InvalidSigner", [clinic.address, hospital.address]);
  const receipt = await mined(relayed.token.permit(...(await call(hospital, permit))));
  assert.deepEqual(only(receipt, token, "Approval"), { owner: hospital.address, spender: faucet.address, value: 5n * TOKEN });
  await mined(relayed.token.transferFrom(hospital.address, faucet.address, 5n * TOKEN));
  assert.equal(await token.balanceOf(faucet.address), 5n * TOKEN);
  assert.equal(await token.allowance(hospital.address, faucet.address), 0n);
});

finish();
