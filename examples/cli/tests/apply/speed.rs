//! How fast a night is carried out, and what the journal costs: run in release, alone, for the figures.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use workos_to_authio::apply::{Applier, Approved, Next, Options, Steps};
use workos_to_authio::mirror::{Changes, DiffOptions, Guards, Ledger, Snapshot, diff};
use workos_to_authio::plan;
use workos_to_authio::wire::{Failure, Request, Response};

use crate::authio::Server;
use crate::company::{apply, company, empty};
use crate::run::Folder;
use crate::server::KEY;
use crate::world::World;

const DELAY: Duration = Duration::from_millis(20);

fn large() -> World {
    let mut world = World::new(100, 10_000, 100);
    (world.connections, world.directories) = (Vec::new(), Vec::new());
    world
}

/// 10,000 users against a server that takes 20 ms an answer, with the journal on the disk and in memory.
#[test]
#[ignore = "for figures"]
fn ten_thousand_users_at_twenty_milliseconds() {
    let run = |folder: Folder| {
        let server = Server::start(empty());
        let folder = company(folder, &large(), &server);
        server.set(0, DELAY);
        let (asked, at) = (server.asked().0, Instant::now());
        let (status, stderr) = apply(&folder, &server);
        let (requests, took) = (server.asked().0 - asked, at.elapsed());
        assert_eq!(status, 0, "{stderr}");
        (requests, took)
    };
    let (requests, took) = run(Folder::new("fast"));
    let alone = DELAY * requests as u32;
    let times = alone.as_secs_f64() / took.as_secs_f64();
    println!("{requests} requests in {took:.1?}; one after the other {alone:.1?} at least: {times:.1} times");
    let memory = Path::new("/dev/shm");
    if memory.exists() {
        let folder = memory.join(format!("apply-fast-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (_, without) = run(Folder(folder));
        println!("with the journal in memory {without:.1?}: the disk costs {:.1} %", percent(took, without));
    }
    assert!(took * 12 < alone, "{took:?} {alone:?}");
}

/// The same requests by the same threads, with a journal and without: its lines are built, written and flushed, or none
/// of that.
#[test]
#[ignore = "for figures"]
fn what_the_journal_costs() {
    let (changes, ledger, snapshot) = first_night();
    let folder = Folder::new("journal-cost");
    let mut times = [Vec::new(), Vec::new()];
    // One after the other, so that what else the machine does falls on both.
    for round in 0..4 {
        let file = (round % 2 == 0).then(|| File::create(folder.0.join("journal.ndjson")).unwrap());
        let approved = Approved::new(&Default::default()).unwrap();
        let steps = Steps::new(&changes, approved, &ledger, &snapshot).unwrap();
        let with = usize::from(file.is_none());
        let (took, lines, flushed) = carry_out(steps, file);
        println!("{took:.2?}: {lines} lines, flushed {flushed} times");
        times[with].push(took);
    }
    let [with, without] = times.map(|times| times.into_iter().min().unwrap());
    println!("with a journal {with:.2?}, without {without:.2?}: {:.1} %", percent(with, without));
}

fn percent(with: Duration, without: Duration) -> f64 {
    (with.as_secs_f64() / without.as_secs_f64() - 1.0) * 100.0
}

fn first_night() -> (Changes, Ledger, Snapshot) {
    let (ledger, mut snapshot) = (Ledger::new(), Snapshot::new());
    (snapshot.derived, snapshot.project) = (false, Some("proj_1".into()));
    let plan = plan(&large().truth(true));
    let changes = diff(&ledger, &snapshot, &plan, &DiffOptions::new()).unwrap();
    assert!(Guards::new().judge(&ledger, &snapshot, &plan, &changes).is_ok());
    (changes, ledger, snapshot)
}

/// How long it took, the lines, and how often these were flushed.
fn carry_out(steps: Steps<'_>, mut journal: Option<File>) -> (Duration, u64, u64) {
    let server = Server::start(empty());
    server.set(0, DELAY);
    let mut applier = Applier::new(steps, &Options::new().concurrency(16));
    let (requests, waiting) = mpsc::channel::<Request>();
    let (answered, answers) = mpsc::channel();
    let waiting = Arc::new(Mutex::new(waiting));
    for _ in 0..16 {
        let (waiting, answered, url) = (Arc::clone(&waiting), answered.clone(), server.url.clone());
        thread::spawn(move || {
            let agent = ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).build());
            loop {
                let Ok(request) = waiting.lock().unwrap().recv() else { return };
                let id = request.id;
                answered.send((id, send(&agent, &url, request).map_err(|_| Failure::Broken))).unwrap();
            }
        });
    }
    let (start, mut unwritten, mut number) = (Instant::now(), Vec::new(), 0);
    let (mut lines, mut flushed, mut on_disk) = (0, 0, 0);
    loop {
        let next = applier.poll(start.elapsed());
        if let Next::Write { number: line, entry } = next {
            number = line;
            lines += 1;
            if journal.is_some() {
                serde_json::to_writer(&mut unwritten, &entry).unwrap();
                unwritten.push(b'\n');
            }
            continue;
        }
        if let (Some(file), false) = (&mut journal, unwritten.is_empty()) {
            file.write_all(&unwritten).unwrap();
            file.sync_data().unwrap();
            unwritten.clear();
            flushed += 1;
        }
        let was_announced = std::mem::replace(&mut on_disk, number) != number;
        applier.written(number);
        drop(applier.events());
        match next {
            // What was announced may be sent now.
            Next::Await if was_announced => {}
            Next::Send(request) => requests.send(request).unwrap(),
            Next::Done => break,
            // Without faults nothing is to be waited for but answers.
            Next::Await => {
                let (id, answer): (_, Result<Response, Failure>) = answers.recv().unwrap();
                assert!(answer.is_ok(), "{answer:?}");
                applier.handle(id, start.elapsed(), answer).unwrap();
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(applier.counts().all_made(), "{:?}", applier.counts());
    (start.elapsed(), lines, flushed)
}

fn send(agent: &ureq::Agent, url: &str, request: Request) -> Result<Response, ureq::Error> {
    let sent = ureq::http::Request::builder()
        .method(request.method.as_str())
        .uri(format!("{url}{}", request.path))
        .header("Authorization", format!("Bearer {KEY}"));
    let answer = match request.body {
        None => agent.run(sent.body(())?)?,
        Some(body) => agent.run(sent.header("Content-Type", "application/json").body(body)?)?,
    };
    let status = answer.status().as_u16();
    let date = answer.headers().get("date").and_then(|date| date.to_str().ok()).map(str::to_owned);
    let mut response = Response::new(status, answer.into_body().read_to_vec()?);
    response.date = date;
    Ok(response)
}
