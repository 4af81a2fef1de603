//! What racers with retries saw of one link, in the order they saw it, could have happened one after another.

use bedside_tests::{Answer, Appointment, Device, Practice};
use futures_util::future::join_all;
use serde_json::{Value, json};
use stateright::semantics::{ConsistencyTester as _, LinearizabilityTester, SequentialSpec};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

/// A link: nobody's, or one owner's for good.
#[derive(Clone, Debug, Default, PartialEq)]
struct OneOwner(Option<usize>);

/// What somebody does with it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Op {
    Look(usize),
    Start(usize),
}

/// What they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// Nobody has it.
    Free,
    /// It is theirs.
    Yours,
    /// Somebody else has it.
    Used,
}

impl SequentialSpec for OneOwner {
    type Op = Op;
    type Ret = Told;
    fn invoke(&mut self, op: &Op) -> Told {
        let (who, takes) = match op {
            Op::Look(who) => (*who, false),
            Op::Start(who) => (*who, true),
        };
        if takes && self.0.is_none() {
            self.0 = Some(who);
        }
        match self.0 {
            None => Told::Free,
            Some(owner) if owner == who => Told::Yours,
            Some(_) => Told::Used,
        }
    }
}

/// One moment of a history: an operation begins, or its answer has come. Without an answer it may have happened or not.
#[derive(Clone, Copy, Debug)]
enum Moment {
    Begun(usize, Op),
    Answered(usize, Told),
}

/// What all of them did and saw, in the order of the clock on the wall.
#[derive(Default)]
struct History(Mutex<(usize, Vec<Moment>)>);

impl History {
    fn begin(&self, op: Op) -> usize {
        let mut history = self.0.lock().unwrap();
        history.0 += 1;
        let id = history.0;
        history.1.push(Moment::Begun(id, op));
        id
    }
    fn answer(&self, id: usize, told: Told) {
        self.0.lock().unwrap().1.push(Moment::Answered(id, told));
    }
    fn moments(&self) -> Vec<Moment> {
        self.0.lock().unwrap().1.clone()
    }
}

/// Whether a history is one of a link with one owner.
///
/// Each operation is a thread of its own: what its racer did before is before it in time too. The tester tries threads
/// in their order; an order in which they may have happened is found at once when it is tried first: looks that saw
/// nobody's link, then what took it, then the rest; what was never answered last.
fn is_linearizable(moments: &[Moment]) -> bool {
    let answers: BTreeMap<usize, Told> = moments
        .iter()
        .filter_map(|m| if let Moment::Answered(id, told) = m { Some((*id, *told)) } else { None })
        .collect();
    let rank = |id: usize| match answers.get(&id) {
        Some(Told::Free) => (0, id),
        Some(Told::Yours) => (1, id),
        None => (2, id),
        Some(Told::Used) => (3, id),
    };
    let mut tester = LinearizabilityTester::new(OneOwner::default());
    for moment in moments {
        let _ = match moment {
            Moment::Begun(id, op) => tester.on_invoke(rank(*id), *op),
            Moment::Answered(id, told) => tester.on_return(rank(*id), *told),
        }
        .unwrap();
    }
    tester.is_consistent()
}

/// What an answer says of the link; `None`: nothing.
fn told(answer: &Answer) -> Option<Told> {
    match (answer.status.as_u16(), answer.json["code"].as_str()) {
        (200 | 202, None) => match answer.json["resumable"].as_bool() {
            Some(false) => Some(Told::Free),
            Some(true) | None => Some(Told::Yours),
        },
        (409, Some("TOKEN_USED")) => Some(Told::Used),
        (500 | 502 | 503, Some(_)) => None,
        _ => panic!("not an answer of the contract: {} {}", answer.status, answer.text),
    }
}

