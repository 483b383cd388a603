//! The dist server as a directory, as a server on this machine, and as one that is slow, down or talks nonsense.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::{DistServer, Existence, Limits, manifest};
use crate::env::Env;
use crate::toolchain::Channel;

const HASH: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef  channel\n";

fn channel(name: &str) -> Channel {
    Channel::parse(name).expect("a channel")
}

fn server(address: &str) -> DistServer {
    let limits = Limits { connect: Duration::from_secs(2), whole: Duration::from_millis(700), bytes: 4096 };
    DistServer::of(&Env::of([("RUSTUP_DIST_SERVER", address)], "/"), limits).expect("an address")
}

/// A server on this machine that answers each path as `answer` says, and notes what it was asked for.
fn serve(answer: fn(&str) -> Option<String>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&asked);
    let reply = move |mut stream: TcpStream| {
        let mut request = Vec::new();
        let mut byte = [0];
        while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
            request.push(byte[0]);
        }
        let request = String::from_utf8_lossy(&request).into_owned();
        let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
        notes.lock().expect("notes").push(path.clone());
        match answer(&path) {
            Some(response) => drop(stream.write_all(response.as_bytes())),
            // Silence: until the client has had enough.
            None => drop(stream.read(&mut byte)),
        }
    };
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let reply = reply.clone();
            thread::spawn(move || reply(stream));
        }
    });
    (address, asked)
}

fn response(status: &str, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"))
}

#[test]
fn addresses_are_those_of_rustup() {
    for (name, expect) in [
        ("1.78.0", Some("channel-rust-1.78.0.toml")),
        ("1.78", Some("channel-rust-1.78.toml")),
        ("1.8", Some("channel-rust-1.8.0.toml")),
        ("1.78.0-beta.2", Some("channel-rust-1.78.0-beta.2.toml")),
        ("1.78.0-x86_64-unknown-linux-gnu", Some("channel-rust-1.78.0.toml")),
        ("stable", Some("channel-rust-stable.toml")),
        ("nightly-2026-05-19", Some("2026-05-19/channel-rust-nightly.toml")),
        ("mine", None),
    ] {
        assert_eq!(manifest(&channel(name)).as_deref(), expect, "{name}");
    }
}

