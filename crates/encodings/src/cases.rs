//! Random values, their encodings, and ways to damage those.

use alloy_primitives::{I256, U256};
use consilium_abi_syntax::{Type, TypeKind};
use proptest::prelude::*;

use crate::{Value, encode, lists::LISTS, types};

/// A value of the type, canonical and of a size that keeps the test quick.
fn value(ty: &Type) -> BoxedStrategy<Value> {
    match &ty.kind {
        TypeKind::Bytes | TypeKind::String => prop::collection::vec(any::<u8>(), 0..70).prop_map(Value::Bytes).boxed(),
        TypeKind::Array(of) => prop::collection::vec(value(of), 0..4).prop_map(Value::Many).boxed(),
        TypeKind::FixedArray(of, k) => prop::collection::vec(value(of), usize::from(*k)).prop_map(Value::Many).boxed(),
        TypeKind::Struct(_, fields) => values(fields).prop_map(Value::Many).boxed(),
        _ => {
            let ty = ty.clone();
            any::<[u8; 32]>().prop_map(move |word| Value::Word(clean(&ty, word))).boxed()
        }
    }
}

/// A value of each type.
pub fn values(types: &[Type]) -> BoxedStrategy<Vec<Value>> {
    types.iter().map(value).collect::<Vec<_>>().boxed()
}

/// The word with what its type does not use made right.
fn clean(ty: &Type, mut word: [u8; 32]) -> [u8; 32] {
    match ty.kind {
        TypeKind::Uint(bits) => word[..32 - usize::from(bits) / 8].fill(0),
        TypeKind::Int(bits) => {
            let first = 32 - usize::from(bits) / 8;
            let sign = if word[first] < 128 { 0 } else { 255 };
            word[..first].fill(sign);
        }
        TypeKind::Address => word[..12].fill(0),
        TypeKind::FixedBytes(n) => word[n.into()..].fill(0),
        TypeKind::Bool => {
            word[..31].fill(0);
            word[31] &= 1;
        }
        _ => {}
    }
    word
}

/// One way to damage an encoding.
#[derive(Clone, Debug)]
pub enum Damage {
    /// A byte anywhere.
    Byte(prop::sample::Index, u8),
    /// A word becomes a small number: another offset, length or value.
    Word(prop::sample::Index, u16),
    /// A word becomes a number near a power of two where sums overflow.
    Huge(prop::sample::Index, u8, i8),
    /// The end is cut off.
    Cut(prop::sample::Index),
    /// Something is behind the end.
    Longer(Vec<u8>),
}

/// Any damage.
pub fn damage() -> impl Strategy<Value = Damage> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        (index(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        (index(), 0u16..600).prop_map(|(at, number)| Damage::Word(at, number)),
        (index(), prop::sample::select(vec![31, 32, 63, 64, 127, 255]), -64i8..64)
            .prop_map(|(at, power, by)| Damage::Huge(at, power, by)),
        index().prop_map(Damage::Cut),
        prop::collection::vec(any::<u8>(), 1..40).prop_map(Damage::Longer),
    ]
}

/// Does the damage to an encoding.
pub fn apply(damage: &Damage, data: &mut Vec<u8>) {
    let words = data.len() / 32;
    let set = |at: &prop::sample::Index, word: [u8; 32], data: &mut Vec<u8>| {
        if words > 0 {
            let at = 32 * at.index(words);
            data[at..at + 32].copy_from_slice(&word);
        }
    };
    match damage {
        Damage::Byte(at, byte) if !data.is_empty() => {
            let at = at.index(data.len());
            data[at] = *byte;
        }
        Damage::Byte(..) => {}
        Damage::Word(at, number) => {
            let mut word = [0; 32];
            word[30..].copy_from_slice(&number.to_be_bytes());
            set(at, word, data);
        }
        Damage::Huge(at, power, by) => {
            let number =
                (U256::from(1) << usize::from(*power)).wrapping_add(I256::try_from(i64::from(*by)).unwrap().into_raw());
            set(at, number.to_be_bytes(), data);
        }
        Damage::Cut(at) => data.truncate(at.index(data.len() + 1)),
        Damage::Longer(bytes) => data.extend(bytes),
    }
}

/// Values of a list of types, and what happens to their encoding.
#[derive(Clone, Debug)]
pub struct Case {
    /// The list of types.
    pub list: &'static str,
    /// A value of each.
    pub values: Vec<Value>,
    damages: Vec<Damage>,
}

impl Case {
    /// The values' canonical encoding.
    pub fn valid(&self) -> Vec<u8> {
        encode(&types(self.list), &self.values)
    }

    /// That encoding after the damage.
    pub fn damaged(&self) -> Vec<u8> {
        let mut data = self.valid();
        self.damages.iter().for_each(|damage| apply(damage, &mut data));
        data
    }
}

/// Any list of types with values and damage.
pub fn case() -> impl Strategy<Value = Case> {
    prop::sample::select(LISTS.to_vec()).prop_flat_map(case_of)
}

/// Values of one list of types, with damage.
pub fn case_of(list: &'static str) -> impl Strategy<Value = Case> {
    let damages = prop::collection::vec(damage(), 1..4);
    (values(&types(list)), damages).prop_map(move |(values, damages)| Case { list, values, damages })
}
