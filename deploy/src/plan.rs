//! Where everything will stand, known before anything is sent.

mod template;

use alloy::primitives::{Address, Bytes};
use eyre::Result;

use crate::artifacts::{Artifacts, Program};
use crate::beforehand;
use crate::config::Config;
use crate::dao::Dao;
use crate::founder::Charter;
use crate::part::{Name, Part};
use crate::parts::safe::{self, PlannedSafe};
use crate::vault::PlannedVault;

/// A contract of a plan.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Which.
    pub part: &'static dyn Part,
    /// Its code.
    pub program: Program,
    /// What its constructor is called with.
    pub constructor: Bytes,
    /// Where it stands or will stand. A proxy's address, if the part is upgradeable.
    pub address: Address,
    /// Where its program stands or will stand: `address`, or behind the proxy, until the DAO upgrades it. Behind a proxy it
    /// stands [before the founding](crate::beforehand), and other DAOs may use it too.
    pub implementation: Address,
}

impl Planned {
    /// Whether a proxy stands before the program.
    pub fn is_proxied(&self) -> bool {
        self.address != self.implementation
    }

    /// Whether its program stands before the founding: behind a proxy of ours, or as a singleton.
    pub fn stands_before(&self) -> bool {
        self.is_proxied() || self.part.is_singleton()
    }
}

/// A whole deployment: who creates what, with which arguments, and where it will stand. All of it follows from the
/// settings and the programs, and nothing from who deploys.
#[derive(Clone, Debug)]
pub struct Plan {
    /// In the order they are created.
    contracts: Vec<Planned>,
    addresses: Vec<Address>,
    /// The Safes, which stand before the founding too.
    pub(crate) safes: Vec<PlannedSafe>,
    /// The vault, which is created after the founding.
    pub(crate) vault: Option<PlannedVault>,
    pub(crate) charter: Charter,
}

impl Plan {
    /// Works out the plan.
    ///
    /// # Errors
    /// If the program of a part is missing, the settings have Safes and are not [resolved](Config::resolved), a
    /// constructor cannot do what is asked for, or the vault's heir would die with the programs.
    pub fn new(config: &Config, artifacts: &Artifacts) -> Result<Self> {
        let parts: Vec<&'static dyn Part> = config.parts().collect();
        let programs = parts.iter().map(|part| artifacts.of(part.name())).collect::<Result<Vec<_>>>()?;
        let factory = config.chain.create2_factory;
        let beforehand = |program| beforehand::address(factory, program);
        let singleton = artifacts.of(safe::NAME).map(beforehand).unwrap_or_default();
        let safes = PlannedSafe::all(config, singleton)?;
        let founded = parts.iter().zip(&programs).filter(|(part, _)| !part.is_singleton());
        let templates = founded.map(|(part, program)| template::of(*part, program, config));
        let charter = Charter::new(factory, config.chain.salt, templates.collect::<Result<_>>()?);
        let mut numbers = 0..;
        let places = parts.iter().zip(&programs).map(|(part, program)| match part.is_singleton() {
            true => beforehand(program),
            // The numbers never end.
            false => charter.contract(numbers.next().unwrap_or_default()),
        });
        let addresses: Vec<Address> = places.collect();
        let dao = Dao::new(config, &addresses);
        let planned = parts.into_iter().zip(programs).zip(&addresses).map(|((part, program), address)| {
            Ok(Planned {
                part,
                program: program.clone(),
                constructor: part.constructor(&dao)?,
                address: *address,
                implementation: if part.is_upgradeable() { beforehand(program) } else { *address },
            })
        });
        let contracts = planned.collect::<Result<Vec<_>>>()?;
        let vault = PlannedVault::new(config, &contracts, &safes)?;
        Ok(Self { contracts, addresses, safes, vault, charter })
    }

    /// Its contracts, in the order they are created.
    pub fn contracts(&self) -> &[Planned] {
        &self.contracts
    }

    /// The same in the order they are renewed.
    pub fn renewal(&self) -> Vec<&Planned> {
        let mut contracts: Vec<_> = self.contracts.iter().collect();
        contracts.sort_by_key(|planned| planned.part.renewal());
        contracts
    }

    /// One of its contracts.
    ///
    /// # Panics
    /// If it has none of this name.
    pub fn of(&self, name: impl Into<Name>) -> &Planned {
        let name = name.into();
        let found = self.contracts.iter().find(|planned| planned.part.name() == name);
        found.unwrap_or_else(|| panic!("the plan has no {name}"))
    }

    /// The first that the founding creates. All stand where it does, or none.
    pub(crate) fn first(&self) -> &Planned {
        // Every DAO has parts that are founded.
        self.contracts.iter().find(|planned| !planned.part.is_singleton()).unwrap_or(&self.contracts[0])
    }

    /// The contract that creates the others, in one transaction.
    pub const fn founder(&self) -> Address {
        self.charter.address
    }

    /// The call of the CREATE2 factory that creates the Founder. Any account or contract may send it.
    pub fn preparing_call(&self) -> Bytes {
        self.charter.factory_call()
    }

    /// The call of the Founder that founds the DAO. Any account or contract may send it, with ether for the data fees.
    pub const fn founding_call(&self) -> &Bytes {
        &self.charter.call
    }

    /// The Safes' addresses, and the calls of Safe's factory that create them. Any account or contract may send them.
    pub fn safe_calls(&self) -> impl Iterator<Item = (Address, &Bytes)> {
        self.safes.iter().map(|safe| (safe.address, &safe.call))
    }

    /// The vault, if the settings have one.
    pub const fn vault(&self) -> Option<&PlannedVault> {
        self.vault.as_ref()
    }

    /// What its parts see.
    pub fn dao<'a>(&'a self, config: &'a Config) -> Dao<'a> {
        Dao::new(config, &self.addresses)
    }
}

#[cfg(test)]
mod tests;
