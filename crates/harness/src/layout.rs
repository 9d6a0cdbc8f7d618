//! Reading a deployed contract's storage by its golden layout (`abi/layout`).

use alloy::primitives::{Address, B256, U256, keccak256};
use eyre::{OptionExt, Result};

use crate::{chain::Chain, root};

/// A contract's layout, and where it is deployed.
pub struct Layout<'a> {
    chain: &'a Chain,
    at: Address,
    text: String,
}

/// Where a field is.
struct Place {
    slot: U256,
    bit: usize,
    bits: usize,
}

impl<'a> Layout<'a> {
    /// The layout of `contracts/NAME`, of which `at` is one.
    ///
    /// # Errors
    /// Where there is no golden file.
    pub fn of(name: &str, chain: &'a Chain, at: Address) -> Result<Self> {
        let text = std::fs::read_to_string(root().join(format!("abi/layout/{name}.txt")))?;
        Ok(Self { chain, at, text })
    }

    /// The value of a field of the contract itself.
    ///
    /// # Errors
    /// Where the layout has no such field, or the node does not answer.
    pub async fn field(&self, name: &str) -> Result<U256> {
        self.read(self.root()?, &self.place("", name)?).await
    }

    /// Where the contract's storage begins: slot zero, or the root of its namespace.
    fn root(&self) -> Result<U256> {
        let root = self.text.lines().find_map(|line| line.strip_prefix("root "));
        Ok(root.map_or(Ok(U256::ZERO), |root| root.trim().parse())?)
    }

    /// The value of a field of a struct that is stored from `slot` on.
    ///
    /// # Errors
    /// As [`Self::field`].
    pub async fn member(&self, slot: U256, of: &str, name: &str) -> Result<U256> {
        self.read(slot, &self.place(of, name)?).await
    }

    /// The slot of a map's value: keccak256(keys . slot), for a map that begins at field `name` of the contract.
    ///
    /// # Errors
    /// Where the layout has no such field.
    pub fn value(&self, name: &str, keys: &[B256]) -> Result<U256> {
        Ok(hashed(keys, self.root()? + self.place("", name)?.slot))
    }

    /// The same for a map in a struct that is stored from `slot` on.
    ///
    /// # Errors
    /// Where the layout has no such field.
    pub fn value_in(&self, slot: U256, of: &str, name: &str, key: B256) -> Result<U256> {
        Ok(hashed(&[key], slot + self.place(of, name)?.slot))
    }

    /// The slot of a value in a map that is stored at `slot`, as a map in a map is.
    pub fn nested(slot: U256, key: B256) -> U256 {
        hashed(&[key], slot)
    }

    /// A whole slot.
    ///
    /// # Errors
    /// Where the node does not answer.
    pub async fn slot(&self, slot: U256) -> Result<U256> {
        Ok(U256::from_be_bytes(self.chain.storage(self.at, slot).await?.0))
    }

    async fn read(&self, from: U256, place: &Place) -> Result<U256> {
        let word = self.slot(from + place.slot).await?;
        Ok(word >> place.bit & (U256::MAX >> (256 - place.bits)))
    }

    /// A line of the layout: slot, byte, perhaps bits, type, name.
    fn place(&self, section: &str, name: &str) -> Result<Place> {
        let mut current = "";
        for line in self.text.lines() {
            if let Some(of) = line.strip_prefix("struct ") {
                current = of;
            }
            let words: Vec<_> = line.split_whitespace().collect();
            if current != section || words.last() != Some(&name) || line.starts_with('#') {
                continue;
            }
            let [slot, byte] = [words[0], words[1]].map(str::parse::<usize>);
            let (first, last) = match words.iter().position(|word| *word == "bits") {
                Some(at) => words[at + 1].split_once('-').ok_or_eyre("bits are a range")?,
                None => ("0", ""),
            };
            let bits = match last {
                "" => width(words[2]),
                last => last.parse::<usize>()? + 1 - first.parse::<usize>()?,
            };
            return Ok(Place { slot: U256::from(slot?), bit: 8 * byte? + first.parse::<usize>()?, bits });
        }
        eyre::bail!("the layout has no field `{name}` in `{section}`")
    }
}

/// The bits of a type.
fn width(ty: &str) -> usize {
    match ty {
        "address" => 160,
        "bool" => 8,
        _ => match ty.strip_prefix("uint") {
            Some(bits) => bits.parse().unwrap_or(256),
            None => 256,
        },
    }
}

fn hashed(keys: &[B256], slot: U256) -> U256 {
    let words = keys.iter().copied().chain([slot.into()]);
    keccak256(words.flat_map(|word| word.0).collect::<Vec<_>>()).into()
}
