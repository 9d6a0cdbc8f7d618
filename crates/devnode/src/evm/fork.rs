//! Which EVM it is.

use revm::primitives::hardfork::SpecId;

/// Fork of the EVM that ArbOS 51 follows.
pub(super) const SPEC: SpecId = SpecId::OSAKA;
