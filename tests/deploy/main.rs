//! Deploying a DAO with the library behind `consilium`: to the end, after every interruption, and not where something
//! is wrong.

mod beforehand;
mod costs;
mod council;
mod finish;
mod founder;
mod fourth;
mod junk;
mod nodes;
mod parts;
mod programs;
mod proxy;
mod random;
mod refuse;
mod resume;
mod settings;
mod setup;
mod silent;
mod strangers;
mod vault;
mod words;
