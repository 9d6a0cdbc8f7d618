//! A constructor's calldata before the addresses of the contracts are known.

use alloy::primitives::{Address, Bytes, U256};
use eyre::{Result, bail, ensure};

use crate::artifacts::Program;
use crate::beforehand;
use crate::config::Config;
use crate::dao::Dao;
use crate::founder::Founder;
use crate::part::Part;
use crate::proxy;

/// Length of the selector, which stands before the arguments.
const SELECTOR: usize = 4;

/// Stands for a contract while it is looked where its address belongs. Nobody has such an address.
fn mark(number: usize) -> Address {
    let mut mark = *b"Consilium the place ";
    // There are fewer than 128 parts.
    mark[mark.len() - 1] = number as u8;
    Address::from(mark)
}

/// What the Founder's plan has for a part: creation code, calldata with zeros for the contracts' addresses, and where these
/// belong. Of an upgradeable part it is the proxy, whose program stands before the founding at an address that no plan
/// changes.
pub(super) fn of(part: &dyn Part, program: &Program, config: &Config) -> Result<Founder::Part> {
    let marks: Vec<Address> = (0..config.founded().count()).map(mark).collect();
    let nowhere = vec![Address::ZERO; config.parts().count()];
    let blank = part.constructor(&Dao::new(config, &nowhere))?;
    // A singleton has no number: a constructor that names it names no contract of the plan.
    let mut numbers = marks.iter().copied();
    let place = |part: &dyn Part| if part.is_singleton() { None } else { numbers.next() };
    let marked: Vec<Address> = config.parts().map(place).map(Option::unwrap_or_default).collect();
    let found = references(&blank, &part.constructor(&Dao::new(config, &marked))?, &marks)
        .map_err(|error| error.wrap_err(format!("the plan of the {} cannot be made", part.name())))?;
    let init_code = if part.is_upgradeable() {
        proxy::proxy_init_code(beforehand::address(config.chain.create2_factory, program))
    } else {
        program.init_code()
    };
    Ok(Founder::Part {
        initCode: init_code,
        isProgram: !part.is_upgradeable(),
        constructorCall: blank,
        references: found.into_iter().map(|(offset, part)| reference(offset, part)).collect(),
    })
}

/// A reference, as the Founder reads it: the offset of the word, times 256, plus the number of the contract.
fn reference(offset: usize, contract: usize) -> U256 {
    U256::from(offset << 8 | contract)
}

/// Where the marks stand: the offset of the word, and the number of the part.
fn references(blank: &Bytes, marked: &Bytes, marks: &[Address]) -> Result<Vec<(usize, usize)>> {
    ensure!(
        blank.len() == marked.len() && blank.len() >= SELECTOR && blank[..SELECTOR] == marked[..SELECTOR],
        "the shape of its constructor's calldata depends on an address"
    );
    let mut references = Vec::new();
    // ABI encoding is made of words, after the selector.
    let words = |data: &Bytes| data[SELECTOR..].chunks(32).map(<[u8]>::to_vec).collect::<Vec<_>>();
    for (index, (before, after)) in words(blank).iter().zip(words(marked)).enumerate() {
        if *before == after {
            continue;
        }
        let number = marks.iter().position(|mark| mark.into_word() == after[..]);
        let Some(number) = number.filter(|_| before.iter().all(|byte| *byte == 0)) else {
            bail!("word {index} of its constructor's arguments is made from an address: hand the address itself over");
        };
        references.push((SELECTOR + 32 * index, number));
    }
    Ok(references)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_from_an_address_is_refused() {
        let marks = [mark(0), mark(1)];
        let data = |words: &[&[u8]]| Bytes::from([&[1, 2, 3, 4], words.concat().as_slice()].concat());
        let (zero, one) = ([0; 32], [1; 32]);
        let [first, second] = marks.map(|mark| mark.into_word());
        let found =
            references(&data(&[&one, &zero, &zero]), &data(&[&one, second.as_slice(), first.as_slice()]), &marks);
        assert_eq!(found.expect("addresses"), [(36, 1), (68, 0)]);
        let refused =
            |blank: &Bytes, marked: &Bytes| references(blank, marked, &marks).expect_err("refused").to_string();
        let shape = "the shape of its constructor's calldata depends on an address";
        assert_eq!(refused(&data(&[&zero]), &data(&[&zero, &zero])), shape);
        assert_eq!(refused(&data(&[]), &Bytes::from(vec![9, 2, 3, 4])), shape);
        assert_eq!(refused(&Bytes::from(vec![1]), &Bytes::from(vec![1])), shape);
        let made = "word 0 of its constructor's arguments is made from an address: hand the address itself over";
        assert_eq!(refused(&data(&[&zero]), &data(&[&one])), made);
        assert_eq!(refused(&data(&[&one]), &data(&[first.as_slice()])), made);
        // An address in bytes that are not at a word's start.
        let shifted = [&first[1..], &[0][..]].concat();
        assert_eq!(refused(&data(&[&zero]), &data(&[&shifted])), made);
    }
}
