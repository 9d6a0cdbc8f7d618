//! Memory pages and their price (Nitro: arbos/programs/memory.go).

use crate::evm::{ProgramTerms, Session};

/// Most pages that can be paid for.
const MAX_PAGES: u16 = 128;

/// Gas that a program pays for `new` more pages, before they are taken. Nobody can pay for those beyond the limit.
pub(crate) fn price(session: &Session, terms: &ProgramTerms, new: u16) -> u64 {
    if terms.page_limit.is_some_and(|limit| session.pages_open.saturating_add(new) > limit) {
        return u64::MAX;
    }
    gas(terms, new, session.pages_open, session.pages_ever)
}

/// Takes pages, paid for or not.
pub(crate) fn take(session: &mut Session, new: u16) {
    session.pages_open = session.pages_open.saturating_add(new);
    session.pages_ever = session.pages_ever.max(session.pages_open);
}

/// Gas for `new` more pages, where `open` are held now and `ever` were at most; some are free, then each costs the same
/// and each new peak costs exponentially more.
fn gas(terms: &ProgramTerms, new: u16, open: u16, ever: u16) -> u64 {
    let now = open.saturating_add(new);
    let peak = ever.max(now);
    if peak <= terms.free_pages {
        return 0;
    }
    let paid = |pages: u16| u64::from(pages.saturating_sub(terms.free_pages));
    let linear = (paid(now) - paid(open)) * u64::from(terms.page_gas);
    linear.saturating_add(ramp(peak) - ramp(ever))
}

/// Price of a peak: 31,874,000 ^ (pages / 128), rounded down; beyond 128 pages nobody can pay.
fn ramp(pages: u16) -> u64 {
    if pages > MAX_PAGES {
        return u64::MAX;
    }
    let base = (31_874_000_f64.ln() / 128.0).exp();
    base.powi(pages.into()) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(free_pages: u16, page_gas: u16) -> ProgramTerms {
        ProgramTerms {
            version: 2,
            ink_price: 10_000,
            max_stack_depth: 0,
            free_pages,
            page_gas,
            page_limit: None,
            footprint: 0,
            init_gas: 0,
            cached_gas: 0,
            cached: false,
            remembered: None,
            max_wasm_size: 0,
        }
    }

    #[test]
    fn the_ramp_is_nitros() {
        let known = [(0, 1), (5, 1), (6, 2), (18, 11), (35, 112), (64, 5_645), (100, 727_880), (128, 31_873_999)];
        for (pages, price) in known {
            assert_eq!(ramp(pages), price, "{pages} pages");
        }
        assert_eq!(ramp(129), u64::MAX);
    }

    #[test]
    fn all_pages_cost_the_same_however_they_are_taken() {
        let terms = terms(2, 1_000);
        for step in 1..=128 {
            let (mut pages, mut total) = (0, 0);
            while pages < 128 {
                let new = step.min(128 - pages);
                total += gas(&terms, new, pages, pages);
                pages += new;
            }
            assert_eq!(total, 31_999_998);
        }
        assert_eq!(gas(&terms, 129, 0, 0), u64::MAX);
    }

    #[test]
    fn free_pages_cost_nothing() {
        let terms = terms(128, 1_000);
        assert_eq!(gas(&terms, 128, 0, 0), 0);
        assert_eq!(gas(&terms, 128, 0, 128), 0);
    }
}
