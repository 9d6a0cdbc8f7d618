//! Posting, withdrawing and reading. Who may post and withdraw is part of the declaration.

use alloy_primitives::{Address, B256, U256};
use consilium_abi::{Revert, ensure};
use stylus_sdk::prelude::*;

use crate::NoticeBoard;
use crate::abi::*;
use crate::rules;
use crate::storage::Notice;

impl NoticeBoard {
    // ------------------------------------------------------------------------------------------------- views

    pub(crate) fn lifetime(&self) -> u32 {
        self.settings().lifetime
    }

    pub(crate) fn count(&self) -> U256 {
        U256::from(self.settings().count)
    }

    pub(crate) fn notice(&self, id: U256) -> Result<(Address, u64, B256), Revert> {
        let Notice { author, ends_at } = self.existing(id)?;
        Ok((author, ends_at, self.content(id)))
    }

    pub(crate) fn is_current(&self, id: U256) -> bool {
        rules::is_current(self.stored_notice(id).ends_at, self.vm().block_timestamp())
    }

    // ---------------------------------------------------------------------------------------------- changing

    pub(crate) fn post(&mut self, content: B256) -> Result<U256, Revert> {
        ensure!(!content.is_zero(), NoticeBoardEmptyContent {});

        let settings = self.settings();
        let (id, author) = (U256::from(settings.count), self.vm().msg_sender());
        let ends_at = rules::ends_at(self.vm().block_timestamp(), settings.lifetime);
        self.add(id, &Notice { author, ends_at }, content, settings);

        NoticePosted { id, author, content, ends_at }.log(self);
        Ok(id)
    }

    pub(crate) fn withdraw(&mut self, id: U256) -> Result<(), Revert> {
        let (notice, now) = (self.existing(id)?, self.vm().block_timestamp());
        ensure!(rules::is_current(notice.ends_at, now), NoticeBoardEndedNotice { id, ended_at: notice.ends_at });

        self.set_notice(id, &Notice { ends_at: now, ..notice });

        NoticeWithdrawn { id, by: self.vm().msg_sender() }.log(self);
        Ok(())
    }

    fn existing(&self, id: U256) -> Result<Notice, Revert> {
        let notice = self.stored_notice(id);
        ensure!(notice.ends_at != 0, NoticeBoardNonexistentNotice { id });
        Ok(notice)
    }
}
