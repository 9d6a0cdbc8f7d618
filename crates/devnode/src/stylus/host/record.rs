//! Telling who records a message what a program asks its host, packed as Nitro packs it
//! (arbitrator/wasm-libraries/user-host-trait).

use alloy_primitives::{Address, B256, Bytes, U256};

/// What can be packed.
pub(super) trait Pack {
    /// Appends it, numbers big-endian.
    fn pack(&self, into: &mut Vec<u8>);
}

macro_rules! pack {
    ($($ty:ty: $value:ident => $bytes:expr,)*) => {
        $(impl Pack for $ty {
            fn pack(&self, into: &mut Vec<u8>) {
                let $value = self;
                into.extend_from_slice($bytes);
            }
        })*
    };
}

pack! {
    u8: value => &[*value],
    u16: value => &value.to_be_bytes(),
    u32: value => &value.to_be_bytes(),
    u64: value => &value.to_be_bytes(),
    U256: value => &value.to_be_bytes::<32>(),
    B256: value => value.as_slice(),
    Address: value => value.as_slice(),
    Bytes: value => value,
    Vec<u8>: value => value,
    &[u8]: value => value,
}

/// Packs one after the other.
pub(super) fn packed(parts: &[&dyn Pack]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        part.pack(&mut bytes);
    }
    bytes
}

/// `record!(host, "name", [given, …] => [answered, …])`: nothing is evaluated unless somebody records.
macro_rules! record {
    ($host:expr, $name:expr, [$($arg:expr),*] => [$($out:expr),*]) => {
        if $host.is_recorded() {
            let args = $crate::stylus::host::record::packed(&[$(&$arg),*]);
            let outs = $crate::stylus::host::record::packed(&[$(&$out),*]);
            $host.record($name, args, outs);
        }
    };
}
pub(super) use record;
