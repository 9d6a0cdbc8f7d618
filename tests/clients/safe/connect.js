// A Safe through Safe's own client, and the node through viem.
import assert from "node:assert/strict";
import Kit, { getSafeAddressFromDeploymentTx } from "@safe-global/protocol-kit";
import { createPublicClient, createWalletClient, defineChain, getAddress, http, parseEther, toHex } from "viem";
import { mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { input } from "./input.js";
import { keep } from "./outcome.js";

const MNEMONIC = "test test test test test test test test test test test junk";
/** The version of Safe that the script is run with. */
export const VERSION = input.version;
export const SENTINEL = "0x0000000000000000000000000000000000000001";

export const chain = defineChain({
  id: 412346,
  name: "devnode",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  rpcUrls: { default: { http: [input.http] } },
});
const settings = { chain, transport: http(), pollingInterval: 10 };
export const node = createPublicClient(settings);
/** The devnode's account. It owns nothing: it pays, and brings what others signed. */
export const faucet = createWalletClient({ ...settings, account: privateKeyToAccount(input.devKey) });

/** The node's contracts, as the client takes them for a chain that it does not know. */
export const contractNetworks = { [chain.id]: input.networks };

/** People with keys. */
export const people = [0, 1, 2, 3, 4].map((addressIndex) => {
  const account = mnemonicToAccount(MNEMONIC, { addressIndex });
  return { address: account.address, key: toHex(account.getHdKey().privateKey) };
});

/** The client as somebody with a key uses it, of the Safe at an address or of one that is still to be deployed. */
export const kitOf = (signer, safe) =>
  Kit.init({ provider: input.http, signer, contractNetworks, ...(typeof safe === "string" ? { safeAddress: safe } : { predictedSafe: safe }) });

/** Waits for a transaction that must succeed. */
export async function mined(hash) {
  const receipt = await node.waitForTransactionReceipt({ hash: await hash });
  assert.equal(receipt.status, "success");
  return receipt;
}

/** Gives people ether for gas. */
export async function fund() {
  for (const { address } of people) await mined(faucet.sendTransaction({ to: address, value: parseEther("1") }));
}

/** Creates a contract from a compiled artefact; its address. */
export async function create({ abi, bytecode }, args = []) {
  return getAddress((await mined(faucet.deployContract({ abi, bytecode, args }))).contractAddress);
}

/** Deploys the Safe that the client predicts, and checks that it stands there. What a random key changes is not kept. */
export async function deploy(safeAccountConfig, saltNonce, kept = true) {
  const kit = await kitOf(people[0].key, { safeAccountConfig, safeDeploymentConfig: { saltNonce, safeVersion: VERSION } });
  const predicted = await kit.getAddress();
  assert.equal(await kit.isSafeDeployed(), false);
  const { to, data, value } = await kit.createSafeDeploymentTransaction();
  const receipt = await mined(faucet.sendTransaction({ to, data, value: BigInt(value) }));
  assert.equal(getSafeAddressFromDeploymentTx(receipt, VERSION), predicted);
  assert.equal(await kit.isSafeDeployed(), true);
  if (kept) keep("deployed", { predicted, initCode: await kit.getInitCode(), ...logsOf(receipt) });
  return predicted;
}

/** All that a transaction logged, as it is on the chain. */
export const logsOf = ({ logs }) => ({ logs: logs.map(({ address, topics, data }) => ({ address, topics, data })) });

/** All that the client says of a Safe. */
export async function stateOf(kit) {
  const [owners, threshold, nonce] = [await kit.getOwners(), await kit.getThreshold(), await kit.getNonce()];
  const [modules, guard, handler] = [await kit.getModules(), await kit.getGuard(), await kit.getFallbackHandler()];
  const [version, balance] = [kit.getContractVersion(), String(await kit.getBalance())];
  return { version, owners, threshold, nonce, modules, guard, handler, balance };
}

/** Executes a transaction by the client, and keeps what it did. One whose call fails is not valid, and uses up its nonce. */
export async function execute(title, kit, transaction, valid = true) {
  const hash = await kit.getTransactionHash(transaction);
  const signatures = transaction.encodedSignatures();
  assert.equal(await kit.isValidTransaction(transaction), valid);
  const receipt = await mined((await kit.executeTransaction(transaction)).hash);
  keep(title, { hash, signatures, data: transaction.data, ...logsOf(receipt), state: await stateOf(kit) });
  return receipt;
}

/** The reason why the client, or the Safe, refuses. */
export async function refusal(action) {
  try {
    await action();
  } catch (error) {
    return `${error.shortMessage ?? error.message} ${error.details ?? ""}`;
  }
  assert.fail("it was not refused");
}
