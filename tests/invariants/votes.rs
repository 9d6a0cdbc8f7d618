//! Tokens and votes: OpenZeppelin's rules of ERC20 (`fv/specs/ERC20.spec`) as far as a token without minting has them, and
//! what ERC-5805 promises.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use consilium_bindings::{Governor, Timelock, VotingToken};

use crate::trace::steps;

#[test]
fn supply_is_the_sum_of_balances() {
    for step in steps() {
        let sum: U256 = step.after.accounts.values().map(|holder| holder.balance).sum();
        assert_eq!(sum, step.after.supply, "{:?}", step.action);
        assert_eq!(step.before.supply, step.after.supply, "{:?}", step.action);
    }
}

#[test]
fn balances_fall_by_holder_or_allowance_alone() {
    let (mut own, mut allowed, mut paid) = (0, 0, 0);
    for step in steps() {
        for (account, after) in &step.after.accounts {
            let before = &step.before.accounts[account];
            let Some(lost) = before.balance.checked_sub(after.balance).filter(|lost| !lost.is_zero()) else { continue };
            if *account == step.cast.dao.timelock {
                let executed = step.events::<Timelock::CallExecuted>(*account);
                assert!(executed.iter().any(|call| call.target == step.cast.dao.token), "{:?}", step.action);
                paid += 1;
            } else if step.calls::<VotingToken::transferCall>(step.cast.dao.token) {
                assert_eq!(*account, step.by, "{:?}", step.action);
                own += 1;
            } else {
                assert!(step.calls::<VotingToken::transferFromCall>(step.cast.dao.token), "{:?}", step.action);
                let (had, has) = (before.allowances[&step.by], after.allowances[&step.by]);
                assert!(had >= lost && (had == U256::MAX || has == had - lost), "{:?}", step.action);
                allowed += 1;
            }
        }
    }
    assert!(own > 0 && allowed > 0 && paid > 0, "{own} own, {allowed} allowed, {paid} paid");
}

#[test]
fn allowances_change_by_the_owner_or_by_use_alone() {
    let (mut approved, mut permitted, mut used) = (0, 0, 0);
    for step in steps() {
        let token = step.cast.dao.token;
        for (owner, after) in &step.after.accounts {
            for (spender, has) in &after.allowances {
                let had = step.before.accounts[owner].allowances[spender];
                if had == *has {
                    continue;
                }
                if step.calls::<VotingToken::approveCall>(token) {
                    let call = VotingToken::approveCall::abi_decode(&step.input).expect("the walk's own call");
                    assert_eq!((*owner, *spender, *has), (step.by, call.spender, call.value), "{:?}", step.action);
                    approved += 1;
                } else if step.calls::<VotingToken::permitCall>(token) {
                    let call = VotingToken::permitCall::abi_decode(&step.input).expect("the walk's own call");
                    assert_eq!((*owner, *spender, *has), (call.owner, call.spender, call.value), "{:?}", step.action);
                    assert_eq!(step.signer, Some(*owner), "{:?}", step.action);
                    permitted += 1;
                } else {
                    assert!(step.calls::<VotingToken::transferFromCall>(token), "{:?}", step.action);
                    assert!(*spender == step.by && *has < had, "{:?}", step.action);
                    used += 1;
                }
            }
        }
    }
    assert!(approved > 0 && permitted > 0 && used > 0, "{approved} approved, {permitted} permitted, {used} used");
}

#[test]
fn delegation_changes_by_the_holder_alone() {
    let (mut own, mut signed) = (0, 0);
    for step in steps() {
        for (account, after) in &step.after.accounts {
            if step.before.accounts[account].delegatee == after.delegatee {
                continue;
            }
            if *account == step.cast.dao.governor {
                // It has no key and acts by relays alone, which is a rule of its own.
                assert!(step.calls::<Governor::execute_1Call>(*account), "{:?}", step.action);
            } else if step.calls::<VotingToken::delegateCall>(step.cast.dao.token) {
                assert_eq!(*account, step.by, "{:?}", step.action);
                own += 1;
            } else {
                assert!(step.calls::<VotingToken::delegateBySigCall>(step.cast.dao.token), "{:?}", step.action);
                assert_eq!(Some(*account), step.signer, "{:?}", step.action);
                signed += 1;
            }
        }
    }
    assert!(own > 0 && signed > 0, "{own} own, {signed} signed");
}

#[test]
fn votes_are_the_balances_delegated() {
    for step in steps() {
        for (account, holder) in &step.after.accounts {
            let delegated = step.after.accounts.values().filter(|from| from.delegatee == *account);
            assert_eq!(holder.votes, delegated.map(|from| from.balance).sum::<U256>(), "{:?}", step.action);
        }
    }
}

#[test]
fn votes_never_exceed_the_supply() {
    let mut pasts = 0;
    for step in steps() {
        let sum: U256 = step.after.accounts.values().map(|holder| holder.votes).sum();
        assert!(sum <= step.after.supply, "{:?}", step.action);
        for past in step.after.past.values() {
            assert!(past.votes.values().sum::<U256>() <= past.supply, "{:?}", step.action);
            pasts += 1;
        }
    }
    assert!(pasts > 0);
}

#[test]
fn the_past_never_changes() {
    let mut moved = 0;
    for step in steps() {
        for (timepoint, before) in &step.before.past {
            if let Some(after) = step.after.past.get(timepoint) {
                assert_eq!(before, after, "at {timepoint}: {:?}", step.action);
                let votes = |account: &Address| step.after.accounts[account].votes;
                moved += usize::from(after.votes.iter().any(|(account, then)| votes(account) != *then));
            }
        }
    }
    // The present went on meanwhile.
    assert!(moved > 0);
}
