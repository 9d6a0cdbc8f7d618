//! What a part is told of the DAO it belongs to: the settings, and where every part stands.

use alloy::primitives::Address;

use crate::config::Config;
use crate::part::Name;
use crate::parts::timelock::Role;

/// Settings and addresses.
#[derive(Clone, Copy, Debug)]
pub struct Dao<'a> {
    /// The settings.
    pub config: &'a Config,
    /// In the order of the settings' parts.
    addresses: &'a [Address],
}

impl<'a> Dao<'a> {
    pub(crate) const fn new(config: &'a Config, addresses: &'a [Address]) -> Self {
        Self { config, addresses }
    }

    /// Where a part stands or will stand.
    ///
    /// # Panics
    /// If the DAO does not have it. A part asks for its own address and those that it [needs](crate::Part::needs).
    pub fn address(&self, name: Name) -> Address {
        self.find(name).unwrap_or_else(|| panic!("the DAO has no {name}: the part that asks for it must need it"))
    }

    /// Where a part stands or will stand, if the DAO has it.
    pub fn find(&self, name: Name) -> Option<Address> {
        let mut parts = self.config.parts().zip(self.addresses);
        parts.find(|(part, _)| part.name() == name).map(|(_, address)| *address)
    }

    /// The contracts that hold a role of the timelock from the founding on, in the order of the parts.
    pub fn with_role(&self, role: Role) -> Vec<Address> {
        let parts = self.config.parts().zip(self.addresses);
        parts.filter(|(part, _)| part.roles().contains(&role)).map(|(_, address)| *address).collect()
    }

    /// The proposal guardian: a part that is it, else the council's account.
    pub fn guardian(&self) -> Address {
        let mut parts = self.config.parts().zip(self.addresses);
        parts
            .find(|(part, _)| part.is_guardian(&self.config.sections))
            .map_or(self.config.council, |(_, address)| *address)
    }
}
