//! Requests under their `Idempotency-Key`: one try at a time, one answer.

use crate::engine::Engine;
use crate::samples::*;
use bedside_app::ports::{Attempt, Attempted, Attempts as _, StoredAnswer};
use bedside_domain::secret::{Mac, Salt, Sealed};

/// A try of the request, so many seconds from now.
fn attempt(by: &str, seconds: i64) -> Attempt {
    let at = now().plus_seconds(seconds);
    Attempt {
        scope: Mac("scope".to_owned()),
        fingerprint: Mac("body".to_owned()),
        by: by.to_owned(),
        seed: format!("seed of {by}"),
        at,
        until: at.plus_seconds(35),
        expires: at.plus_seconds(86_400),
    }
}

fn answer(text: &str) -> StoredAnswer {
    StoredAnswer { sealed: Sealed(text.to_owned()), salt: Salt("salt".to_owned()) }
}

async fn tries(engine: &Engine, attempt: &Attempt) -> Attempted {
    engine.store.attempt(attempt).await.unwrap()
}

fn mine(seconds: i64, seed: &str, again: bool) -> Attempted {
    Attempted::Mine { at: now().plus_seconds(seconds), seed: seed.to_owned(), again }
}

#[tokio::test]
async fn one_try_has_the_request_until_it_answers() {
    let engine = Engine::new();
    let (first, second) = (attempt("first", 0), attempt("second", 1));
    assert_eq!(tries(&engine, &first).await, mine(0, "seed of first", false));
    assert_eq!(tries(&engine, &second).await, Attempted::UnderWay(first.until));
    let other = Attempt { fingerprint: Mac("other body".to_owned()), ..attempt("third", 2) };
    assert_eq!(tries(&engine, &other).await, Attempted::Reused);
    engine.store.answered(&first, &answer("done")).await.unwrap();
    assert_eq!(tries(&engine, &second).await, Attempted::Answered(answer("done")));
    assert_eq!(tries(&engine, &other).await, Attempted::Reused);
    let elsewhere = Attempt { scope: Mac("other scope".to_owned()), ..attempt("fourth", 3) };
    assert_eq!(tries(&engine, &elsewhere).await, mine(3, "seed of fourth", false));
    let item = engine.item("Limits", "ONCE#scope", "ONCE");
    assert_eq!(item.get("ttl"), Some(&serde_json::json!({ "N": ((first.expires.millis() + 999) / 1000).to_string() })));
}

#[tokio::test]
async fn who_takes_the_place_of_a_dead_try_is_given_what_it_drew() {
    let engine = Engine::new();
    let first = attempt("first", 0);
    let _ = tries(&engine, &first).await;
    assert_eq!(tries(&engine, &attempt("early", 34)).await, Attempted::UnderWay(first.until));
    let second = attempt("second", 35);
    assert_eq!(tries(&engine, &second).await, mine(0, "seed of first", true));
    assert_eq!(tries(&engine, &attempt("third", 36)).await, Attempted::UnderWay(second.until));
    // The first was not dead but slow: its answer does not count any more, the second's does.
    assert!(engine.store.answered(&first, &answer("late")).await.is_err());
    engine.store.let_go(&first, true).await.unwrap();
    engine.store.answered(&second, &answer("done")).await.unwrap();
    assert_eq!(tries(&engine, &attempt("fourth", 37)).await, Attempted::Answered(answer("done")));
}

#[tokio::test]
async fn a_try_that_lets_go_makes_room_at_once() {
    let engine = Engine::new();
    let first = attempt("first", 0);
    let _ = tries(&engine, &first).await;
    engine.store.let_go(&first, false).await.unwrap();
    let second = attempt("second", 1);
    assert_eq!(tries(&engine, &second).await, mine(0, "seed of first", true));
    engine.store.let_go(&second, true).await.unwrap();
    let other = Attempt { fingerprint: Mac("other body".to_owned()), ..attempt("third", 2) };
    assert_eq!(tries(&engine, &other).await, mine(2, "seed of third", false), "as if it had never been");
}

#[tokio::test]
async fn an_answer_is_forgotten_after_its_time_whatever_the_broom_does() {
    let engine = Engine::new();
    let first = attempt("first", 0);
    let _ = tries(&engine, &first).await;
    engine.store.answered(&first, &answer("done")).await.unwrap();
    assert_eq!(tries(&engine, &attempt("late", 86_399)).await, Attempted::Answered(answer("done")));
    assert_eq!(tries(&engine, &attempt("later", 86_400)).await, mine(86_400, "seed of later", false));
}

#[tokio::test]
async fn a_call_whose_answer_was_lost_finds_itself() {
    let engine = Engine::new();
    let (first, second) = (attempt("first", 0), attempt("second", 35));
    engine.lose_next_answer();
    assert_eq!(tries(&engine, &first).await, mine(0, "seed of first", false));
    engine.lose_next_answer();
    assert_eq!(tries(&engine, &second).await, Attempted::Mine { at: now(), seed: "seed of first".into(), again: true });
    engine.lose_next_answer();
    engine.store.answered(&second, &answer("done")).await.unwrap();
    assert_eq!(tries(&engine, &attempt("third", 36)).await, Attempted::Answered(answer("done")));
}
