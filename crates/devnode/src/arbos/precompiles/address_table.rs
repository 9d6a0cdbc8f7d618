//! ArbAddressTable (0x66): short numbers for addresses (Nitro `arbos/addressTable`).

use super::{
    call::{Call, Halt},
    method::{Method, methods},
};
use crate::arbos::{
    layout::layout,
    storage::{Ledger, Space},
};
use alloy_primitives::{Address, Bytes, U256};
use nitro::ArbAddressTable::*;

pub(super) const METHODS: &[Method] = methods! {
    View addressExistsCall => |call: &mut Call<'_>, of: addressExistsCall| Ok(number(call, of.account)?.is_some());
    // Only looks, but is declared as a method that writes.
    Write compressCall => |call: &mut Call<'_>, of: compressCall| -> Result<Bytes, Halt> {
        Ok(match number(call, of.account)? {
            Some(number) => alloy::rlp::encode(number).into(),
            None => alloy::rlp::encode(of.account).into(),
        })
    };
    View decompressCall => decompress;
    View lookupCall => |call: &mut Call<'_>, of: lookupCall| {
        number(call, of.account)?.map(U256::from).ok_or(Halt::Other("address does not exist in AddressTable"))
    };
    View lookupIndexCall => |call: &mut Call<'_>, of: lookupIndexCall| {
        let index = u64::try_from(of.index).map_err(|_| Halt::Other("invalid index in ArbAddressTable.LookupIndex"))?;
        address(call, index)?.ok_or(Halt::Other("index does not exist in AddressTable"))
    };
    Write registerCall => |call: &mut Call<'_>, of: registerCall| register(call, of.account).map(U256::from);
    View sizeCall => |call: &mut Call<'_>, _| Ok::<_, Halt>(U256::from(size(call)?));
};

/// By address: 1 + its number.
fn by_address() -> Space {
    layout().address_table.child([])
}

fn size(call: &mut Call<'_>) -> Result<u64, Halt> {
    call.get_u64(layout().address_table.at(0))
}

fn number(call: &mut Call<'_>, address: Address) -> Result<Option<u64>, Halt> {
    Ok(call.get_u64(by_address().of(address))?.checked_sub(1))
}

fn address(call: &mut Call<'_>, number: u64) -> Result<Option<Address>, Halt> {
    if number >= size(call)? {
        return Ok(None);
    }
    call.get_address(layout().address_table.at(number + 1)).map(Some)
}

fn register(call: &mut Call<'_>, address: Address) -> Result<u64, Halt> {
    if let Some(number) = number(call, address)? {
        return Ok(number);
    }
    let place = size(call)? + 1;
    call.set_u64(layout().address_table.at(0), place)?;
    call.set_address(layout().address_table.at(place), address)?;
    call.set_u64(by_address().of(address), place)?;
    Ok(place - 1)
}

/// Reads an address, or the number of one, in RLP.
fn decompress(call: &mut Call<'_>, of: decompressCall) -> Result<decompressReturn, Halt> {
    let malformed = |_| Halt::Other("malformed RLP");
    let offset = usize::try_from(of.offset).ok().filter(|offset| *offset <= of.buf.len());
    let Some(offset) = offset else {
        return Err(Halt::Other("invalid offset in ArbAddressTable.Decompress"));
    };
    let mut rest = &of.buf[offset..];
    let before = rest.len();
    let item = alloy::rlp::Header::decode_bytes(&mut rest, false).map_err(malformed)?;
    let account = match Address::try_from(item) {
        Ok(account) => account,
        Err(_) => {
            let number = <u64 as alloy::rlp::Decodable>::decode(&mut &of.buf[offset..]).map_err(malformed)?;
            address(call, number)?.ok_or(Halt::Other("invalid index in compressed address"))?
        }
    };
    Ok(decompressReturn { account, bytesRead: U256::from(before - rest.len()) })
}
