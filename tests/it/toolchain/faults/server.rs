//! The dist server: it has no such version, is down, does not answer, or sends half of what it should.

use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use fs_err as fs;
use rustix::process::Signal;
use sha2::{Digest, Sha256};

use super::ground::{NEW, Repo, STEP_FAILED, State, sandbox, toolchains, words};
use crate::support::dist::{Dist, R1_78};
use crate::support::terminal::Terminal;

/// A typing error must not cost a working pin: what nobody can install is written nowhere.
#[test]
fn a_version_that_does_not_exist_is_written_nowhere() {
    let sandbox = sandbox();
    let repo = Repo::new(&sandbox, "p");
    for channel in ["1.70.99", "nightly-2015-01-01"] {
        let run = repo.set(channel).run();
        repo.refused(run, STEP_FAILED, &[channel, "no file was changed"]);
    }
    // Nothing stands in the way of the right one afterwards.
    repo.succeeds();
}

/// In a train tunnel the pin stays what it is, and the message says that it is the network.
#[test]
fn a_server_that_is_down_changes_nothing() {
    let sandbox = sandbox();
    let repo = Repo::new(&sandbox, "p");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = format!("http://127.0.0.1:{port}");
    let down = |channel: &str| {
        repo.set(channel).env("RUSTUP_DIST_SERVER", &server).env("RUSTUP_MAX_RETRIES", "0").run()
    };
    repo.refused(down(NEW), STEP_FAILED, &["failed", "no file was changed"]);
    let says = ["the newest stable release could not be found out", &server, "nothing was changed"];
    repo.refused(down("latest"), STEP_FAILED, &says);
    let nowhere = sandbox.root().join("nowhere");
    let run = repo.set("latest").env("RUSTUP_DIST_SERVER", format!("file://{}", nowhere.display())).run();
    repo.refused(run, STEP_FAILED, &["the newest stable release could not be found out"]);
}

/// A server that takes connections and says nothing; the other end tells of each.
fn silent() -> (String, Receiver<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    let (send, receive) = channel();
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            if send.send(stream).is_err() {
                return;
            }
        }
    });
    (server, receive)
}

/// Who loses patience with a slow mirror must not be left with half a change.
#[test]
fn whoever_gives_up_on_a_server_that_never_answers_finds_all_as_it_was() {
    let sandbox = sandbox();
    let repo = Repo::new(&sandbox, "p");
    let before = toolchains(&sandbox);
    for (channel, signal) in
        [(NEW, Signal::TERM), (NEW, Signal::INT), (NEW, Signal::KILL), ("latest", Signal::TERM)]
    {
        let (server, connections) = silent();
        let running = repo.set(channel).env("RUSTUP_DIST_SERVER", &server).spawn();
        let connection = connections.recv().unwrap();
        running.signal(signal);
        // A rustup whose xcargo was killed works on until the server hangs up.
        drop((connection, connections));
        let run = running.finish();
        assert!(!run.status.success(), "{signal:?}: {}", run.show());
        if signal == Signal::KILL || channel == "latest" {
            assert_eq!(run.killed_by(), Some(signal.as_raw()), "{}", run.show());
        }
        assert_eq!(repo.state(), State::Old, "{signal:?}: {}", run.show());
        assert!(!repo.journal().exists());
        assert_eq!(toolchains(&sandbox), before);
    }
    repo.succeeds();
}

/// Ctrl-C at a download is how most people stop.
#[test]
fn ctrl_c_while_rustup_waits_for_the_server_changes_nothing() {
    let sandbox = sandbox();
    let repo = Repo::new(&sandbox, "p");
    let (server, connections) = silent();
    let cmd = repo.xcargo(&["toolchain", "set", NEW]).env("RUSTUP_DIST_SERVER", &server);
    let mut terminal = Terminal::start(cmd);
    terminal.wait_for("Change these 5 files to 1.78.0?");
    terminal.type_in("y\n");
    let _connection = connections.recv().unwrap();
    terminal.type_in("\x03");
    let run = terminal.finish();
    assert!(!run.status.success(), "{}", run.show());
    assert!(!run.out().contains("Pinned"), "{}", run.show());
    assert_eq!(repo.state(), State::Old, "{}", run.show());
    repo.succeeds();
}

/// A download that breaks off, or a mirror that is out of step, must not leave a pin to a compiler that cannot run.
#[test]
fn a_package_that_is_cut_short_changes_nothing() {
    let sandbox = sandbox();
    let repo = Repo::new(&sandbox, "p");
    let packages = sandbox.dist().join("dist/packages").join(NEW);
    let hash =
        |bytes: &[u8]| Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let manifest = sandbox.dist().join(format!("dist/channel-rust-{NEW}.toml"));
    for is_announced in [false, true] {
        // The last one to be unpacked: the others are in place by then.
        for package in fs::read_dir(&packages).unwrap().map(|entry| entry.unwrap().path()) {
            let is_std = package.file_name().unwrap().to_string_lossy().starts_with("rust-std");
            let whole = fs::read(&package).unwrap();
            if !is_std || package.to_string_lossy().contains("wasm") {
                continue;
            }
            let half = &whole[..whole.len() / 2];
            fs::write(&package, half).unwrap();
            if is_announced {
                let text = fs::read_to_string(&manifest).unwrap().replace(&hash(&whole), &hash(half));
                fs::write(manifest.with_extension("toml.sha256"), hash(text.as_bytes())).unwrap();
                fs::write(&manifest, text).unwrap();
            }
        }
        let run = repo.set(NEW).env("RUSTUP_MAX_RETRIES", "0").run();
        let run = repo.refused(run, STEP_FAILED, &["no file was changed"]);
        assert!(words(&run).contains("see what rustup says above"), "{}", run.show());
        Dist::of(&sandbox).stub(NEW, &R1_78);
    }
    repo.succeeds();
}
