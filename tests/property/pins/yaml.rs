//! Generated YAML in the shape of CI files, written in every way that YAML knows.

use fastrand::Rng;
use xcargo::pins::Kind;

use super::generate::{image, name, of, script, value};

/// What is written.
#[derive(Clone)]
enum Value {
    Scalar(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

fn scalar(text: impl Into<String>) -> Value {
    Value::Scalar(text.into())
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn list(rng: &mut Rng, most: usize, mut item: impl FnMut(&mut Rng) -> Value) -> Value {
    Value::List((0..rng.usize(..=most)).map(|_| item(rng)).collect())
}

/// A file of one kind.
pub(super) fn file(rng: &mut Rng) -> (Kind, String) {
    let (kind, mut root) = match rng.usize(..10) {
        0..3 => (Kind::Workflow, workflow(rng)),
        3 => (
            Kind::Action,
            map([("inputs", map([("rust", input(rng))])), ("runs", map([("steps", steps(rng))]))]),
        ),
        4 => (Kind::GitLab, gitlab(rng)),
        5 => (Kind::CircleCi, circleci(rng)),
        6 => (Kind::Azure, azure(rng)),
        7 => (Kind::Travis, travis(rng)),
        8 => (Kind::Woodpecker, woodpecker(rng)),
        _ if rng.bool() => (Kind::Compose, compose(rng)),
        _ => (
            Kind::ReadTheDocs,
            map([("build", map([("tools", variables(rng)), ("commands", commands(rng))]))]),
        ),
    };
    if rng.usize(..6) == 0 {
        root = deep(root, rng);
    }
    let mut writer = Writer { text: String::new(), anchors: Vec::new(), rng: Rng::with_seed(rng.u64(..)) };
    for _ in 0..if rng.usize(..8) == 0 { 2 } else { 1 } {
        writer.block(&root, 0);
        if writer.rng.usize(..4) == 0 {
            writer.text += "---\n";
            writer.anchors.clear();
        }
    }
    (kind, writer.text)
}

fn variables(rng: &mut Rng) -> Value {
    let keys =
        ["RUST", "RUST_VERSION", "RUSTUP_TOOLCHAIN", "MSRV", "IMAGE", "toolchain", "rust", "python", "V"];
    let entries = (0..rng.usize(..5)).map(|_| {
        let text = if rng.usize(..4) == 0 { image(rng) } else { value(rng) };
        (of(rng, &keys).to_owned(), scalar(text))
    });
    Value::Map(entries.collect())
}

fn commands(rng: &mut Rng) -> Value {
    if rng.bool() { scalar(script(rng)) } else { list(rng, 4, |rng| scalar(script(rng))) }
}

fn input(rng: &mut Rng) -> Value {
    map([
        ("type", scalar("choice")),
        ("default", scalar(value(rng))),
        ("options", list(rng, 3, |rng| scalar(value(rng)))),
    ])
}

fn row(rng: &mut Rng) -> Value {
    map([
        ("rust", scalar(value(rng))),
        ("os", scalar("linux")),
        ("name", scalar(of(rng, &["msrv", "pinned"]))),
    ])
}

fn step(rng: &mut Rng) -> Value {
    let uses = [
        "dtolnay/rust-toolchain@",
        "actions-rs/toolchain@v1",
        "moonrepo/setup-rust@v1",
        "./.github/actions/x",
        "docker://rust:",
    ];
    match rng.usize(..4) {
        0 => map([
            ("run", scalar(script(rng))),
            ("env", variables(rng)),
            ("if", scalar(format!("matrix.rust == '{}'", name(rng)))),
        ]),
        1 => map([("uses", scalar(format!("dtolnay/rust-toolchain@{}", name(rng))))]),
        2 => {
            let with = map([
                ("toolchain", scalar(value(rng))),
                ("channel", scalar(value(rng))),
                ("override", scalar("true")),
            ]);
            map([
                ("name", scalar("Rust")),
                ("uses", scalar(format!("{}{}", of(rng, &uses), name(rng)))),
                ("with", with),
            ])
        }
        _ => map([("name", scalar(of(rng, &["MSRV", "test"]))), ("run", scalar(script(rng)))]),
    }
}

fn steps(rng: &mut Rng) -> Value {
    list(rng, 4, step)
}

fn workflow(rng: &mut Rng) -> Value {
    let jobs = (0..rng.usize(1..4)).map(|at| {
        let matrix = map([
            ("rust", list(rng, 4, |rng| scalar(value(rng)))),
            ("include", list(rng, 2, row)),
            ("exclude", list(rng, 1, row)),
        ]);
        let job = map([
            ("runs-on", scalar("ubuntu-latest")),
            ("env", variables(rng)),
            ("container", if rng.bool() { scalar(image(rng)) } else { map([("image", scalar(image(rng)))]) }),
            ("strategy", map([("fail-fast", scalar("false")), ("matrix", matrix)])),
            ("steps", steps(rng)),
        ]);
        (format!("{}{at}", of(rng, &["test", "msrv", "fmt"])), some_of(job, rng))
    });
    let jobs = Value::Map(jobs.collect());
    let inputs = map([("workflow_dispatch", map([("inputs", map([("rust", input(rng))]))]))]);
    some_of(map([("on", inputs), ("env", variables(rng)), ("jobs", jobs)]), rng)
}

fn gitlab(rng: &mut Rng) -> Value {
    let job = |rng: &mut Rng| {
        let matrix = map([("matrix", list(rng, 2, variables))]);
        map([
            ("image", scalar(image(rng))),
            ("variables", variables(rng)),
            ("parallel", matrix),
            ("script", commands(rng)),
        ])
    };
    let (a, b) = (job(rng), job(rng));
    map([
        ("image", scalar(image(rng))),
        ("variables", variables(rng)),
        ("test", some_of(a, rng)),
        ("msrv", some_of(b, rng)),
    ])
}

fn circleci(rng: &mut Rng) -> Value {
    let docker = list(rng, 2, |rng| map([("image", scalar(image(rng)))]));
    let steps = list(rng, 3, |rng| {
        map([("run", if rng.bool() { scalar(script(rng)) } else { map([("command", scalar(script(rng)))]) })])
    });
    let parameters = map([("rust", map([("type", scalar("string")), ("default", scalar(value(rng)))]))]);
    let job = map([
        ("docker", docker),
        ("environment", variables(rng)),
        ("parameters", parameters),
        ("steps", steps),
    ]);
    map([("version", scalar("2.1")), ("jobs", map([("test", job)]))])
}

fn azure(rng: &mut Rng) -> Value {
    let steps = list(rng, 3, |rng| map([(of(rng, &["script", "bash", "pwsh"]), scalar(script(rng)))]));
    let matrix = map([("a", variables(rng)), ("msrv", variables(rng))]);
    map([
        ("variables", variables(rng)),
        ("strategy", map([("matrix", matrix)])),
        ("container", scalar(image(rng))),
        ("steps", steps),
    ])
}

fn travis(rng: &mut Rng) -> Value {
    let include = map([("include", list(rng, 2, row)), ("allow_failures", list(rng, 2, row))]);
    let rust = list(rng, 4, |rng| scalar(value(rng)));
    map([("language", scalar("rust")), ("rust", rust), ("jobs", include), ("script", commands(rng))])
}

fn woodpecker(rng: &mut Rng) -> Value {
    let steps = list(rng, 3, |rng| {
        map([("name", scalar("a")), ("image", scalar(image(rng))), ("commands", commands(rng))])
    });
    map([
        ("matrix", map([("RUST", list(rng, 3, |rng| scalar(value(rng))))])),
        ("variables", variables(rng)),
        ("steps", steps),
    ])
}

fn compose(rng: &mut Rng) -> Value {
    let build = map([("context", scalar(".")), ("args", variables(rng))]);
    let service = map([
        ("image", scalar(image(rng))),
        ("build", build),
        ("environment", variables(rng)),
        ("command", commands(rng)),
    ]);
    map([("services", map([("app", some_of(service, rng))]))])
}

/// Some entries are missing, and some hold what does not belong there.
fn some_of(value: Value, rng: &mut Rng) -> Value {
    let Value::Map(mut entries) = value else { return value };
    entries.retain(|_| rng.usize(..4) > 0);
    if rng.usize(..8) == 0
        && let Some((_, value)) = entries.last_mut()
    {
        *value = step(rng);
    }
    Value::Map(entries)
}

/// Nested as nobody does, near what is still read.
fn deep(value: Value, rng: &mut Rng) -> Value {
    let levels = rng.usize(1..200);
    (0..levels).fold(
        value,
        |inner, level| if level % 2 == 0 { Value::List(vec![inner]) } else { map([("jobs", inner)]) },
    )
}

struct Writer {
    text: String,
    /// What has an anchor already.
    anchors: Vec<String>,
    rng: Rng,
}

impl Writer {
    /// A value at the start of a line.
    fn block(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Map(entries) if !entries.is_empty() => {
                for (key, value) in entries {
                    self.comment(indent);
                    self.indent(indent);
                    if indent > 0 && !self.anchors.is_empty() && self.rng.usize(..24) == 0 {
                        let anchor = self.alias();
                        self.text += &format!("<<: *{anchor}\n");
                        self.indent(indent);
                    }
                    self.text += key;
                    self.text += ":";
                    self.behind(value, indent);
                }
            }
            Value::List(items) if !items.is_empty() => {
                for item in items {
                    self.comment(indent);
                    self.indent(indent);
                    self.text += "-";
                    self.behind(item, indent);
                }
            }
            other => {
                self.indent(indent);
                self.flow(other);
                self.text.push('\n');
            }
        }
    }

    /// A value behind `key:` or `-`.
    fn behind(&mut self, value: &Value, indent: usize) {
        self.text.push(' ');
        self.properties();
        match value {
            Value::Scalar(text) if text.contains('\n') || self.rng.usize(..12) == 0 => {
                self.text += ["|", ">", "|-", ">-", "|+", "|2"][self.rng.usize(..6)];
                self.text.push('\n');
                for line in text.lines() {
                    self.indent(indent + 2);
                    self.text += line;
                    self.text.push('\n');
                }
            }
            Value::Scalar(_) => {
                self.flow(value);
                self.text +=
                    ["\n", "\n", "\n", " # MSRV\n", " # xcargo: role=dev\n", "  \n"][self.rng.usize(..6)];
            }
            _ if self.rng.usize(..6) == 0 || indent > 40 => {
                self.flow(value);
                self.text.push('\n');
            }
            _ => {
                self.text.push('\n');
                self.block(value, indent + 2);
            }
        }
    }

    fn flow(&mut self, value: &Value) {
        match value {
            Value::Scalar(text) => {
                let text = text.replace('\n', " && ");
                if !self.anchors.is_empty() && self.rng.usize(..24) == 0 {
                    let anchor = self.alias();
                    self.text += &format!("*{anchor} ");
                    return;
                }
                match self.rng.usize(..6) {
                    0 | 1 => self.text += &format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
                    2 => self.text += &format!("'{}'", text.replace('\'', "''")),
                    3 => self.text += &format!("\"{}\"", text.replace('"', "\\\"").replace('.', "\\x2e")),
                    _ => self.text += &text,
                }
            }
            Value::List(items) => {
                self.text.push('[');
                for item in items {
                    self.flow(item);
                    self.text += [", ", ",", ",\n      "][self.rng.usize(..3)];
                }
                self.text.push(']');
            }
            Value::Map(entries) => {
                self.text += "{ ";
                for (key, value) in entries {
                    self.text += key;
                    self.text += ": ";
                    self.flow(value);
                    self.text += ", ";
                }
                self.text.push('}');
            }
        }
    }

    fn properties(&mut self) {
        match self.rng.usize(..16) {
            0 => {
                let anchor = format!("a{}", self.anchors.len());
                self.text += &format!("&{anchor} ");
                self.anchors.push(anchor);
            }
            1 => self.text += ["!!str ", "!reference ", "!<x> ", "! "][self.rng.usize(..4)],
            _ => {}
        }
    }

    fn alias(&mut self) -> String {
        self.anchors[self.rng.usize(..self.anchors.len())].clone()
    }

    fn comment(&mut self, indent: usize) {
        if self.rng.usize(..16) == 0 {
            self.indent(indent);
            self.text +=
                ["# xcargo: ignore\n", "# the pin: 1.78.0\n", "#\n", "\n", "# é\n"][self.rng.usize(..5)];
        }
    }

    fn indent(&mut self, by: usize) {
        self.text.extend(std::iter::repeat_n(' ', by));
    }
}
