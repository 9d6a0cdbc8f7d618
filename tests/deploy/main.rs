//! Deploying a DAO with the library behind `consilium`: to the end, after every interruption, and not where something
//! is wrong.

mod finish;
mod refuse;
mod resume;
mod roles;
mod setup;
mod silent;
