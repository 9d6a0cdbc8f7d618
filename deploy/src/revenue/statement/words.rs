//! A statement for people and for programs.

use std::fmt;

use alloy::primitives::U256;
use serde_json::{Value, json};

use super::{OfTable, OfToken, Source, Statement};
use crate::revenue::{amount, token_in_words};

/// How many tokens a line names that were left out.
const TOLD: usize = 10;

impl Statement {
    /// For programs. Amounts are texts: programs lose the digits of large numbers.
    pub fn json(&self) -> Value {
        let contradicts = self.contradicts.iter().map(|(token, why)| json!({ "token": token, "why": why }));
        json!({
            "account": self.account,
            "splitter": self.splitter,
            "block": self.block,
            "tokens": self.tokens.iter().map(OfToken::json).collect::<Vec<_>>(),
            "unreadable": self.unreadable,
            "contradicts": contradicts.collect::<Vec<_>>(),
            "leftOut": self.left_out,
        })
    }
}

fn digits(amount: U256) -> String {
    amount.to_string()
}

impl OfToken {
    fn json(&self) -> Value {
        let claims = self.claims.iter().map(|claim| {
            json!({
                "epoch": claim.epoch, "index": digits(claim.index), "amount": digits(claim.amount), "to": claim.to,
                "lost": digits(claim.lost),
            })
        });
        let recovered: Vec<_> =
            self.recovered.iter().map(|(epoch, amount)| json!({ "epoch": epoch, "amount": digits(*amount) })).collect();
        json!({
            "token": self.token,
            "earned": digits(self.earned()),
            "released": digits(self.released),
            "lost": digits(self.lost),
            "due": digits(self.due),
            "short": digits(self.short),
            "tables": self.tables.iter().map(OfTable::json).collect::<Vec<_>>(),
            "claims": claims.collect::<Vec<_>>(),
            "recovered": recovered,
        })
    }
}

impl OfTable {
    fn json(&self) -> Value {
        let sources = self.sources.iter().map(|(source, earned)| match source {
            Source::Told { licence, request, class, words } => json!({
                "licence": licence, "request": request, "class": class, "words": words, "earned": digits(*earned),
            }),
            Source::Untold => json!({ "earned": digits(*earned) }),
        });
        json!({
            "table": self.version,
            "basisPoints": self.share,
            "received": digits(self.received),
            "earned": digits(self.earned),
            "sources": sources.collect::<Vec<_>>(),
        })
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in the splitter {}, at block {}", self.account, self.splitter, self.block)?;
        self.tokens.iter().try_for_each(|token| write!(f, "\n{token}"))?;
        self.unreadable.iter().try_for_each(|token| {
            let token = token_in_words(*token);
            write!(f, "\n{token}: it does not answer the splitter, or not in the node's time, so nothing is said of it")
        })?;
        self.contradicts.iter().try_for_each(|(token, why)| {
            let token = token_in_words(*token);
            write!(f, "\n{token}: its numbers contradict each other, so nothing is said of it: {why}")
        })?;
        let Some((first, more)) = self.left_out.split_first() else { return Ok(()) };
        let (count, rest) = (self.left_out.len(), more.len().min(TOLD - 1));
        write!(f, "\n{count} more tokens came later and are left out. Name those that matter by --token: {first}")?;
        more[..rest].iter().try_for_each(|token| write!(f, ", {token}"))?;
        if rest < more.len() { write!(f, ", …; --json lists all") } else { Ok(()) }
    }
}

impl fmt::Display for OfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let say = |number: U256| amount(number, self.token);
        write!(f, "{}:", token_in_words(self.token))?;
        for OfTable { version, share, received, earned, sources } in &self.tables {
            write!(f, "\n  table {version}: {share} of 10000 of {received} are {}", say(*earned))?;
            for (source, earned) in sources {
                write!(f, "\n    {} for {source}", say(*earned))?;
            }
        }
        let (earned, paid, due) = (self.earned(), self.released, self.due);
        let lost = if self.lost.is_zero() { String::new() } else { format!(", {} were given up", self.lost) };
        write!(f, "\n  earned {}, of which {paid} were paid{lost} and {due} are due", say(earned))?;
        if !self.short.is_zero() {
            let short = self.short;
            write!(f, "\n  {short} are owed and not due now: the splitter holds less of the token than it owes")?;
        }
        for claim in &self.claims {
            let (epoch, to) = (claim.epoch, claim.to);
            write!(f, "\n  claimed {} in epoch {epoch} (index {}), to {to}", say(claim.amount), claim.index)?;
            if !claim.lost.is_zero() {
                write!(f, ", and gave up {}", claim.lost)?;
            }
        }
        for (epoch, amount) in &self.recovered {
            write!(f, "\n  got {} that nobody claimed in epoch {epoch}", say(*amount))?;
        }
        Ok(())
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Told { licence, request, words, .. } = self else { return write!(f, "what came without a source") };
        write!(f, "{words}")?;
        if !licence.is_zero() {
            write!(f, ", licence {licence}")?;
        }
        if !request.is_zero() {
            write!(f, ", request {request}")?;
        }
        Ok(())
    }
}
