// OpenZeppelin's interfaces, as its npm package publishes them: no interface of ours is used by any client here.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const artefact = (name) => require(`@openzeppelin/contracts/build/contracts/${name}.json`).abi;

/** The interface of a contract that inherits all of these: their items, each once. */
function inherited(...names) {
  const key = ({ type, name, inputs }) => `${type} ${name}(${inputs?.map((input) => input.type)})`;
  return [...new Map(names.flatMap(artefact).map((item) => [key(item), item])).values()];
}

export const governorAbi = inherited(
  "GovernorCountingFractional",
  "GovernorPreventLateQuorum",
  "GovernorProposalGuardian",
  "GovernorSettings",
  "GovernorStorage",
  "GovernorTimelockControl",
  "GovernorVotesSuperQuorumFraction",
);
export const timelockAbi = artefact("TimelockController");
export const tokenAbi = inherited("ERC20Votes", "ERC20Permit");
/** The interface that a client knows which has never heard of any extension. */
export const plainGovernorAbi = artefact("IGovernor");
