//! Every refusal, by its message and by the word it points at.

use consilium_abi_syntax::Interface;

/// The message, and the source text under the error's span.
fn refusal(source: &str) -> (String, String) {
    let error = Interface::parse_all(source.parse().unwrap()).expect_err("is refused");
    (error.to_string(), error.span().source_text().unwrap_or_default())
}

/// Refusals of an item in the body of an interface that a contract answers.
fn item(text: &str) -> (String, String) {
    refusal(&format!("interface I for C {{ {text} }}"))
}

macro_rules! refused {
    ($($name:ident: $text:literal => $message:literal at $word:literal;)*) => { $(
        #[test]
        fn $name() {
            let (message, word) = item($text);
            assert!(message.contains($message), "{message}");
            assert_eq!(word, $word, "{message}");
        }
    )* };
}

refused! {
    an_unknown_type: "function f(uint257 x) external => f;" => "unknown type `uint257`" at "uint257";
    a_width_that_is_no_whole_byte: "function f(uint12 x) external => f;" => "unknown type" at "uint12";
    a_width_with_a_leading_zero: "function f(uint08 x) external => f;" => "unknown type" at "uint08";
    an_integer_without_width: "function f(uint x) external => f;" => "with its width" at "uint";
    bytes_of_33: "function f(bytes33 x) external => f;" => "unknown type" at "bytes33";
    an_unknown_type_within_an_array: "function f(Foo[][2] x) external => f;" => "unknown type `Foo`" at "Foo";
    a_fixed_array_of_none: "function f(bool[0] x) external => f;" => "1 to 255" at "0";
    an_unknown_item: "modifier m();" => "expected `function`" at "modifier";
    a_function_that_is_not_external: "function f() public => f;" => "expected `external`" at "public";
    a_function_without_external: "function f() => f;" => "are `external`" at "f";
    two_mutabilities: "function f() external view payable => f;" => "a second state mutability" at "payable";
    returns_of_nothing: "function f() external returns () => f;" => "leave it out" at "returns";
    a_function_without_a_method: "function f() external;" => "add `=> method`" at "f";
    one_selector_twice: "function f(uint8 a) external => f; function f(uint8 b) external => g;" => "has the selector of f(uint8)" at "f";
    // Two names that are known to share a selector.
    a_collision: "function collate_propagate_storage(bytes16 x) external => f; function burn(uint256 x) external => g;"
        => "has the selector of collate_propagate_storage(bytes16)" at "burn";
    the_constructor_s_selector: "function stylus_constructor() external => f;" => "the constructor of a Stylus contract" at "stylus_constructor";
    a_second_constructor: "constructor() => a; constructor() => b;" => "a second `constructor`" at "constructor";
    an_external_constructor: "constructor() external => a;" => "a constructor is `payable` or nothing" at "constructor";
    a_constructor_with_calldata: "constructor() => a(msg.data);" => "has no `msg.data`" at "constructor";
    something_else_than_calldata: "function f() external => f(msg.sender);" => "expected `data`" at "sender";
    receive_without_payable: "receive() external => r;" => "must be `payable`" at "receive";
    receive_with_parameters: "receive(uint256 x) external payable => r;" => "takes no parameters" at "uint256";
    a_fallback_without_a_method: "fallback() external;" => "add `=> method`" at "fallback";
    receive_that_decides_without_a_method: "receive() external payable by \"some\";" => "add `=> method`" at "receive";
    an_emitting_fallback: "event E(address a, uint256 b); fallback() external payable => emit E;" => "only a `receive`" at "E";
    receive_that_decides_and_emits: "event E(address a, uint256 b); receive() external payable by \"some\" => emit E;"
        => "only a `receive`" at "E";
    receive_that_emits_nothing_known: "receive() external payable => emit E;" => "no event `E`" at "E";
    receive_that_emits_something_else: "event E(address a, uint128 b); receive() external payable => emit E;"
        => "an address and a uint256" at "E";
    receive_that_emits_more: "event E(address a, uint256 b, bool c); receive() external payable => emit E;"
        => "an address and a uint256" at "E";
    receive_that_emits_out_of_order: "event E(address a, uint256 indexed b); receive() external payable => emit E;"
        => "only the amount is indexed" at "E";
    a_fallback_that_is_a_view: "fallback() external view => r;" => "must be `external`" at "fallback";
    a_nameless_event_parameter: "event E(uint256);" => "needs a name" at "uint256";
    a_nameless_error_parameter: "error E(uint256);" => "needs a name" at "uint256";
    four_indexed: "event E(bool indexed a, bool indexed b, bool indexed c, bool indexed d);" => "three indexed" at "d";
    an_indexed_array: "event E(bool[] indexed a);" => "indexed array" at "bool";
    an_event_named_as_an_error: "event E(); error E();" => "a second `E`" at "E";
    an_overloaded_event: "event E(); event E(bool a);" => "a second `E`" at "E";
    names_alike_in_snake_case: "error E(bool aB, bool a_b);" => "same name in snake case" at "a_b";
    one_parameter_twice: "function f(bool a, bool a) external => f;" => "same name" at "a";
    a_struct_in_itself: "struct S { S[] inner; } function f(S s) external => f;" => "contains itself" at "S";
    a_struct_in_a_circle: "struct A { B b; } struct B { A[] a; } error E(A a);" => "contains itself" at "B";
    an_empty_struct: "struct S {}" => "at least one field" at "S";
    a_second_guard: "function f() external only(A) restricted => f;" => "one guard decides" at "restricted";
    an_unknown_guard: "error E(); /// Some.\n guard only(role) reverts E => only; function f() external sole => f;"
        => "a guard of the interface: `only`" at "sole";
    a_guard_without_its_constant: "error E(); /// Some.\n guard only(role) reverts E => only; function f() external only => f;"
        => "`only` is given a constant: `only(role)`" at "only";
    a_guard_with_a_constant_too_many: "error E(); /// Some.\n guard own reverts E => own; function f() external own(A) => f;"
        => "is given nothing" at "own";
    a_guard_with_two_constants: "function f() external only(A, B) => f;" => "one constant" at ",";
    a_guard_before_a_pure_function: "error E(); /// Some.\n guard own reverts E => own; function f() external pure own => f;"
        => "does not know its caller" at "own";
    a_guard_that_writes_before_a_view: "error E(); /// Some.\n guard g(msg.data) reverts E => g; function f() external view g => f;"
        => "not before a view" at "g";
    a_guard_with_an_unknown_error: "/// Some.\n guard only(role) reverts Nope => only;" => "no error `Nope`" at "Nope";
    a_guard_that_does_not_say_whom: "error E(); guard only(role) reverts E => only;" => "whom does it let pass" at "only";
    a_guard_that_says_nothing_of_its_error: "/// Some.\n guard only(role) => only;" => "add `reverts ErrorName`" at "only";
    a_guard_with_an_empty_reason: "/// Some.\n guard only reverts \"\" => only;" => "why it refuses" at "\"\"";
    a_guard_by_a_taken_name: "error E(); /// Some.\n guard view reverts E => only;" => "another meaning" at "view";
    a_guard_twice: "error E(); /// A.\n guard g reverts E => g; /// B.\n guard g reverts E => h;" => "a second `g`" at "g";
    a_guard_before_receive: "receive() external payable only(A) => r;" => "by \"…\"" at "only";
    reentrant_without_a_reason: "function f() external reentrant => f;" => "says why it may be entered again" at "reentrant";
    reentrant_with_an_empty_reason: "function f() external reentrant \" \" => f;" => "says why" at "\" \"";
    a_reentrant_view: "function f() external view reentrant \"so\" => f;" => "it changes nothing" at "\"so\"";
    callers_without_words: "function f() external by => f;" => "says who may call it" at "by";
    a_constructor_with_a_guard: "constructor() only(A) => a;" => "a constructor is `payable` or nothing" at "constructor";
    an_unknown_tag: "/// @notices a\n function f() external => f;" => "no tag of NatSpec" at "/// @notices a";
    a_tag_that_is_generated: "/// @custom:access all\n function f() external => f;" => "from the declaration" at "/// @custom:access all";
    a_tag_within_a_line: "/// Write to a@b.c.\n function f() external => f;" => "at the beginning of a line" at "/// Write to a@b.c.";
    an_empty_tag: "/// @dev\n function f() external => f;" => "says nothing" at "/// @dev";
    a_parameter_that_is_not_there: "/// @param b it\n function f(bool a) external => f;" => "no parameter is called `b`" at "/// @param b it";
    a_parameter_twice: "/// @param a it\n/// @param a that\n function f(bool a) external => f;" => "documented twice" at "/// @param a that";
    a_return_too_many: "/// @return it\n function f() external => f;" => "more is documented" at "/// @return it";
    a_return_without_its_name: "/// @return it\n function f() external returns (bool ok) => f;" => "`@return ok …`" at "/// @return it";
    a_tag_out_of_place: "/// @title A\n function f() external => f;" => "no meaning here" at "/// @title A";
    an_error_that_is_not_declared: "/// @custom:reverts Nope\n function f() external => f;" => "declares no error `Nope`" at "/// @custom:reverts Nope";
    errors_in_one_line: "error A(); error B();\n/// @custom:reverts A, B\n function f() external => f;" => "one error a line" at "/// @custom:reverts A, B";
    an_attribute: "#[inline] function f() external => f;" => "only doc comments" at "#[inline]";
}

