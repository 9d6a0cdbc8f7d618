//! Keeps what gives access to a node out of everything that is printed.
//!
//! A node's URL may have a user and a password, or an API key in its path or query, and errors of HTTP clients quote the
//! URL. So every message of a node or a transport passes through [`text`].

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use alloy::transports::http::reqwest::Url;

/// Shorter parts of a URL are versions and names of networks rather than keys.
const SHORTEST_SECRET: usize = 8;

/// Shorter names and passwords would blank out common words.
const SHORTEST_LOGIN: usize = 4;

/// What stands for what was left out.
const HIDDEN: &str = "…";

/// What the URLs used so far have that may be a secret: a node's own messages may quote it.
static SECRETS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Keeps the secrets of a URL out of later messages.
pub(crate) fn remember(url: &str) {
    let mut secrets = SECRETS.lock().unwrap_or_else(PoisonError::into_inner);
    secrets.insert(url.to_owned());
    let Ok(url) = Url::parse(url) else { return };
    let login = [url.username(), url.password().unwrap_or_default()].map(str::to_owned);
    secrets.extend(login.into_iter().filter(|part| part.len() >= SHORTEST_LOGIN));
    let path = url.path_segments().into_iter().flatten().map(str::to_owned);
    let query = url.query_pairs().map(|(_, value)| value.into_owned());
    secrets.extend(path.chain(query).filter(|part| part.len() >= SHORTEST_SECRET));
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
pub(crate) fn text(message: &str) -> String {
    let mut shown = urls(message);
    let secrets = SECRETS.lock().unwrap_or_else(PoisonError::into_inner);
    // The longest first: one may be a part of another.
    let mut secrets: Vec<&String> = secrets.iter().filter(|secret| Url::parse(secret).is_err()).collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    for secret in secrets {
        shown = shown.replace(secret.as_str(), HIDDEN);
    }
    shown
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
}
