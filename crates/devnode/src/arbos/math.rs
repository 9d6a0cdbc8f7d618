//! ArbOS' arithmetic in basis points (Nitro `util/arbmath`).

/// One, in basis points.
const ONE: u64 = 10_000;

/// `of` in basis points of `whole`, rounded down; both are cut to what a signed number holds, as Nitro does.
pub(crate) fn bips_of(of: u64, whole: u64) -> u64 {
    let most = i64::MAX as u64;
    of.min(most).saturating_mul(ONE).min(most) / whole.clamp(1, most)
}

/// e^x in basis points, by the first `terms` terms of its series (Horner's rule), each product cut to 64 bits.
pub(crate) fn approx_exp_bips(x: u64, terms: u64) -> u64 {
    let innermost = ONE + x / terms;
    let sum = (1..terms).rev().fold(innermost, |sum, i| ONE + sum.saturating_mul(x) / (i * ONE));
    sum.min(i64::MAX as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_are_near_the_true_ones() {
        assert_eq!(approx_exp_bips(0, 4), 10_000);
        for (x, terms) in [(1_000, 4), (10_000, 12), (25_000, 12)] {
            let exact = (x as f64 / 1e4).exp() * 1e4;
            let near = approx_exp_bips(x, terms) as f64;
            assert!((near - exact).abs() < exact / 1_000.0 + 3.0, "e^{x}: {near} against {exact}");
        }
    }

    #[test]
    fn huge_values_are_cut_and_do_not_overflow() {
        assert_eq!(bips_of(u64::MAX, 0), i64::MAX as u64);
        assert!(approx_exp_bips(i64::MAX as u64, 12) >= 10_000);
    }
}
