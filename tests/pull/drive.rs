//! Drives a machine in simulated time, and holds what must hold of every run: never more in flight than allowed,
//! nothing sent before `until` nor while the API asked for silence, always an end.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use workos_to_authio::pull::{Authio, Options, WorkOs};
use workos_to_authio::wire::{Answer, Failure, Next, Request, RequestId, Response, Stop, UnknownRequest};

use crate::dice::Dice;

pub(crate) struct Drive {
    pub(crate) limit: usize,
    pub(crate) dice: Dice,
    /// Answers take between these two.
    pub(crate) latency: (Duration, Duration),
    /// Of a hundred answers so many are failures.
    pub(crate) faults: u64,
    /// How often the state is saved, its in-flight requests lost, and resumed.
    pub(crate) saves: u32,
}

impl Default for Drive {
    fn default() -> Self {
        let latency = (Duration::from_millis(50), Duration::from_millis(50));
        Self { limit: 8, dice: Dice(1), latency, faults: 0, saves: 0 }
    }
}

/// A machine that can be driven, saved and resumed.
pub(crate) trait Machine: Serialize + DeserializeOwned {
    fn poll(&mut self, now: Duration) -> Next;
    fn handle(&mut self, id: RequestId, now: Duration, answer: Answer) -> Result<(), UnknownRequest>;
}

impl Machine for WorkOs {
    fn poll(&mut self, now: Duration) -> Next {
        Self::poll(self, now)
    }

    fn handle(&mut self, id: RequestId, now: Duration, answer: Answer) -> Result<(), UnknownRequest> {
        Self::handle(self, id, now, answer)
    }
}

impl Machine for Authio {
    fn poll(&mut self, now: Duration) -> Next {
        Self::poll(self, now)
    }

    fn handle(&mut self, id: RequestId, now: Duration, answer: Answer) -> Result<(), UnknownRequest> {
        Self::handle(self, id, now, answer)
    }
}

pub(crate) struct Run<M> {
    pub(crate) machine: M,
    pub(crate) elapsed: Duration,
    pub(crate) stopped: Option<Stop>,
}

impl Drive {
    pub(crate) fn run(self, options: &Options, server: impl FnMut(&Request, Duration) -> Answer) -> Run<WorkOs> {
        let options = options.clone().concurrency(self.limit);
        self.go_on(WorkOs::new(&options), server)
    }

    pub(crate) fn go_on<M: Machine>(
        mut self,
        mut machine: M,
        mut server: impl FnMut(&Request, Duration) -> Answer,
    ) -> Run<M> {
        let mut in_flight: Vec<(Duration, RequestId, Answer)> = Vec::new();
        let (mut now, mut silent_until) = (Duration::ZERO, Duration::ZERO);
        for _ in 0..5_000_000_u32 {
            if self.saves > 0 && self.dice.below(10) == 0 {
                self.saves -= 1;
                let saved = serde_json::to_string(&machine).unwrap();
                machine = serde_json::from_str(&saved).unwrap();
                assert_eq!(serde_json::to_string(&machine).unwrap(), saved, "a state is what was saved");
                in_flight.clear();
                (now, silent_until) = (Duration::ZERO, Duration::ZERO);
            }
            match machine.poll(now) {
                Next::Send(request) => {
                    assert!(now >= silent_until, "sent while the API asked for silence");
                    let answer = match self.dice.below(100) < self.faults {
                        true => self.fault(server(&request, now)),
                        false => server(&request, now),
                    };
                    let (least, most) = self.latency;
                    let spread = self.dice.below((most - least).as_micros() as u64 + 1);
                    in_flight.push((now + least + Duration::from_micros(spread), request.id, answer));
                    assert!(in_flight.len() <= self.limit, "more in flight than allowed");
                }
                Next::Wait { until } => {
                    assert!(until > now, "a wait that is over is none");
                    let first = in_flight.iter().map(|(due, _, _)| *due).min();
                    match first.filter(|due| *due <= until) {
                        Some(_) => deliver(&mut machine, &mut in_flight, &mut now, &mut silent_until),
                        None => now = until,
                    }
                }
                Next::Await => {
                    assert!(!in_flight.is_empty(), "it waits for nothing");
                    deliver(&mut machine, &mut in_flight, &mut now, &mut silent_until);
                }
                Next::Stopped(stop) => return Run { machine, elapsed: now, stopped: Some(stop) },
                Next::Done => {
                    assert!(in_flight.is_empty(), "it is done before all is answered");
                    return Run { machine, elapsed: now, stopped: None };
                }
                other => panic!("{other:?}"),
            }
        }
        panic!("it does not end");
    }

    /// Spoils an answer in one of the ways that the field knows.
    fn fault(&mut self, good: Answer) -> Answer {
        let mut limited = Response::new(429, r#""Ratelimited""#);
        match self.dice.below(9) {
            0 => limited.retry_after = Some("2".into()),
            1 => {
                limited.date = Some("Sun, 06 Nov 1994 08:49:37 GMT".into());
                limited.retry_after = Some("Sun, 06 Nov 1994 08:49:40 GMT".into());
            }
            2 => {}
            3 => return Ok(Response::new(500, r#"{"message":"Internal error"}"#)),
            4 => return Ok(Response::new(502, "<html><h1>Bad Gateway</h1>")),
            5 => return Err(Failure::Connect),
            6 => return Err(Failure::Timeout),
            7 => return Err(Failure::Broken),
            _ => {
                // Cut in the middle, unnoticed by the client.
                return good.map(|mut response| {
                    response.body.truncate(response.body.len() / 2);
                    response
                });
            }
        }
        Ok(limited)
    }
}

fn deliver<M: Machine>(
    machine: &mut M,
    in_flight: &mut Vec<(Duration, RequestId, Answer)>,
    now: &mut Duration,
    silent_until: &mut Duration,
) {
    let (position, _) = in_flight.iter().enumerate().min_by_key(|(_, (due, id, _))| (*due, *id)).unwrap();
    let (due, id, answer) = in_flight.remove(position);
    *now = due.max(*now);
    if let Ok(Response { status: 429, retry_after: Some(wait), .. }) = &answer {
        let seconds = wait.parse().unwrap_or(3);
        *silent_until = (*silent_until).max(*now + Duration::from_secs(seconds));
    }
    machine.handle(id, *now, answer.clone()).unwrap();
    assert!(machine.handle(id, *now, answer).is_err(), "an answer counts once");
}