#[test]
fn what_only_an_answered_interface_has() {
    for text in ["constructor() => a;", "receive() external payable => r;", "fallback() external => r;"] {
        let (message, word) = refusal(&format!("interface I {{ {text} }}"));
        assert!(message.contains("only an interface that a contract answers"), "{message}");
        assert!(text.starts_with(&word) && !word.is_empty(), "{word}");
    }
}

#[test]
fn what_only_a_contract_or_a_fragment_has() {
    for (text, at) in [
        ("interface I { /// A.\n guard g reverts E => g; }", "g"),
        ("interface I { function f() external only; }", "only"),
        ("interface I { function f() external by \"all\"; }", "f"),
        ("interface I is A { }", "is"),
        ("fragment F for C { }", "for"),
        ("fragment F { constructor() => a; }", "constructor"),
        ("fragment F { receive() external payable => r; }", "receive"),
    ] {
        assert_eq!(refusal(text).1, at, "{text}");
    }
}

/// An interface and the fragments it is made of.
fn composed(interface: &str, fragments: &str) -> Result<Interface, (String, String)> {
    let parse = |text: &str| Interface::parse_all(text.parse().unwrap()).unwrap();
    let composed = parse(interface).remove(0).compose(parse(fragments));
    composed.map_err(|error| (error.to_string(), error.span().source_text().unwrap_or_default()))
}

