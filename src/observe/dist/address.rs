//! The parts of a server's address: which directory, which host, and what of it may be shown.

use std::path::PathBuf;

/// The path of a file URL, given what follows `file://`.
pub(super) fn path_of(rest: &str) -> Option<PathBuf> {
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    if !path.starts_with('/') {
        return None;
    }
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let bytes = decoded.as_bytes();
    // `/C:/dist` is `C:/dist`.
    let has_drive = cfg!(windows) && bytes.len() > 2 && bytes[2] == b':' && bytes[1].is_ascii_alphabetic();
    Some(PathBuf::from(if has_drive { &decoded[1..] } else { &*decoded }))
}

/// The host of an address, given what follows `://`: without user, port and path.
pub(super) fn host_of(rest: &str) -> Option<&str> {
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(v6) => v6.split_once(']')?.0,
        None => host.split(':').next()?,
    };
    (!host.is_empty()).then_some(host)
}

/// An address as it may be shown.
pub(super) fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let authority = rest.find('/').map_or(rest, |end| &rest[..end]);
    match authority.rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{host_of, path_of, without_password};

    #[test]
    fn parts_of_addresses() {
        for (rest, expect) in [
            ("a/x", Some("a")),
            ("u:p@a:80", Some("a")),
            ("[::1]:80/x", Some("::1")),
            ("/x", None),
            ("[::1", None),
        ] {
            assert_eq!(host_of(rest), expect, "{rest}");
        }
        assert_eq!(without_password("http://a/b@c"), "http://a/b@c");
        assert_eq!(without_password("http://me:p@a/b"), "http://a/b");
        assert_eq!(path_of("host/a"), None);
        if cfg!(unix) {
            assert_eq!(path_of("/a%20b/c"), Some("/a b/c".into()));
            assert_eq!(path_of("localhost/a"), Some("/a".into()));
        }
    }
}
