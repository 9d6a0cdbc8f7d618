// The DAO through viem.
import assert from "node:assert/strict";
import { createPublicClient, createWalletClient, defineChain, getContract, http, parseEther, parseEventLogs, publicActions } from "viem";
import { estimateGas } from "viem/actions";
import { mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { governorAbi, timelockAbi, tokenAbi } from "../lib/abi.js";
import { advance } from "../lib/chain.js";
import { CHAIN_ID, GOVERNOR, GUARDIAN, HOLDINGS, MNEMONIC, TIMELOCK, TOKEN_ADDRESS } from "../lib/dao.js";
import { input } from "../lib/input.js";
import { MULTICALL3 } from "../lib/multicall3.js";

export const chain = defineChain({
  id: CHAIN_ID,
  name: "devnode",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  rpcUrls: { default: { http: [input.http], webSocket: [input.ws] } },
  contracts: { multicall3: { address: MULTICALL3 } },
  prepareTransactionRequest: [carefully, { runAt: ["beforeFillTransaction"] }],
});

/** What a careful wallet does before a transaction is filled in. The node would fill in gas as of its last block's time, and a
 * token's transfer needs more a second later: so the gas is estimated as of now, and doubled. What is not used is not paid. */
async function carefully(request, { client }) {
  if (request.gas !== undefined || !request.parameters.includes("gas")) return request;
  const { account, to, data, value, accessList } = request;
  return { ...request, gas: 2n * (await estimateGas(client, { account, to, data, value, accessList, prepare: [] })) };
}

/** A node may lack eth_fillTransaction. viem then asks for nonce and fees one by one; scripts are run both ways. */
export const transport = () => http(undefined, input.fill === false ? { methods: { exclude: ["eth_fillTransaction"] } } : {});

// The node mines at once: there is nothing to wait for between two looks.
const settings = { chain, transport: transport(), pollingInterval: 10 };
export const node = createPublicClient(settings);
const walletOf = (account) => createWalletClient({ ...settings, account });

/** The devnode's account, for whatever costs ether. */
export const faucet = walletOf(privateKeyToAccount(input.devKey));
/** The holders of the token, in the order of the configuration, and the guardian of proposals. */
export const members = HOLDINGS.map((_, addressIndex) => walletOf(mnemonicToAccount(MNEMONIC, { addressIndex })));
export const guardian = walletOf(mnemonicToAccount(MNEMONIC, { addressIndex: GUARDIAN }));

const contract = (address, abi) => (wallet) =>
  getContract({ address, abi, client: wallet?.extend(publicActions) ?? node });
/** Each as a wallet sees it, or without one, to read. */
export const governorOf = contract(GOVERNOR, governorAbi);
export const timelockOf = contract(TIMELOCK, timelockAbi);
export const tokenOf = contract(TOKEN_ADDRESS, tokenAbi);
export const [governor, timelock, token] = [governorOf(), timelockOf(), tokenOf()];

/** Waits for a transaction, and wants it to have succeeded. */
export async function mined(hash) {
  const receipt = await node.waitForTransactionReceipt({ hash: await hash });
  assert.equal(receipt.status, "success");
  return receipt;
}

/** Gives everybody ether for gas. */
export async function fund() {
  for (const { account } of [...members, guardian]) {
    await mined(faucet.sendTransaction({ to: account.address, value: parseEther("1") }));
  }
}

/** Every holder votes for itself from now on. Proposing asks for the votes of a second ago, so one passes. */
export async function delegateAll() {
  for (const member of members) await mined(tokenOf(member).write.delegate([member.account.address]));
  await advance(1n);
}

/** The arguments of the only event `eventName` of `abi` among a receipt's logs. */
export function only(receipt, abi, eventName) {
  const found = parseEventLogs({ abi, logs: receipt.logs, eventName });
  assert.equal(found.length, 1, `one ${eventName}`);
  return found[0].args;
}
