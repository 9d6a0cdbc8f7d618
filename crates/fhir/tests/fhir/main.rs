//! Documents in, provisions out, and back: HL7's own examples, single elements, random provisions, hostile bytes.

mod audit;
mod elements;
mod examples;
mod exports;
mod hostile;
mod support;
mod tables;
