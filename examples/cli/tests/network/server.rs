//! A server on a socket of this machine. What it answers is a `World`'s; what goes wrong on the way is its own.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use workos_to_authio::wire::{Request, RequestId, Response};

use crate::dice::Dice;
use crate::world::World;

pub(crate) const KEY: &str = "sk_live_planted_4f1d2c";

/// What is done with an answer on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    LimitedSeconds,
    LimitedDate,
    Internal,
    BadGateway,
    DroppedBefore,
    DroppedInside,
    Slow,
}

impl Fault {
    pub(crate) const ALL: [Self; 7] = [
        Self::LimitedSeconds,
        Self::LimitedDate,
        Self::Internal,
        Self::BadGateway,
        Self::DroppedBefore,
        Self::DroppedInside,
        Self::Slow,
    ];
}

/// What happens to the world between two answers: called with the number of the request.
pub(crate) type Event = Box<dyn FnMut(usize, &mut World) + Send>;
/// What is answered in place of the world, if anything.
pub(crate) type Instead = Box<dyn FnMut(usize, &str) -> Option<Response> + Send>;

struct Inner {
    world: World,
    dice: Dice,
    percent: u64,
    faults: Vec<Fault>,
    asked: usize,
    event: Event,
    instead: Instead,
}

pub(crate) struct Server {
    pub(crate) url: String,
    inner: Arc<Mutex<Inner>>,
}

impl Server {
    pub(crate) fn start(world: World) -> Self {
        Self::start_at(0, world)
    }

    /// A server at a port of this machine; 0 is any that is free.
    pub(crate) fn start_at(port: u16, world: World) -> Self {
        let inner = Inner {
            world,
            dice: Dice(7),
            percent: 0,
            faults: Vec::new(),
            asked: 0,
            event: Box::new(|_, _| {}),
            instead: Box::new(|_, _| None),
        };
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Mutex::new(inner));
        let shared = Arc::clone(&inner);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || while serve(&stream, &shared).is_some() {});
            }
        });
        Self { url, inner }
    }

    /// Of a hundred answers so many meet a fault.
    pub(crate) fn faults(self, percent: u64) -> Self {
        self.inner.lock().unwrap().percent = percent;
        self
    }

    pub(crate) fn event(self, event: impl FnMut(usize, &mut World) + Send + 'static) -> Self {
        self.inner.lock().unwrap().event = Box::new(event);
        self
    }

    pub(crate) fn instead(self, instead: impl FnMut(usize, &str) -> Option<Response> + Send + 'static) -> Self {
        self.inner.lock().unwrap().instead = Box::new(instead);
        self
    }

    pub(crate) fn asked(&self) -> usize {
        self.inner.lock().unwrap().asked
    }

    /// The faults that were met so far.
    pub(crate) fn met(&self) -> Vec<Fault> {
        self.inner.lock().unwrap().faults.clone()
    }
}

/// Answers one request. `None` where the connection is at its end.
fn serve(stream: &TcpStream, shared: &Mutex<Inner>) -> Option<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let mut authorized = false;
    for line in lines {
        let line = line.ok()?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(": ")?;
        authorized |= name.eq_ignore_ascii_case("authorization") && value == format!("Bearer {KEY}");
    }
    let mut words = first.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    assert_eq!(method, "GET", "a pull only reads");
    let (mut response, fault) = {
        let mut inner = shared.lock().unwrap();
        let inner = &mut *inner;
        inner.asked += 1;
        (inner.event)(inner.asked, &mut inner.world);
        let request = Request::get(RequestId::new(0), path.to_owned());
        let response = match (inner.instead)(inner.asked, path) {
            Some(response) => response,
            None if !authorized => Response::new(401, r#"{"message":"Unauthorized"}"#),
            None => inner.world.answer(&request).unwrap(),
        };
        let fault = (inner.dice.below(100) < inner.percent).then(|| Fault::ALL[inner.dice.below(7) as usize]);
        inner.faults.extend(fault);
        (response, fault)
    };
    match fault {
        Some(Fault::LimitedSeconds) => {
            response = Response::new(429, r#""Ratelimited""#);
            response.retry_after = Some("1".into());
        }
        Some(Fault::LimitedDate) => {
            response = Response::new(429, r#"{"message":"Too Many Requests"}"#);
            response.date = Some("Wed, 25 Nov 2026 17:00:00 GMT".into());
            response.retry_after = Some("Wed, 25 Nov 2026 17:00:01 GMT".into());
        }
        Some(Fault::Internal) => response = Response::new(500, r#"{"message":"alice@acme.example was not found"}"#),
        Some(Fault::BadGateway) => response = Response::new(502, "<html><h1>502 Bad Gateway</h1></html>"),
        Some(Fault::DroppedBefore) => {
            let _ = stream.shutdown(Shutdown::Both);
            return None;
        }
        Some(Fault::Slow) => thread::sleep(Duration::from_millis(700)),
        Some(Fault::DroppedInside) | None => {}
    }
    write(stream, &response, fault == Some(Fault::DroppedInside))
}

fn write(mut stream: &TcpStream, response: &Response, dropped_inside: bool) -> Option<()> {
    let mut head = format!("HTTP/1.1 {} Whatever\r\nContent-Length: {}\r\n", response.status, response.body.len());
    for (name, value) in [("Retry-After", &response.retry_after), ("Date", &response.date)] {
        if let Some(value) = value {
            head += &format!("{name}: {value}\r\n");
        }
    }
    if (300..400).contains(&response.status) {
        head += "Location: http://127.0.0.1:9/elsewhere\r\n";
    }
    head += "\r\n";
    stream.write_all(head.as_bytes()).ok()?;
    if dropped_inside {
        let _ = stream.write_all(&response.body[..response.body.len() / 2]);
        let _ = stream.shutdown(Shutdown::Both);
        return None;
    }
    stream.write_all(&response.body).ok()?;
    stream.flush().ok()
}
