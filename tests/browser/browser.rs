//! A headless chromium, driven by its own protocol over a pair of pipes: no port, no second program, no page but ours.

use std::collections::HashMap;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::cmd::DEADLINE;

/// A browser with one page in it. It ends when this is dropped.
pub(crate) struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    session: Option<String>,
    last: u64,
    /// What the page did, as far as nobody asked for it.
    events: Vec<Value>,
    _profile: TempDir,
}

impl Browser {
    /// Starts one, with a window of this size and the scheme that it prefers (`dark`, `light`).
    pub(crate) fn start(width: u32, height: u32, scheme: &str) -> Self {
        let program = env::var_os("XCARGO_TEST_BROWSER").unwrap_or_else(|| "chromium".into());
        let profile = tempfile::Builder::new().prefix("xcargo-browser-").tempdir().unwrap();
        // The pipes of the protocol are descriptors 3 and 4.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>&2"])
            .arg(&program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
            ])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-extensions"])
            .args(["--hide-scrollbars", "--remote-debugging-pipe"])
            .arg(format!("--window-size={width},{height}"))
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let to = child.stdin.take().unwrap();
        let mut messages = BufReader::new(child.stdout.take().unwrap()).split(0);
        let (send, from) = channel();
        thread::spawn(move || {
            while let Some(Ok(message)) = messages.next() {
                if send.send(serde_json::from_slice(&message).unwrap()).is_err() {
                    break;
                }
            }
        });
        let mut browser =
            Self { child, to, from, session: None, last: 0, events: Vec::new(), _profile: profile };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", attach);
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        browser.call("Emulation.setDeviceMetricsOverride", metrics);
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        browser.call("Emulation.setEmulatedMedia", features);
        browser
    }

    /// Opens a file, and waits until it is loaded and drawn.
    pub(crate) fn open(&mut self, path: &Path) {
        let url = format!("file://{}", path.to_str().unwrap());
        let answer = self.call("Page.navigate", json!({ "url": url }));
        assert!(answer.get("errorText").is_none(), "{answer}");
        self.wait_for("Page.loadEventFired");
    }

    /// As [`Browser::open`], with scripts switched off.
    pub(crate) fn open_without_scripts(&mut self, path: &Path) {
        self.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
        self.open(path);
    }

    /// The value of an expression in the page. What it draws is drawn before.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let expression = format!(
            "new Promise((done) => requestAnimationFrame(() => setTimeout(() => done({expression}), 0)))"
        );
        self.evaluate(&expression)
    }

    /// As [`Browser::value`], where scripts of the page's own may not run: nothing is waited for.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let answer = self.call("Runtime.evaluate", asked);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Clicks where an element's middle is, as a mouse does.
    pub(crate) fn click(&mut self, element: &str) {
        let place = self.value(&format!(
            "(() => {{ const it = {element}; it.scrollIntoView({{ block: 'center' }}); \
             const box = it.getBoundingClientRect(); \
             return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
        ));
        let (x, y) = (place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", event);
        }
    }

    /// Presses a key.
    pub(crate) fn press(&mut self, key: &str) {
        let code = HashMap::from([("Enter", 13), ("Escape", 27), ("Tab", 9), ("ArrowRight", 39)])[key];
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Types into what has the focus.
    pub(crate) fn type_in(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }

    /// Asserts that no page complained, ran into an error or asked the network for anything but itself.
    pub(crate) fn was_quiet(&mut self) {
        self.evaluate("0");
        for event in &self.events {
            let method = event["method"].as_str().unwrap();
            let loud = ["Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"];
            assert!(!loud.contains(&method), "{event:#}");
            if method == "Network.requestWillBeSent" {
                let url = event["params"]["request"]["url"].as_str().unwrap();
                assert!(event["params"]["type"] == "Document" && url.starts_with("file://"), "{event:#}");
            }
        }
        let pages = |event: &&Value| event["method"] == "Network.requestWillBeSent";
        assert!(self.events.iter().filter(pages).count() > 0, "the recorder saw not even the page");
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).unwrap_or_else(|error| {
            panic!(
                "the browser does not listen ({error}): is there a chromium? XCARGO_TEST_BROWSER names one"
            )
        });
        loop {
            let mut answer = self.next(method);
            if answer["id"] == self.last {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].take();
            }
            self.events.push(answer);
        }
    }

    fn wait_for(&mut self, method: &str) {
        let at = self.events.iter().position(|event| event["method"] == method);
        if let Some(at) = at {
            self.events.remove(at);
            return;
        }
        loop {
            let event = self.next(method);
            if event["method"] == method {
                return;
            }
            self.events.push(event);
        }
    }

    fn next(&self, what: &str) -> Value {
        self.from.recv_timeout(DEADLINE).unwrap_or_else(|error| {
            panic!("{what}: the browser does not answer ({error}): is there a chromium? XCARGO_TEST_BROWSER names one")
        })
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends with its pipe; a hanging one does not outlive the test.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
