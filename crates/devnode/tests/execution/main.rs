//! Execution of messages, without a chain around it.

mod calls;
mod fuzz;
mod hostile;
mod limits;
mod programs;
mod resources;
mod roots;
mod support;
mod transactions;