const OWNED: &str = "fragment Owned {
    error NotOwner(address account);
    event OwnerChanged(address owner);
    /// The owner.
    guard only_owner reverts NotOwner => only_owner;
    function owner() external view returns (address) => owner;
    function setOwner(address to) external only_owner => set_owner;
}";

#[test]
fn a_contract_takes_a_fragment_along() {
    let text = "interface I for C is parts::Owned { function f() external only_owner => f; }";
    let whole = composed(text, OWNED).unwrap();
    let names: Vec<_> = whole.all_functions().map(|f| f.signature()).collect();
    assert_eq!(names, ["f()", "owner()", "setOwner(address)"]);
    assert!(whole.all_functions().all(|f| whole.guard_of(f).is_some() == (f.name != "owner")));
    // As in Solidity, what is inherited does not count: this is `bytes4(keccak256("f()"))`.
    assert_eq!(whole.interface_id(), whole.functions[0].selector());
}

#[test]
fn clashes_between_fragments_point_at_the_word() {
    let refused = |interface: &str, fragments: &str| composed(interface, fragments).map(drop).unwrap_err();
    let (message, word) = refused("interface I for C is Owned { function owner() external => f; }", OWNED);
    assert!(message.contains("has the selector of owner()"), "{message}");
    assert_eq!(word, "owner");
    let burn = "fragment B { function burn(uint256 x) external => b; }
        fragment D { function collate_propagate_storage(bytes16 x) external => d; }";
    let (message, word) = refused("interface I for C is B, D { }", burn);
    assert!(message.contains("has the selector of burn(uint256)"), "{message}");
    assert_eq!(word, "collate_propagate_storage");
    let (message, word) = refused("interface I for C is Owned { event OwnerChanged(); }", OWNED);
    assert_eq!((message.as_str(), word.as_str()), ("a second `OwnerChanged`", "OwnerChanged"));
    let (message, word) = refused("interface I for C is Owned { function f() external sole => f; }", OWNED);
    assert!(message.contains("`only_owner`"), "{message}");
    assert_eq!(word, "sole");
    let (message, word) = refused("interface I for C is Other { }", "interface Other { }");
    assert!(message.contains("is not a `fragment`"), "{message}");
    assert_eq!(word, "Other");
}

#[test]
fn calldata_for_a_call() {
    let (message, word) = refusal("interface I { function q() external => q(msg.data); }");
    assert!(message.contains("only names a call"), "{message}");
    assert_eq!(word, "q");
}

#[test]
fn stubs_of_one_name() {
    let (message, word) = refusal("interface I { function q(uint256 a) external; function q() external; }");
    assert!(message.contains("tell them apart"), "{message}");
    assert_eq!(word, "q");
    let apart = "interface I { function q(uint256 a) external; function q() external => q_all; }";
    assert!(Interface::parse_all(apart.parse().unwrap()).is_ok());
}

#[test]
fn thirty_two_parameters_and_one_more() {
    let list = |n| (0..n).map(|i| format!("bool p{i}")).collect::<Vec<_>>().join(", ");
    let source = |n| format!("interface I {{ function f({}) external; }}", list(n));
    assert!(Interface::parse_all(source(32).parse().unwrap()).is_ok());
    assert!(refusal(&source(33)).0.contains("more than 32 parameters"));
}
