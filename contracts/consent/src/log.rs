//! The access log: what was asked and answered, as a chain of hashes for each grantor.

use alloy_primitives::{Address, B256, keccak256};
use consilium_abi::encode;
use stylus_sdk::prelude::*;

use crate::Consent;
use crate::abi::*;
use crate::question::Asked;

impl Consent {
    pub(crate) fn access_log(&self, grantor: Address) -> (u64, B256) {
        (self.log_count(grantor), self.log_head(grantor))
    }

    pub(crate) fn record(
        &mut self,
        grantor: Address,
        actor: Address,
        on_behalf_of: Address,
        data_class: u8,
        purpose: u8,
        request: B256,
    ) -> (bool, u8, Address, u32) {
        let answer = self.decide(Asked::one(grantor, actor, on_behalf_of, data_class, purpose));
        let (reason, grantee, provision) = (answer.reason as u8, answer.grantee, answer.terms.number);
        let (recorder, time) = (self.vm().msg_sender(), self.vm().block_timestamp());
        let number = self.log_count(grantor) + 1;
        let head = keccak256(
            [
                encode!((bytes32, address, uint64, address, address, address) =>
                    self.log_head(grantor), grantor, number, actor, recorder, on_behalf_of),
                encode!((uint8, uint8, uint8, address, uint32, bytes32, uint48) =>
                    data_class, purpose, reason, grantee, provision, request, time),
            ]
            .concat(),
        );
        self.set_log(grantor, number, head);
        AccessRecorded {
            grantor,
            number,
            actor,
            recorder,
            on_behalf_of,
            data_class,
            purpose,
            reason,
            grantee,
            provision,
            request,
            time,
            head,
        }
        .log(self);
        (answer.reason.permits(), reason, grantee, provision)
    }
}
