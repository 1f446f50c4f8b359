//! Waiting: what the API asks for, pauses, outages, the budget, the end of patience.

use std::time::Duration;

use proptest::prelude::*;
use workos_to_authio::pull::{Options, Part, WorkOs};
use workos_to_authio::wire::{Failure, Next, Request, RequestId, Response, Retries};
use workos_to_authio::workos::Section;

use crate::drive::Drive;
use crate::support::config;
use crate::world::World;

const SECOND: Duration = Duration::from_secs(1);

fn limited(retry_after: &str, date: Option<&str>) -> Response {
    let mut response = Response::new(429, "");
    (response.retry_after, response.date) = (Some(retry_after.into()), date.map(Into::into));
    response
}

fn first(machine: &mut WorkOs, now: Duration) -> Request {
    match machine.poll(now) {
        Next::Send(request) => request,
        other => panic!("{other:?}"),
    }
}

#[test]
fn retry_after_is_read_as_seconds_and_as_a_date_by_the_answers_own_clock() {
    let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
    for (text, date, seconds) in [
        ("7", None, 7),
        (" 90 ", None, 90),
        ("Sun, 06 Nov 1994 08:50:07 GMT", date, 30),
        ("Sunday, 06-Nov-94 08:49:47 GMT", date, 10),
    ] {
        let mut machine = WorkOs::new(&Options::new());
        let request = first(&mut machine, SECOND);
        machine.handle(request.id, SECOND, Ok(limited(text, date))).unwrap();
        assert_eq!(machine.poll(SECOND), Next::Wait { until: SECOND * (1 + seconds) }, "{text}");
        assert_eq!(machine.progress(SECOND).waiting_until, Some(SECOND * (1 + seconds)));
        assert_eq!(first(&mut machine, SECOND * (1 + seconds)), request, "the same request once more");
    }
}

#[test]
fn a_retry_after_that_says_nothing_is_a_wait_of_its_own() {
    for (text, date) in
        [("soon", None), ("-5", None), ("NaN", None), ("Sun, 06 Nov 1994 08:50:07 GMT", None), ("", None)]
    {
        let mut machine = WorkOs::new(&Options::new());
        let request = first(&mut machine, SECOND);
        machine.handle(request.id, SECOND, Ok(limited(text, date))).unwrap();
        assert_eq!(machine.poll(SECOND), Next::Wait { until: SECOND + SECOND / 2 }, "{text}");
    }
}

#[test]
fn hours_of_429_are_survived_and_cost_nothing() {
    let mut world = World::new(2, 10, 3);
    let truth = world.truth(false);
    let wait = SECOND * 60 * 60 * 9 / 2;
    let run = Drive::default().run(&Options::new().retries(Retries::new().tokens(0)), |request, now| {
        if now < wait { Ok(limited("60", None)) } else { world.answer(request) }
    });
    assert!(run.elapsed >= wait);
    assert_eq!(run.machine.finish(), truth);
}

#[test]
fn an_outage_of_an_hour_is_survived_whatever_its_failures() {
    for failure in [Err(Failure::Connect), Ok(Response::new(503, "")), Ok(Response::new(502, "<html>"))] {
        let mut world = World::new(3, 30, 3);
        let truth = world.truth(false);
        let run = Drive::default().run(&Options::new(), |request, now| {
            let is_away = (SECOND / 2..SECOND * 3600).contains(&now);
            if is_away { failure.clone() } else { world.answer(request) }
        });
        assert!(run.elapsed < SECOND * 3600 + SECOND * 180, "{:?}", run.elapsed);
        assert_eq!(run.machine.finish(), truth);
    }
}

#[test]
fn an_outage_in_which_everything_is_slow_or_broken_is_survived_too() {
    for failure in [Err(Failure::Timeout), Err(Failure::Broken), Ok(Response::new(500, ""))] {
        let mut world = World::new(60, 400, 3);
        let truth = world.truth(false);
        let run = Drive::default().run(&Options::new(), |request, now| {
            let is_away = (SECOND / 2..SECOND * 3600).contains(&now);
            if is_away { failure.clone() } else { world.answer(request) }
        });
        assert_eq!(run.machine.finish(), truth);
    }
}

#[test]
fn after_six_hours_without_an_answer_the_rest_is_a_gap() {
    for failure in [
        Err(Failure::Connect),
        Ok(limited("60", None)),
        Ok(Response::new(500, "")),
        Ok(limited("999999999999999999999999", None)),
    ] {
        let mut world = World::new(3, 30, 3);
        let run = Drive::default().run(&Options::new().with(Part::Factors), |request, now| {
            if now > SECOND / 5 { failure.clone() } else { world.answer(request) }
        });
        assert!(run.elapsed <= SECOND * 6 * 3600 + SECOND * 61, "{:?}", run.elapsed);
        let gaps = run.machine.finish().gaps;
        assert!(gaps.iter().any(|gap| gap.section == Section::Users), "{gaps:?}");
        assert!(gaps.iter().any(|gap| gap.section == Section::AuthenticationFactors), "{gaps:?}");
    }
}

#[test]
fn a_budget_that_is_spent_ends_repetitions_and_good_answers_fill_it_again() {
    let asked = |tokens| {
        let mut world = World::new(1, 40, 100);
        let retries = Retries::new().tokens(tokens).attempts(u32::MAX);
        let options = Options::new().with(Part::Factors).retries(retries);
        let run = Drive { limit: 1, ..Drive::default() }.run(&options, |request, _| {
            let answer = world.answer(request);
            if request.path.contains("user_000008/auth") { Ok(Response::new(500, "")) } else { answer }
        });
        let gaps = run.machine.finish().gaps;
        assert_eq!(gaps.len(), 1);
        world.log.iter().filter(|path| path.contains("user_000008/auth")).count()
    };
    assert_eq!(asked(0), 1);
    assert!(asked(3) > 4, "more than the first tokens, as other answers were good");
}

#[test]
fn a_rate_is_kept() {
    let mut world = World::new(20, 20, 100);
    let mut times = Vec::new();
    Drive { limit: 50, ..Drive::default() }.run(&Options::new().per_second(20), |request, now| {
        times.push(now);
        world.answer(request)
    });
    assert!(times.len() > 20);
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= SECOND / 20));
}

proptest! {
    #![proptest_config(config("pull"))]

    /// Waits double, stay within their bounds, and differ between requests.
    #[test]
    fn waits_are_between_a_half_and_the_whole(
        seed: u64, id: u64, attempt in 1..100_u32, first in 1..5_000_u64, longest in 1..100_000_u64,
    ) {
        let (first, longest) = (Duration::from_millis(first), Duration::from_millis(longest));
        let retries = Retries::new().seed(seed).waits(first, longest);
        let whole = first.saturating_mul(2_u32.saturating_pow(attempt - 1)).min(longest);
        let delay = retries.delay(RequestId::new(id), attempt);
        prop_assert!(delay >= whole / 2 && delay <= whole);
    }
}

#[test]
fn waits_of_many_requests_are_spread() {
    let retries = Retries::new();
    let waits: std::collections::BTreeSet<_> = (0..1_000).map(|id| retries.delay(RequestId::new(id), 5)).collect();
    assert!(waits.len() > 950, "{}", waits.len());
}
