//! Points of BLS12-381 (EIP-2537).

use super::{
    check::{Check, LENGTH, OUT_OF_GAS, Text, require, wrong},
    field,
};
use revm::precompile::{
    PrecompileHalt,
    bls12_381::{G1Point, G2Point},
    bls12_381_const::{
        DISCOUNT_TABLE_G1_MSM, DISCOUNT_TABLE_G2_MSM, G1_MSM_BASE_GAS_FEE, G2_MSM_BASE_GAS_FEE,
        PAIRING_MULTIPLIER_BASE, PAIRING_OFFSET_BASE,
    },
    bls12_381_utils::msm_required_gas,
    crypto,
};
use std::iter;

/// Bytes of a coordinate with the zeros before it.
const PADDED: usize = 64;
const G1: usize = 2 * PADDED;
const G2: usize = 4 * PADDED;
const SCALAR: usize = 32;

const NOT_ON_CURVE: &str = "invalid point: not on curve";

pub(super) fn add_g1(input: &[u8]) -> Check {
    require(input.len() == 2 * G1, LENGTH)?;
    input.chunks(G1).try_for_each(|point| g1(point).map(drop))
}

pub(super) fn add_g2(input: &[u8]) -> Check {
    require(input.len() == 2 * G2, LENGTH)?;
    input.chunks(G2).try_for_each(|point| g2(point).map(drop))
}

/// Several points, each with a number. The gas is looked at before the length, and grows with each whole pair.
pub(super) fn multiply_g1(input: &[u8], gas: u64) -> Check {
    let pair = G1 + SCALAR;
    let price = msm_required_gas(input.len() / pair, &DISCOUNT_TABLE_G1_MSM, G1_MSM_BASE_GAS_FEE);
    pairs(input, pair, gas >= price)?;
    input.chunks(pair).try_for_each(|pair| in_group_1(g1(&pair[..G1])?))
}

pub(super) fn multiply_g2(input: &[u8], gas: u64) -> Check {
    let pair = G2 + SCALAR;
    let price = msm_required_gas(input.len() / pair, &DISCOUNT_TABLE_G2_MSM, G2_MSM_BASE_GAS_FEE);
    pairs(input, pair, gas >= price)?;
    input.chunks(pair).try_for_each(|pair| in_group_2(g2(&pair[..G2])?))
}

pub(super) fn pairing(input: &[u8], gas: u64) -> Check {
    let pair = G1 + G2;
    let price = PAIRING_OFFSET_BASE + PAIRING_MULTIPLIER_BASE * (input.len() / pair) as u64;
    pairs(input, pair, gas >= price)?;
    input.chunks(pair).try_for_each(|pair| {
        let (first, second) = (g1(&pair[..G1])?, g2(&pair[G1..])?);
        in_group_1(first)?;
        in_group_2(second)
    })
}

pub(super) fn map_to_g1(input: &[u8]) -> Check {
    require(input.len() == PADDED, LENGTH)?;
    coordinate(input).map(drop)
}

pub(super) fn map_to_g2(input: &[u8]) -> Check {
    require(input.len() == 2 * PADDED, LENGTH)?;
    input.chunks(PADDED).try_for_each(|element| coordinate(element).map(drop))
}

fn pairs(input: &[u8], size: usize, is_paid: bool) -> Check {
    require(is_paid, OUT_OF_GAS)?;
    require(!input.is_empty() && input.len().is_multiple_of(size), LENGTH)
}

/// A coordinate without the zeros before it.
fn coordinate(input: &[u8]) -> Result<[u8; field::SIZE], Text> {
    let (zeros, element) = input.split_at(PADDED - field::SIZE);
    require(zeros.iter().all(|byte| *byte == 0), "invalid field element top bytes")?;
    let element = element.try_into().expect("as long as an element");
    field::check(&element)?;
    Ok(element)
}

/// A point that is on the curve: whether it is in the group, too.
fn g1(input: &[u8]) -> Result<bool, Text> {
    is_g1_in_group((coordinate(&input[..PADDED])?, coordinate(&input[PADDED..])?))
}

/// Whether a point of the curve is in the group.
pub(super) fn is_g1_in_group(point: G1Point) -> Result<bool, Text> {
    // Times zero: the point is looked at, and nothing is computed.
    match crypto().bls12_381_g1_msm(&mut iter::once(Ok((point, [0; SCALAR])))) {
        Err(PrecompileHalt::Bls12381G1NotOnCurve) => wrong(NOT_ON_CURVE),
        Err(PrecompileHalt::Bls12381G1NotInSubgroup) => Ok(false),
        _ => Ok(true),
    }
}

/// As [`g1`], of the other group.
fn g2(input: &[u8]) -> Result<bool, Text> {
    let at = |index: usize| coordinate(&input[index * PADDED..(index + 1) * PADDED]);
    let point: G2Point = (at(0)?, at(1)?, at(2)?, at(3)?);
    match crypto().bls12_381_g2_msm(&mut iter::once(Ok((point, [0; SCALAR])))) {
        Err(PrecompileHalt::Bls12381G2NotOnCurve) => wrong(NOT_ON_CURVE),
        Err(PrecompileHalt::Bls12381G2NotInSubgroup) => Ok(false),
        _ => Ok(true),
    }
}

fn in_group_1(is_in_group: bool) -> Check {
    require(is_in_group, "g1 point is not on correct subgroup")
}

fn in_group_2(is_in_group: bool) -> Check {
    require(is_in_group, "g2 point is not on correct subgroup")
}