/// One racer: looks, presses until there is an answer, presses once more, looks again.
async fn racer(visit: &Appointment<'_>, link: &Value, who: usize, history: &History) {
    let device = Device::new();
    let practice = visit.practice;
    let look = async || {
        let id = history.begin(Op::Look(who));
        let answer = practice.post("/api/token/redeem", link).device(&device).send().await;
        told(&answer).inspect(|told| history.answer(id, *told))
    };
    let press = async || {
        let id = history.begin(Op::Start(who));
        told(&visit.start(link, &device).await).inspect(|told| history.answer(id, *told))
    };
    if who.is_multiple_of(3) {
        let _ = look().await;
    }
    let mut answered = 0;
    for _ in 0..12 {
        answered += usize::from(press().await.is_some());
        if answered == 2 {
            break;
        }
    }
    assert_eq!(answered, 2, "an answer comes at last");
    if who.is_multiple_of(2) {
        assert_ne!(look().await, Some(Told::Free));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_racers_saw_could_have_happened_one_after_another() {
    let practice = Practice::open().await;
    let mut unanswered = 0;
    let faults = [
        None,
        Some(("TransactWriteItems", "lost-answer", 6)),
        Some(("TransactWriteItems", "die-after", 2)),
        Some(("TransactWriteItems", "die", 3)),
        Some(("TransactWriteItems", "twice", 4)),
        Some(("TransactWriteItems", "conflict", 4)),
        Some(("TransactWriteItems", "error", 8)),
        Some(("Query", "error", 9)),
    ];
    for round in 0..24 {
        let visit = Appointment::make(&practice, json!({})).await;
        let link = visit.patient_credential().await;
        if let Some((operation, kind, times)) = faults[round % faults.len()] {
            practice.fault("dynamodb", operation, kind, times).await;
        }
        let history = History::default();
        let racers = 2 + round % 7;
        let _ = join_all((0..racers).map(|who| racer(&visit, &link, who, &history))).await;
        practice.no_faults().await;
        let moments = history.moments();
        let answers = moments.iter().filter(|moment| matches!(moment, Moment::Answered(..))).count();
        unanswered += moments.len() - 2 * answers;
        let winners: Vec<_> = moments.iter().filter(|m| matches!(m, Moment::Answered(_, Told::Yours))).collect();
        assert!(winners.len() >= 2, "somebody has come in, and again");
        let judged = moments.clone();
        let judging = tokio::task::spawn_blocking(move || is_linearizable(&judged));
        let verdict = tokio::time::timeout(Duration::from_secs(20), judging).await;
        assert!(matches!(verdict, Ok(Ok(true))), "round {round}: {verdict:?} {moments:#?}");
        let redeemed = visit.events().await.iter().filter(|event| *event == "TOKEN_REDEEMED").count();
        assert_eq!(redeemed, 1);
    }
    assert!(unanswered > 12, "the faults were met: {unanswered} operations were not answered");
}

#[test]
fn a_history_that_no_link_can_have_is_recognised() {
    use Moment::{Answered, Begun};
    let begun = |id, op| Begun(id, op);
    let right = [begun(1, Op::Start(1)), begun(2, Op::Start(2)), Answered(1, Told::Yours), Answered(2, Told::Used)];
    assert!(is_linearizable(&right));
    let unanswered = [
        begun(1, Op::Start(1)),
        begun(2, Op::Start(2)),
        Answered(2, Told::Used),
        begun(3, Op::Start(1)),
        Answered(3, Told::Yours),
    ];
    assert!(is_linearizable(&unanswered), "the answer to the first was lost, but it took the link");
    let wrong: [(&str, &[Moment]); 5] = [
        (
            "two came in",
            &[begun(1, Op::Start(1)), begun(2, Op::Start(2)), Answered(1, Told::Yours), Answered(2, Told::Yours)],
        ),
        (
            "refused before anybody came",
            &[begun(1, Op::Start(1)), Answered(1, Told::Used), begun(2, Op::Start(2)), Answered(2, Told::Yours)],
        ),
        (
            "the owner was locked out",
            &[begun(1, Op::Start(1)), Answered(1, Told::Yours), begun(2, Op::Start(1)), Answered(2, Told::Used)],
        ),
        (
            "it looked free after it was taken",
            &[begun(1, Op::Start(1)), Answered(1, Told::Yours), begun(2, Op::Look(2)), Answered(2, Told::Free)],
        ),
        (
            "a look has taken it",
            &[begun(1, Op::Look(1)), Answered(1, Told::Yours), begun(2, Op::Start(2)), Answered(2, Told::Used)],
        ),
    ];
    for (what, moments) in wrong {
        assert!(!is_linearizable(moments), "{what}");
    }
}
