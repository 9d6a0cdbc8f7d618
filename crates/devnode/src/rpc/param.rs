//! What a type of parameter is.

use serde_json::Value;

/// A type of parameter.
pub(super) trait Param: Sized {
    /// Reads it, or says in a sentence what is wrong.
    fn read(value: Value) -> Result<Self, String>;
}
