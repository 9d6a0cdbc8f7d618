//! What is stored, and every read and write of it.

use alloy_primitives::{B256, U256};
use consilium_abi::packed;
use consilium_components::access_managed::{Authority, ObeysAuthority};

use crate::NoticeBoard;

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

    /// Adds a notice. UNGUARDED: the caller of this has checked that the sender may post, and `id` is the count.
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
