//! The tests of the contract that `cargo xtask new` copies. A copy's own tests are in `tests/`, and its part is in deploy's
//! list; the template's part is in no list but this one.

#[path = "tests/notice-board/deployment.rs"]
mod deployment;
#[path = "tests/notice-board/notices.rs"]
mod notices;
#[allow(unreachable_pub, reason = "in deploy the module is public")]
#[path = "deploy/src/parts/notice_board.rs"]
mod part;
#[path = "tests/notice-board/setup.rs"]
mod setup;

// What the part names as its crate's own.
use consilium_deploy::{
    Dao, Facts, Interface, Name, Origin, Part, Proof, Refusal, Scene, Section, Sections, config, error, event, parts,
};

/// What a deployment may have.
fn parts() -> Vec<&'static dyn Part> {
    [parts::ALL, &[&part::NoticeBoard]].concat()
}
