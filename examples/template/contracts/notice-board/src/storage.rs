//! What is stored, and every read and write of it. No other file sees a field.
//!
//! UNGUARDED: every method that writes. Whoever calls one has checked that the caller of the contract may.

// The SDK's macros name these two.
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{B256, U256};
use consilium_abi::{entrypoint, packed};
use consilium_components::access_managed::{Authority, ObeysAuthority};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageB256, StorageMap};

packed! {
    /// What the constructor set, and how many notices there are.
    pub(crate) struct Settings {
        /// How long a notice lasts, in seconds.
        uint32 lifetime;
        /// The number of notices.
        uint64 count;
    }
    /// A notice, but for its content.
    pub(crate) struct Notice {
        /// Who posted it.
        address author;
        /// The first second in which it is over; 0 for no notice.
        uint48 ends_at;
    }
}

/// The board's storage.
#[entrypoint]
#[storage]
pub struct NoticeBoard {
    /// Who says who may post.
    authority: Authority,
    /// [`Settings`].
    settings: StorageB256,
    /// [`Notice`], by the notice's id.
    notices: StorageMap<U256, StorageB256>,
    /// The hash of the text, by the notice's id.
    contents: StorageMap<U256, StorageB256>,
}

impl NoticeBoard {
    pub(crate) fn settings(&self) -> Settings {
        Settings::unpack(self.settings.get())
    }

    pub(crate) fn set_settings(&mut self, settings: &Settings) {
        self.settings.set(settings.pack());
    }

    /// The notice, with `ends_at` 0 if there is none.
    pub(crate) fn stored_notice(&self, id: U256) -> Notice {
        Notice::unpack(self.notices.get(id))
    }

    pub(crate) fn set_notice(&mut self, id: U256, notice: &Notice) {
        self.notices.insert(id, notice.pack());
    }

    pub(crate) fn content(&self, id: U256) -> B256 {
        self.contents.get(id)
    }

    /// Adds a notice. Its id is the count so far.
    pub(crate) fn add(&mut self, id: U256, notice: &Notice, content: B256, settings: Settings) {
        self.set_notice(id, notice);
        self.contents.insert(id, content);
        // 2^64 notices take longer than any chain lasts.
        self.set_settings(&Settings { count: settings.count + 1, ..settings });
    }
}

impl ObeysAuthority for NoticeBoard {
    fn stored_authority(&self) -> &Authority {
        &self.authority
    }

    fn stored_authority_mut(&mut self) -> &mut Authority {
        &mut self.authority
    }
}

#[cfg(test)]
mod tests;
