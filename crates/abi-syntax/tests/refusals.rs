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
