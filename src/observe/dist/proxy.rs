//! Which proxy the environment names for a server, as rustup (by the crate `env_proxy`) and curl read it.

use crate::env::Env;

/// The proxy's address; `None`: the server is asked directly.
///
/// `HTTP_PROXY` in capitals does not count: in a CGI program it is a header of the client's.
pub(super) fn of(scheme: &str, host: &str, env: &Env) -> Option<String> {
    let names: &[&str] = match scheme {
        "https" => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        _ => &["http_proxy", "all_proxy", "ALL_PROXY"],
    };
    let proxy = names.iter().find_map(|name| env.non_empty(name))?.to_str()?;
    let except = ["no_proxy", "NO_PROXY"].iter().find_map(|name| env.non_empty(name));
    let except = except.and_then(|list| list.to_str()).unwrap_or_default();
    let is_excepted = except.split([',', ' ']).any(|entry| covers(entry.trim(), host));
    (!is_excepted).then(|| proxy.to_owned())
}

/// `*` is every host; `example.org` and `.example.org` are that one and those below it.
fn covers(entry: &str, host: &str) -> bool {
    if entry.is_empty() {
        return false;
    }
    let (entry, host) = (entry.to_ascii_lowercase(), host.to_ascii_lowercase());
    let domain = entry.trim_start_matches('.');
    entry == "*" || host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::env::Env;

    /// Behind a proxy nothing else gets out; and the proxy must not learn what is asked inside.
    #[test]
    fn the_proxy_of_a_server() {
        for (vars, scheme, host, expect) in [
            (&[][..], "https", "example.org", None),
            (&[("https_proxy", "http://p:1")][..], "https", "example.org", Some("http://p:1")),
            (&[("HTTPS_PROXY", "http://p:1")], "https", "example.org", Some("http://p:1")),
            (&[("HTTPS_PROXY", "http://p:1")], "http", "example.org", None),
            (&[("http_proxy", "p:1")], "http", "example.org", Some("p:1")),
            (&[("HTTP_PROXY", "p:1")], "http", "example.org", None),
            (&[("all_proxy", "socks5://p:1")], "https", "example.org", Some("socks5://p:1")),
            (&[("https_proxy", ""), ("ALL_PROXY", "p:1")], "https", "example.org", Some("p:1")),
            (&[("ALL_PROXY", "p:1"), ("no_proxy", "*")], "https", "example.org", None),
            (&[("ALL_PROXY", "p:1"), ("no_proxy", "a, example.org")], "https", "dist.Example.org", None),
            (&[("ALL_PROXY", "p:1"), ("NO_PROXY", ".example.org")], "https", "example.org", None),
            (&[("ALL_PROXY", "p:1"), ("NO_PROXY", "ple.org")], "https", "example.org", Some("p:1")),
            (&[("ALL_PROXY", "p:1"), ("NO_PROXY", ",")], "https", "example.org", Some("p:1")),
        ] {
            let env = Env::of(vars.iter().copied(), "/");
            assert_eq!(of(scheme, host, &env).as_deref(), expect, "{vars:?} {scheme} {host}");
        }
    }
}
