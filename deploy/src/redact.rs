//! Keeps what gives access to a node out of everything that is printed.
//!
//! A node's URL may have a user and a password, or an API key in its path or query, and errors of HTTP clients quote the
//! URL. So every message of a node or a transport passes through [`text`].

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use alloy::transports::Authorization;
use alloy::transports::http::reqwest::Url;

/// Shorter parts of a URL are versions and names of networks rather than keys.
const SHORTEST_SECRET: usize = 8;

/// Shorter names and passwords would blank out common words.
const SHORTEST_LOGIN: usize = 4;

/// What stands for what was left out.
const HIDDEN: &str = "…";

/// What the URLs used so far have that may be a secret: a node's own messages may quote it.
static SECRETS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Keeps the secrets of a URL out of later messages, as they stand in it and as a server reads them.
pub(crate) fn remember(url: &str) {
    let mut secrets = SECRETS.lock().unwrap_or_else(PoisonError::into_inner);
    secrets.insert(url.to_owned());
    let Ok(url) = Url::parse(url) else { return };
    let mut keep = |part: &str, shortest: usize| {
        let forms = [part.to_owned(), decoded(part)];
        secrets.extend(forms.into_iter().filter(|form| form.len() >= shortest));
    };
    keep(url.username(), SHORTEST_LOGIN);
    keep(url.password().unwrap_or_default(), SHORTEST_LOGIN);
    // What the Authorization header of HTTP makes of both.
    if let Authorization::Basic(login) =
        Authorization::basic(decoded(url.username()), decoded(url.password().unwrap_or_default()))
    {
        keep(&login, SHORTEST_SECRET);
    }
    // A key may be a whole query, without a name.
    let query = url.query().into_iter().flat_map(|query| query.split(['&', '=']));
    url.path_segments().into_iter().flatten().chain(query).for_each(|part| keep(part, SHORTEST_SECRET));
}

/// A part of a URL without its percent encoding.
fn decoded(part: &str) -> String {
    let (mut bytes, mut left) = (Vec::with_capacity(part.len()), part.as_bytes());
    while let Some((&byte, rest)) = left.split_first() {
        let digits = rest.get(..2).filter(|digits| byte == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let encoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(encoded.unwrap_or(byte));
        left = if encoded.is_some() { &rest[2..] } else { rest };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A URL as it may be shown: scheme, host and port. A text that is no URL is not shown at all.
pub(crate) fn url(text: &str) -> String {
    let Ok(url) = Url::parse(text) else { return HIDDEN.to_owned() };
    let Some(host) = url.host_str() else { return HIDDEN.to_owned() };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let rest = if url.path().len() > 1 || url.query().is_some() { format!("/{HIDDEN}") } else { String::new() };
    format!("{}://{host}{port}{rest}", url.scheme())
}

/// A message without what a URL in it, or one that was used, should not tell.
pub fn text(message: &str) -> String {
    let secrets = SECRETS.lock().unwrap_or_else(PoisonError::into_inner);
    // The longest first: one may be a part of another. What is a URL as a whole is shortened, not hidden.
    let mut secrets: Vec<&String> = secrets.iter().filter(|secret| Url::parse(secret).is_err()).collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let hidden = secrets.into_iter().fold(message.to_owned(), |shown, secret| shown.replace(secret.as_str(), HIDDEN));
    // After the secrets: what looks like the end of a URL may be in the middle of one.
    urls(&hidden)
}

/// Shortens each URL in a text.
fn urls(message: &str) -> String {
    let mut shown = String::with_capacity(message.len());
    let mut left = message;
    while let Some(at) = ["http://", "https://", "ws://", "wss://"].iter().filter_map(|scheme| left.find(scheme)).min()
    {
        let (before, from) = left.split_at(at);
        let end = from.find(|c: char| c.is_whitespace() || "()<>\"'`,".contains(c)).unwrap_or(from.len());
        let (found, after) = from.split_at(end);
        // What ends a sentence is no part of the URL.
        let address = found.trim_end_matches([':', '.', ';']);
        shown.push_str(before);
        shown.push_str(&url(address));
        shown.push_str(&found[address.len()..]);
        left = after;
    }
    shown.push_str(left);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_shows_scheme_host_and_port() {
        for (given, shown) in [
            ("http://127.0.0.1:8547", "http://127.0.0.1:8547"),
            ("http://127.0.0.1:8547/", "http://127.0.0.1:8547"),
            ("https://alice:secret@node.example/", "https://node.example"),
            ("https://node.example/v2/0123456789abcdef", "https://node.example/…"),
            ("https://node.example?apikey=0123456789abcdef", "https://node.example/…"),
            ("alice:secret", "…"),
            ("not a url with secret", "…"),
        ] {
            assert_eq!(url(given), shown);
        }
    }

    #[test]
    fn a_message_keeps_its_words() {
        let message =
            "error sending request for url (https://a:b@node.example/v2/key?x=1): refused by http://h:1, ws://k@h/p.";
        let shown = "error sending request for url (https://node.example/…): refused by http://h:1, ws://h/….";
        assert_eq!(text(message), shown);
        assert_eq!(text("no URL: wss:// http:/ ünïcode"), "no URL: … http:/ ünïcode");
    }

    #[test]
    fn what_was_used_is_hidden_wherever_it_turns_up() {
        remember("https://alice:open-sesame@node.example/v3/feedc0ffee00?token=f00dfeedbeef");
        let shown = text("no account alice: open-sesame is wrong; key feedc0ffee00 or f00dfeedbeef unknown to v3");
        assert_eq!(shown, "no account …: … is wrong; key … or … unknown to v3");
    }
    #[test]
    fn no_form_of_a_secret_is_shown() {
        let url = "https://bob:half,other-half@node.example/v4/c0ffee(c0ffee/d00d'd00d%2Fd00d?fee1dead%2Bfee1dead&k=cafe%20babe";
        remember(url);
        for quoted in [
            format!("error sending request for url ({url})"),
            format!("no route for {url}, sorry"),
            "no key d00d'd00d/d00d, nor fee1dead+fee1dead, nor fee1dead%2Bfee1dead, nor cafe babe".to_owned(),
            "Basic Ym9iOmhhbGYsb3RoZXItaGFsZg== is over its limit".to_owned(),
        ] {
            let shown = text(&quoted);
            for secret in ["half", "c0ffee", "d00d", "fee1dead", "babe", "Ym9i"] {
                assert!(!shown.contains(secret), "{secret} in {shown}");
            }
        }
        assert_eq!(decoded("%2f%zz%2%é%"), "/%zz%2%é%");
    }
}
