//! The node as a client sees it.
#[test]
fn starts() {
    let node = devnode::DevNode::spawn().unwrap();
    assert!(node.http_url().starts_with("http://127.0.0.1:"));
}