#[test]
fn the_server_is_the_one_of_the_environment() {
    for (vars, expect) in [
        (&[][..], "https://static.rust-lang.org"),
        (&[("RUSTUP_DIST_SERVER", "")], "https://static.rust-lang.org"),
        (&[("RUSTUP_DIST_SERVER", "http://a/")], "http://a"),
        (&[("RUSTUP_DIST_ROOT", "http://a/x/dist/")], "http://a/x"),
        (&[("RUSTUP_DIST_SERVER", "http://a"), ("RUSTUP_DIST_ROOT", "http://b/dist")], "http://a"),
        (&[("RUSTUP_DIST_SERVER", "https://me:secret@a:8080/x")], "https://a:8080/x"),
    ] {
        let server = DistServer::of(&Env::of(vars.iter().copied(), "/"), Limits::default());
        assert_eq!(server.expect("an address").name(), expect, "{vars:?}");
    }
    for address in ["ftp://a", "a", "http://", "file://host/x", "https://:80/"] {
        let env = Env::of([("RUSTUP_DIST_SERVER", address)], "/");
        let error = DistServer::of(&env, Limits::default()).expect_err(address).to_string();
        assert!(error.contains(address.trim_end_matches('/')) && error.contains("URL"), "{error}");
    }
    let env = Env::of([("RUSTUP_DIST_SERVER", "http://a"), ("http_proxy", "gopher://:x")], "/");
    let error = DistServer::of(&env, Limits::default()).expect_err("no proxy").to_string();
    assert!(error.contains("proxy"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_directory_is_a_server() {
    let dir = tempfile::tempdir().expect("a directory");
    let root = dir.path().join("my dist");
    let address = format!("file://{}", root.display()).replace(' ', "%20");
    let error = server(&address).exists(&channel("1.78.0")).expect_err("no server at all").to_string();
    assert!(error.contains(&address), "{error}");
    std::fs::create_dir_all(root.join("dist/2024-05-01")).expect("a directory");
    let write = |name: &str, text: &str| std::fs::write(root.join("dist").join(name), text).expect("a file");
    write("channel-rust-1.78.0.toml.sha256", HASH);
    write("2024-05-01/channel-rust-nightly.toml.sha256", HASH);
    write("channel-rust-stable.toml", "[pkg.rust]\nversion = \"1.78.0 (9b00956e5 2024-04-29)\"\n");
    let server = server(&address);
    for (name, expect) in [
        ("1.78.0", Existence::Exists),
        ("1.78.9", Existence::Missing),
        ("nightly-2024-05-01", Existence::Exists),
        ("nightly-2024-05-02", Existence::Missing),
        ("mine", Existence::Unknown),
    ] {
        assert_eq!(server.exists(&channel(name)).expect("an answer"), expect, "{name}");
    }
    assert_eq!(server.newest_stable().expect("a release"), channel("1.78.0"));
    write("channel-rust-stable.toml", &"#".repeat(5000));
    let error = server.newest_stable().expect_err("too much").to_string();
    assert!(error.contains("more than"), "{error}");
}

#[test]
fn a_server_answers() {
    let (address, asked) = serve(|path| match path {
        "/dist/channel-rust-1.78.0.toml.sha256" => response("200 OK", HASH),
        "/dist/channel-rust-1.70.0.toml.sha256" => response("200 OK", "<html>Please log in</html>"),
        "/dist/channel-rust-1.71.0.toml.sha256" => response("500 Internal Server Error", ""),
        "/dist/channel-rust-1.72.0.toml.sha256" => Some("SSH-2.0-OpenSSH_9\r\n".to_owned()),
        "/dist/channel-rust-1.73.0.toml.sha256" => response("200 OK", &"a".repeat(5000)),
        "/dist/channel-rust-stable.toml" => {
            response("200 OK", "[pkg.rust]\nversion = \"1.97.0 (abc 2026-01-01)\"\n")
        }
        _ => response("404 Not Found", "nothing"),
    });
    let server = server(&address);
    assert_eq!(server.exists(&channel("1.78.0")).expect("an answer"), Existence::Exists);
    assert_eq!(server.exists(&channel("1.78.9")).expect("an answer"), Existence::Missing);
    assert_eq!(server.newest_stable().expect("a release"), channel("1.97.0"));
    for (name, words) in
        [("1.70.0", "makes no sense"), ("1.71.0", "500"), ("1.72.0", ""), ("1.73.0", "more than 4 KiB")]
    {
        let error = server.exists(&channel(name)).expect_err(name).to_string();
        assert!(error.contains(words) && error.contains(&address), "{name}: {error}");
    }
    asked.lock().expect("notes").clear();
    let all = ["1.78.0", "1.78.0-x86_64-unknown-linux-gnu", "1.78.9", "1.60.0", "mine"].map(channel);
    let answers = server.ask(&all, &|it| it.as_str() == "1.60.0");
    let known: Vec<Existence> = all.iter().map(|it| answers.of(it)).collect();
    use Existence::{Exists, Missing, Unknown};
    assert_eq!(known, [Exists, Exists, Missing, Exists, Unknown]);
    assert!(answers.trouble.is_none());
    let mut asked = asked.lock().expect("notes").clone();
    asked.sort();
    assert_eq!(asked, ["/dist/channel-rust-1.78.0.toml.sha256", "/dist/channel-rust-1.78.9.toml.sha256"]);
}

#[test]
fn what_is_no_manifest_has_no_newest_release() {
    for (body, words) in [
        ("<html>", "no TOML"),
        ("[pkg]\n", "no release"),
        ("[pkg.rust]\nversion = 1\n", "no release"),
        ("[pkg.rust]\nversion = \"1.98.0-beta.2 (x)\"\n", "no release"),
        ("[pkg.rust]\nversion = \"\"\n", "no release"),
    ] {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(dir.path().join("dist")).expect("a directory");
        std::fs::write(dir.path().join("dist/channel-rust-stable.toml"), body).expect("a file");
        let path = dir.path().display().to_string().replace('\\', "/");
        let address = format!("file:///{}", path.trim_start_matches('/'));
        let error = server(&address).newest_stable().expect_err(body).to_string();
        assert!(error.contains(words), "{body}: {error}");
    }
}

/// CI must not hang because of a question.
#[test]
fn a_silent_server_is_not_waited_for() {
    let (address, asked) = serve(|_| None);
    let start = Instant::now();
    let all: Vec<Channel> = (10..60).map(|minor| channel(&format!("1.{minor}.0"))).collect();
    let answers = server(&address).ask(&all, &|_| false);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let trouble = answers.trouble.as_ref().expect("trouble").to_string();
    assert!(trouble.contains("no answer within 700ms"), "{trouble}");
    assert!(all.iter().all(|it| answers.of(it) == Existence::Unknown));
    assert!(asked.lock().expect("notes").len() <= 16, "the rest was not asked for");
}

#[test]
fn a_server_that_is_down() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let error = server(&address).exists(&channel("1.78.0")).expect_err("nobody is there").to_string();
    assert!(error.contains(&address) && error.to_lowercase().contains("refused"), "{error}");
}

#[test]
fn a_server_that_speaks_no_tls() {
    let (address, _) = serve(|_| response("200 OK", HASH));
    let address = address.replace("http:", "https:");
    let error = server(&address).exists(&channel("1.78.0")).expect_err("no certificate").to_string();
    assert!(error.contains(&address), "{error}");
}

/// A proxy is asked with the server's name, and not the server itself.
#[test]
fn a_proxy_is_used() {
    let (address, asked) = serve(|_| response("403 Forbidden", ""));
    let vars = [("RUSTUP_DIST_SERVER", "http://dist.invalid"), ("http_proxy", address.as_str())];
    let limits = Limits { whole: Duration::from_secs(5), ..Limits::default() };
    let server = DistServer::of(&Env::of(vars, "/"), limits).expect("an address");
    server.exists(&channel("1.78.0")).expect_err("the proxy refuses");
    let asked = asked.lock().expect("notes").clone();
    assert!(asked.iter().any(|path| path.contains("dist.invalid")), "{asked:?}");
}
