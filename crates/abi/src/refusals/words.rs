//! Packed words.

/// A word has 32 bytes.
///
/// ```compile_fail
/// consilium_abi::packed! { struct Core { address proposer; uint104 start; } }
/// fn main() {}
/// ```
struct WordOfTooManyBytes;

/// What has no fixed width is not packed.
///
/// ```compile_fail
/// consilium_abi::packed! { struct Core { string name; } }
/// fn main() {}
/// ```
struct PackedText;

/// The same, right: the word is full.
///
/// ```
/// consilium_abi::packed! { struct Core { address proposer; uint96 start; } }
/// fn main() {}
/// ```
struct FullWord;

/// A byte has 8 bits.
///
/// ```compile_fail
/// consilium_abi::packed! { struct Core { byte { uint7 share; bool open; bool over; } } }
/// fn main() {}
/// ```
struct ByteOfTooManyBits;

/// What fills a byte has a place of its own.
///
/// ```compile_fail
/// consilium_abi::packed! { struct Core { byte { uint8 share; } } }
/// fn main() {}
/// ```
struct WholeByteInAByte;

/// The same, right: the byte is full.
///
/// ```
/// consilium_abi::packed! { struct Core { byte { uint7 share; bool open; } } }
/// fn main() {}
/// ```
struct FullByte;
