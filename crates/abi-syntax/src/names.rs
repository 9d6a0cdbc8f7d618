//! Solidity's names in Rust's habit.

/// `proposalId` to `proposal_id`, `CLOCK_MODE` to `clock_mode`, `DOMAIN_SEPARATOR` to `domain_separator`,
/// `eip712Domain` to `eip712_domain`, `onERC721Received` to `on_erc721_received`.
pub fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.trim_start_matches('_').chars().collect();
    let mut out = String::new();
    for (i, &c) in letters.iter().enumerate() {
        let before = i.checked_sub(1).map(|j| letters[j]);
        let after = letters.get(i + 1);
        // A word begins at a capital after a small letter or digit, and at the last capital of a run of them.
        let begins = c.is_ascii_uppercase()
            && before.is_some_and(|b| {
                b.is_ascii_lowercase()
                    || b.is_ascii_digit() && after.is_some_and(|a| a.is_ascii_lowercase())
                    || b.is_ascii_uppercase() && after.is_some_and(|a| a.is_ascii_lowercase())
            });
        if begins {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn solidity_names_in_snake_case() {
        for (name, snake) in [
            ("proposalId", "proposal_id"),
            ("CLOCK_MODE", "clock_mode"),
            ("DOMAIN_SEPARATOR", "domain_separator"),
            ("EXTENDED_BALLOT_TYPEHASH", "extended_ballot_typehash"),
            ("eip712Domain", "eip712_domain"),
            ("onERC721Received", "on_erc721_received"),
            ("onERC1155BatchReceived", "on_erc1155_batch_received"),
            ("castVoteWithReasonAndParamsBySig", "cast_vote_with_reason_and_params_by_sig"),
            ("getURI", "get_uri"),
            ("value", "value"),
            ("_value", "value"),
            ("r", "r"),
        ] {
            assert_eq!(snake_case(name), snake);
        }
    }
}
