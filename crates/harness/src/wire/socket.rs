//! A client that speaks just enough of RFC 6455: whole messages, of any kind and content.

use devnode::DevNode;
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

/// What the node sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Received {
    /// A text message.
    Text(String),
    /// That it closes: code and reason.
    Close(u16, String),
    /// The connection is gone.
    Nothing,
}

const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;
const CLOSE: u8 = 0x88;

/// One connection.
#[derive(Debug)]
pub struct Socket(TcpStream);

impl Socket {
    /// Asks for a connection, with more headers; the head of the answer.
    pub fn handshake(node: &DevNode, extra: &str) -> (TcpStream, String) {
        let mut stream = TcpStream::connect(node.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        let request = format!(
            "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{extra}\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        (stream, String::from_utf8(head).unwrap())
    }

    /// Opens a connection.
    pub fn open(node: &DevNode) -> Self {
        let (stream, head) = Self::handshake(node, "");
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        Self(stream)
    }

    /// Sends bytes below the protocol.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).unwrap();
    }

    fn frame(&mut self, kind: u8, content: &[u8]) {
        let mut frame = head(kind, content.len());
        frame.extend_from_slice(content);
        self.raw(&frame);
    }

    /// Sends a text message, whether it is UTF-8 or not.
    pub fn text(&mut self, content: &[u8]) {
        self.frame(TEXT, content);
    }

    /// Sends a binary message.
    pub fn binary(&mut self, content: &[u8]) {
        self.frame(BINARY, content);
    }

    /// Announces a text message of that length, and sends nothing of it.
    pub fn announce(&mut self, length: usize) {
        let head = head(TEXT, length);
        self.raw(&head);
    }

    /// Says that nothing more will come.
    pub fn close(&mut self) {
        self.frame(CLOSE, &1000u16.to_be_bytes());
    }

    /// Calls a method; its answer is a message.
    pub fn call(&mut self, id: u64, method: &str, params: Value) {
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        self.text(request.to_string().as_bytes());
    }

    /// What comes next.
    pub fn receive(&mut self) -> Received {
        self.try_receive().unwrap_or(Received::Nothing)
    }

    fn try_receive(&mut self) -> std::io::Result<Received> {
        let mut head = [0; 2];
        self.0.read_exact(&mut head)?;
        let length = match head[1] {
            126 => {
                let mut length = [0; 2];
                self.0.read_exact(&mut length)?;
                u16::from_be_bytes(length).into()
            }
            127 => {
                let mut length = [0; 8];
                self.0.read_exact(&mut length)?;
                u64::from_be_bytes(length) as usize
            }
            length => usize::from(length),
        };
        let mut content = vec![0; length];
        self.0.read_exact(&mut content)?;
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Ok(match head[0] {
            TEXT => Received::Text(text(&content)),
            CLOSE => match content.split_first_chunk() {
                Some((code, reason)) => Received::Close(u16::from_be_bytes(*code), text(reason)),
                None => Received::Close(0, String::new()),
            },
            other => panic!("a frame of kind {other:#x}"),
        })
    }

    /// The next message, which must be one.
    pub fn message(&mut self) -> Value {
        match self.receive() {
            Received::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?} where a message was expected"),
        }
    }

    /// What is pushed next.
    pub fn pushed(&mut self) -> Value {
        let mut message = self.message();
        assert_eq!(message["method"], "eth_subscription", "{message}");
        message["params"]["result"].take()
    }

    /// Subscribes; the id.
    pub fn subscribe(&mut self, params: Value) -> Value {
        self.call(0, "eth_subscribe", params);
        self.message()["result"].take()
    }
}

/// Head of a client's frame. A mask of zeros leaves the content as it is.
fn head(kind: u8, length: usize) -> Vec<u8> {
    let mut head = vec![kind];
    match length {
        0..126 => head.push(0x80 | length as u8),
        126..0x1_0000 => {
            head.push(0x80 | 126);
            head.extend_from_slice(&(length as u16).to_be_bytes());
        }
        _ => {
            head.push(0x80 | 127);
            head.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    head.extend_from_slice(&[0; 4]);
    head
}
