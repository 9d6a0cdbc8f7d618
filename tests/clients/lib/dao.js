// What deploy/config/devnet.toml promises, as a client finds it.
import { input } from "./input.js";

/** The development mnemonic, whose accounts 0 to 4 hold the tokens and whose account 9 is the guardian. */
export const MNEMONIC = "test test test test test test test test test test test junk";
export const GUARDIAN = 9;
export const CHAIN_ID = 412346;

export const TOKEN = 10n ** 18n;
export const HOLDINGS = [200_000n, 150_000n, 100_000n, 75_000n, 50_000n].map((amount) => amount * TOKEN);
export const SUPPLY = 1_000_000n * TOKEN;

export const VOTING_DELAY = 60n;
export const VOTING_PERIOD = 300n;
export const MIN_DELAY = 120n;

/** IGovernor.ProposalState, in its order. */
export const State = Object.freeze({
  Pending: 0, Active: 1, Canceled: 2, Defeated: 3, Succeeded: 4, Queued: 5, Expired: 6, Executed: 7,
});
/** GovernorCountingSimple.VoteType, and the support that says "split by the parameters". */
export const Vote = Object.freeze({ Against: 0, For: 1, Abstain: 2, Fractional: 255 });

export const { token: TOKEN_ADDRESS, governor: GOVERNOR, timelock: TIMELOCK } = input;
