//! The data pointer registry on a chain, as deployed: each function with its return, its event and each of its refusals; and its
//! part of a deployment.

mod deployment;
mod notices;
mod setup;

use consilium_deploy::{Part, parts::ALL};

/// What a deployment may have.
fn parts() -> Vec<&'static dyn Part> {
    ALL.to_vec()
}
