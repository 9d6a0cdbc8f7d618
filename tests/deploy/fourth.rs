//! A fourth part, which the library has never heard of: the program of all components, whose constructor makes an account
//! its admin.

use alloy::primitives::{Address, B256, Bytes, LogData, address};
use alloy::sol;
use alloy::sol_types::SolEvent;
use consilium_bindings::Construct;
use consilium_deploy::config::rules::refuse;
use consilium_deploy::parts::timelock;
use consilium_deploy::{
    Dao, Facts, Interface, Member, Name, Office, Origin, Part, Proof, Refusal, Role, Scene, Section, Sections, Settings,
};
use eyre::Result;
use serde::{Deserialize, Serialize};
use toml::Spanned;

sol! {
    #[derive(Debug)]
    #[sol(rpc)]
    contract Example {
        constructor(address admin);
        event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender);
        event AuthorityUpdated(address authority);
        error AccessControlUnauthorizedAccount(address account, bytes32 neededRole);
        function hasRole(bytes32 role, address account) external view returns (bool);
        function latest() external view returns (uint208);
        function push(uint48 key, uint208 value) external returns (uint208, uint208);
        function upgradeToAndCall(address newImplementation, bytes data) external payable;
    }
}

pub(crate) const NAME: Name = Name::new("components-example");

/// The admin's role.
const ADMIN: B256 = B256::ZERO;

/// The fourth part, in what it does to the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fourth {
    pub name: Name,
    pub section: &'static str,
    pub needs: &'static [Name],
    pub roles: &'static [Role],
    pub guardian: bool,
    /// Whether it says what its constructor logs.
    pub honest: bool,
    /// Whether a proxy stands before it.
    pub upgradeable: bool,
    /// The part that is its admin and its authority.
    pub admin: Name,
    /// Its offices: their roles, names and functions. Each has [`OFFICER`] as a member.
    pub offices: &'static [(u64, &'static str, &'static [[u8; 4]])],
    /// The roles of the access manager that it holds itself.
    pub holds: &'static [u64],
}

/// Who holds its offices.
pub(crate) const OFFICER: Address = address!("0x5555555555555555555555555555555555555555");

/// It changes nothing in the others.
pub(crate) const PLAIN: Fourth = Fourth {
    name: NAME,
    section: "components-example",
    needs: &[timelock::NAME],
    roles: &[],
    guardian: false,
    honest: true,
    upgradeable: false,
    admin: timelock::NAME,
    offices: &[],
    holds: &[],
};

/// Its settings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Level {
    pub level: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    level: Spanned<u64>,
}

impl Part for Fourth {
    fn name(&self) -> Name {
        self.name
    }

    fn section(&self) -> &'static str {
        self.section
    }

    fn needs(&self) -> &'static [Name] {
        self.needs
    }

    fn settings(&self, section: Section<'_>, _: &Sections) -> Result<Box<dyn Settings>, Refusal> {
        let file: File = section.read()?;
        if *file.level.get_ref() > 9 {
            return refuse(&file.level, "the level is above 9");
        }
        Ok(Box::new(Level { level: *file.level.get_ref() }))
    }

    fn constructor(&self, dao: &Dao<'_>) -> Result<Bytes> {
        Ok(Example::constructorCall { admin: dao.address(self.admin) }.init_data())
    }

    fn logs(&self, dao: &Dao<'_>, origin: Origin) -> Vec<LogData> {
        let granted = Example::RoleGranted { role: ADMIN, account: dao.address(self.admin), sender: origin.founder };
        let obeys = Example::AuthorityUpdated { authority: dao.address(self.admin) };
        if self.honest { vec![granted.encode_log_data(), obeys.encode_log_data()] } else { vec![] }
    }

    fn prove<'a>(&'a self, proof: &'a mut Proof, scene: &'a Scene<'a>) -> Facts<'a> {
        Box::pin(async move {
            let example = Example::new(scene.dao.address(self.name), scene.chain.provider());
            proof.check("example.latest", 0, example.latest().call().await?);
            for (account, expected) in [(scene.dao.address(self.admin), true), (scene.sender, false)] {
                let found = example.hasRole(ADMIN, account).call().await?;
                proof.check(format!("example.hasRole({account})"), expected, found);
            }
            Ok(())
        })
    }

    fn interface(&self) -> Interface {
        Interface {
            function: Example::ExampleCalls::signature_by_selector,
            event: consilium_deploy::event::<Example::ExampleEvents>,
            error: consilium_deploy::error::<Example::ExampleErrors>,
        }
    }

    fn is_upgradeable(&self) -> bool {
        self.upgradeable
    }

    fn roles(&self) -> &'static [Role] {
        self.roles
    }

    fn roles_in_manager(&self) -> &'static [u64] {
        self.holds
    }

    fn is_guardian(&self, _: &Sections) -> bool {
        self.guardian
    }

    fn offices_in_manager(&self, _: &Sections) -> Vec<Office> {
        let members = || vec![Member { delay: 7, ..Member::of(OFFICER) }];
        let office = |(role, name, functions): &(u64, &'static str, &'static [[u8; 4]])| Office {
            role: *role,
            name,
            functions: functions.to_vec(),
            members: members(),
        };
        self.offices.iter().map(office).collect()
    }
}
