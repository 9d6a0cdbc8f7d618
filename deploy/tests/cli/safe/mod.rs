//! `consilium safe`: a transaction's way from its proposal to its execution, and what is refused on the way. Each story is
//! told of our Safe and of Safe's own.

mod kinds;
mod library;
mod life;
mod listing;
mod offline;
mod p256;
mod refusing;
mod scene;
mod sending;
