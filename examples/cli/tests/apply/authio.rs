//! A server on a socket of this machine that answers as the model of Authio does.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use crate::dice::Dice;
use crate::model::Authio;
use crate::server::KEY;

struct Inner {
    model: Authio,
    dice: Dice,
    /// Of a hundred requests so many meet a fault.
    percent: u64,
    /// How long each answer takes.
    delay: Duration,
    asked: usize,
    written: usize,
    hold: Option<(usize, Which, Sender<()>, Arc<Gate>)>,
    /// What the key may not write: a part of the path.
    forbidden: Option<&'static str>,
}

/// Which requests are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// One alone: the others go on. Its connection breaks in the end, and it was carried out or not.
    One,
    /// That one and all that come after it: these are answered in the end.
    All,
}

#[derive(Default)]
struct Gate {
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn pass(&self) {
        drop(self.opened.wait_while(self.is_open.lock().unwrap(), |is_open| !*is_open).unwrap());
    }

    fn open(&self) {
        *self.is_open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}

/// Requests that get no answer before this is dropped: whoever sent them cannot be at the end.
pub(crate) struct Hold {
    reached: Receiver<()>,
    gate: Arc<Gate>,
}

impl Hold {
    /// Returns once a request is held. A request that never comes fails the test.
    pub(crate) fn wait(&self) {
        self.reached.recv_timeout(Duration::from_secs(120)).unwrap();
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.gate.open();
    }
}

pub(crate) struct Server {
    pub(crate) url: String,
    inner: Arc<Mutex<Inner>>,
}

impl Server {
    pub(crate) fn start(model: Authio) -> Self {
        Self::start_at(0, model)
    }

    /// A server at a port of this machine; 0 is any that is free.
    pub(crate) fn start_at(port: u16, model: Authio) -> Self {
        let inner = Inner {
            model,
            dice: Dice(11),
            percent: 0,
            delay: Duration::ZERO,
            asked: 0,
            written: 0,
            hold: None,
            forbidden: None,
        };
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Mutex::new(inner));
        let shared = Arc::clone(&inner);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    let _ = stream.set_nodelay(true);
                    let mut reader = BufReader::new(stream.try_clone().unwrap());
                    while serve(&stream, &mut reader, &shared).is_some() {}
                });
            }
        });
        Self { url, inner }
    }

    pub(crate) fn set(&self, percent: u64, delay: Duration) {
        let mut inner = self.inner.lock().unwrap();
        (inner.percent, inner.delay) = (percent, delay);
    }

    /// From now on the key may not write what has this in its path.
    pub(crate) fn forbid(&self, part: Option<&'static str>) {
        self.inner.lock().unwrap().forbidden = part;
    }

    /// Holds the `n`-th request from now on, counted from 1.
    pub(crate) fn hold(&self, n: usize, which: Which) -> Hold {
        let (send, reached) = mpsc::channel();
        let gate = Arc::new(Gate::default());
        let mut inner = self.inner.lock().unwrap();
        inner.hold = Some((inner.asked + n, which, send, Arc::clone(&gate)));
        Hold { reached, gate }
    }

    /// The model, to look at or to act in as an admin would.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Authio) -> T) -> T {
        let mut inner: MutexGuard<'_, Inner> = self.inner.lock().unwrap();
        act(&mut inner.model)
    }

    /// Requests, and how many of them were to change something.
    pub(crate) fn asked(&self) -> (usize, usize) {
        let inner = self.inner.lock().unwrap();
        (inner.asked, inner.written)
    }
}

/// Answers one request. `None` where the connection is at its end.
fn serve(mut stream: &TcpStream, reader: &mut BufReader<TcpStream>, shared: &Mutex<Inner>) -> Option<()> {
    let mut first = String::new();
    if reader.read_line(&mut first).ok()? == 0 {
        return None;
    }
    let (mut authorized, mut length) = (false, 0_usize);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(": ")?;
        authorized |= name.eq_ignore_ascii_case("authorization") && value == format!("Bearer {KEY}");
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut words = first.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    let (status, text, date, fault, delay, gate) = {
        let mut inner = shared.lock().unwrap();
        let inner = &mut *inner;
        inner.asked += 1;
        inner.written += usize::from(method != "GET");
        inner.model.now += i64::from(inner.asked % 50 == 0);
        let mut fault = if inner.dice.below(100) < inner.percent { 1 + inner.dice.below(6) } else { 0 };
        let held = inner.hold.as_ref().filter(|(at, which, ..)| match which {
            Which::One => inner.asked == *at,
            Which::All => inner.asked >= *at,
        });
        let gate = held.map(|(_, which, reached, gate)| {
            let _ = reached.send(());
            (*which, Arc::clone(gate))
        });
        if gate.as_ref().is_some_and(|(which, _)| *which == Which::One) {
            fault = 3 + inner.dice.below(2);
        }
        // 1 to 3: nothing is carried out; 4 to 6: all is, and the answer is lost or wrong.
        let (status, body) = match (authorized, fault) {
            (false, _) => (401, serde_json::json!({"code": "unauthorized"})),
            (true, _) if method != "GET" && inner.forbidden.is_some_and(|part| path.contains(part)) => {
                (403, serde_json::json!({"code": "forbidden"}))
            }
            (true, 1..=3) => (0, serde_json::Value::Null),
            (true, _) => inner.model.serve(method, path, &body),
        };
        let text = if body.is_null() { String::new() } else { body.to_string() };
        (status, text, inner.model.date(), fault, inner.delay, gate)
    };
    if let Some((_, gate)) = gate {
        gate.pass();
    }
    thread::sleep(delay);
    let (status, text) = match fault {
        1 => (503, "<html>planted.page@c.example</html>".to_owned()),
        2 => (429, "\"Ratelimited\"".to_owned()),
        3 | 4 => {
            let _ = stream.shutdown(Shutdown::Both);
            return None;
        }
        5 => (500, "{}".to_owned()),
        6 => (status, text.chars().take(text.len() / 2).collect()),
        _ => (status, text),
    };
    let retry = if status == 429 { "Retry-After: 0\r\n" } else { "" };
    let head = format!("HTTP/1.1 {status} Whatever\r\nContent-Length: {}\r\nDate: {date}\r\n{retry}\r\n", text.len());
    stream.write_all(&[head.as_bytes(), text.as_bytes()].concat()).ok()?;
    stream.flush().ok()
}
