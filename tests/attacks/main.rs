//! Attacks on a whole DAO, deployed as any other. Each file replays one attack or one family, says what
//! happened to others, and ends with the treasury as it was or as the members decided, and why.
//!
//! | file | what it replays |
//! |---|---|
//! | [`flash_loan`] | Beanstalk, April 2022: votes borrowed for one transaction |
//! | [`borrowed_votes`] | votes borrowed for as long as the snapshot takes |
//! | [`hidden_call`] | Tornado Cash, May 2023: other code than was voted on, at the same address |
//! | [`low_turnout`] | Build Finance, February 2022; Compound 289, July 2024: deciding while nobody looks |
//! | [`front_run`] | a proposal submitted, and canceled, by somebody who saw it coming |
//! | [`same_content`] | the same calls proposed twice; an operation's id taken by somebody else |
//! | [`replayed_ballots`] | a signature brought to another DAO, another chain, or again |
//! | [`reentrance`] | the DAO of 2016: called back while paying, by a grantee, a token with hooks, a wallet |
//! | [`nested_execution`] | an execution inside of another: what the inner one leaves allowed |
//! | [`lying_timelock`] | a timelock that names another operation as the proposal's own |
//! | [`nosy_timelock`] | read-only re-entrance: a timelock that looks back while it is called |
//! | [`timelock_bypass`] | OpenZeppelin's CVE-2021-39168: executing what was never scheduled; predecessor and salt tricks |
//! | [`old_timelock`] | what OpenZeppelin's Governor warns of: operations that outlive a move to another timelock |
//! | [`stolen_guardian`] | a guardian's key in other hands: what it can block, and that it can take nothing |
//! | [`quorum_history`] | a list that is full |
//! | [`deployer`] | a deployer who kept the keys |
//! | [`deployer_window`] | a deployer who uses a role while deploying, and gives it back |
//! | [`huge_proposal`] | gas griefing by a proposal as big as a block takes |
//! | [`stray_ether`] | ether sent along with a call that takes none |
//! | [`starved`] | calls that cannot fail on the EVM, and fail here: a program's entry starved of gas by a caller with many open pages |
//! | [`guarded_token`] | a token that refuses to be entered again, asked for the time from within its own call |
//! | [`dead_programs`] | programs that expired, or are of an old Stylus version, while others were renewed |
//! | [`checkpoint_overflow`] | votes up to, and beyond, what can be counted |

mod borrowed_votes;
mod checkpoint_overflow;
mod contracts;
mod dead_programs;
mod deployer;
mod deployer_window;
mod every_state;
mod flash_loan;
mod front_run;
mod guarded_token;
mod hidden_call;
mod hoarder;
mod huge_proposal;
mod low_turnout;
mod lying_timelock;
mod nested_execution;
mod nosy_timelock;
mod old_timelock;
mod quorum_history;
mod reentrance;
mod replayed_ballots;
mod same_content;
mod starved;
mod stolen_guardian;
mod stray_ether;
mod timelock_bypass;
