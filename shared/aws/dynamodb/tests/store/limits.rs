//! Limits: places that slide, budgets that begin anew.

use crate::engine::Engine;
use crate::samples::*;
use bedside_app::ports::{Drawn, Limits as _, Places};
use bedside_domain::limit::Limit;
use bedside_domain::time::Time;
use serde_json::json;

const LIMITS: [Limit; 2] = [Limit::new("minute", 1, 60), Limit::new("hour", 3, 3600)];
const ONE: [Limit; 1] = [Limit::new("hour", 1, 3600)];

fn at(seconds: i64) -> Time {
    now().plus_seconds(seconds)
}

async fn take(engine: &Engine, limits: &[Limit], seconds: i64) -> Places {
    engine.store.take("number#a", limits, at(seconds)).await.unwrap()
}

#[tokio::test]
async fn a_place_is_taken_while_every_limit_has_one() {
    let engine = Engine::new();
    let first = take(&engine, &LIMITS, 0).await;
    assert!(first.mine.is_some());
    assert_eq!(first.taken, [at(0)]);
    assert_eq!(take(&engine, &LIMITS, 59).await, Places { mine: None, taken: vec![at(0)] }, "a minute apart");
    for seconds in [60, 120] {
        assert!(take(&engine, &LIMITS, seconds).await.mine.is_some());
    }
    let full = take(&engine, &LIMITS, 3599).await;
    assert_eq!(full, Places { mine: None, taken: vec![at(120), at(60), at(0)] }, "three an hour");
    assert_eq!(take(&engine, &LIMITS, 3600).await.taken, [at(3600), at(120), at(60)], "to the second");
    assert!(engine.store.take("number#b", &LIMITS, at(1)).await.unwrap().mine.is_some(), "another has their own");
    assert_eq!(engine.calls(), ["UpdateItem"; 7]);
    let item = engine.item("Limits", "COUNT#number#a", "PLACES");
    assert_eq!(item.get("ttl"), Some(&json!({ "N": ((at(7200).millis() + 999) / 1000).to_string() })));
}

#[tokio::test]
async fn a_limit_of_one_has_one_place() {
    let engine = Engine::new();
    assert!(take(&engine, &ONE, 0).await.mine.is_some());
    assert!(take(&engine, &ONE, 3599).await.mine.is_none());
    assert!(take(&engine, &ONE, 3600).await.mine.is_some());
}

#[tokio::test]
async fn of_many_in_one_moment_as_many_get_a_place_as_there_are() {
    let engine = Engine::new();
    let limits = [Limit::new("hour", 5, 3600)];
    let mut taken = 0;
    for _ in 0..16 {
        taken += u32::from(take(&engine, &limits, 0).await.mine.is_some());
    }
    assert_eq!(taken, 5);
}

#[tokio::test]
async fn a_place_whose_answer_was_lost_is_taken_once() {
    let engine = Engine::new();
    let limits = [Limit::new("hour", 3, 3600)];
    for _ in 0..3 {
        engine.lose_next_answer();
        let places = take(&engine, &limits, 0).await;
        assert!(places.mine.is_some(), "one's own");
    }
    assert_eq!(take(&engine, &limits, 0).await.taken.len(), 3);
    engine.lose_next_answer();
    assert!(take(&engine, &limits, 1).await.mine.is_none());
}

#[tokio::test]
async fn a_place_is_given_back_whoever_came_after() {
    let engine = Engine::new();
    let first = take(&engine, &LIMITS, 0).await.mine.unwrap();
    engine.store.give_back("number#a", &LIMITS, &first).await.unwrap();
    assert_eq!(take(&engine, &LIMITS, 1).await.taken, [at(1)], "as if it had never been taken");
    let second = take(&engine, &LIMITS, 61).await.mine.unwrap();
    let third = take(&engine, &LIMITS, 121).await.mine.unwrap();
    engine.store.give_back("number#a", &LIMITS, &second).await.unwrap();
    engine.store.give_back("number#nobody", &LIMITS, &second).await.unwrap();
    assert_eq!(engine.store.taken("number#a").await.unwrap(), [at(121), at(1)], "the others keep theirs");
    engine.store.give_back("number#a", &LIMITS, &second).await.unwrap();
    assert_eq!(engine.store.taken("number#a").await.unwrap(), [at(121), at(1)], "it is given back once");
    engine.lose_next_answer();
    engine.store.give_back("number#a", &LIMITS, &third).await.unwrap();
    assert_eq!(engine.store.taken("number#a").await.unwrap(), [at(1)]);
}

#[tokio::test]
async fn places_that_are_given_back_at_once_are_all_free_again() {
    let engine = Engine::new();
    let limits = [Limit::new("day", 20, 86_400)];
    let _ = take(&engine, &limits, 0).await;
    let one = take(&engine, &limits, 1).await.mine.unwrap();
    let two = take(&engine, &limits, 2).await.mine.unwrap();
    let three = take(&engine, &limits, 3).await.mine.unwrap();
    let back = |place| engine.store.give_back("number#a", &limits, place);
    let (one, two, three) = tokio::join!(back(&one), back(&two), back(&three));
    one.and(two).and(three).unwrap();
    assert_eq!(engine.store.taken("number#a").await.unwrap(), [at(0)]);
}

#[tokio::test]
async fn the_last_place_can_count_for_all() {
    let engine = Engine::new();
    let limits = [Limit::new("address", 3, 600)];
    for seconds in [0, 100] {
        let _ = take(&engine, &limits, seconds).await;
    }
    let last = take(&engine, &limits, 200).await.mine.unwrap();
    engine.store.fill("number#a", &limits, &last).await.unwrap();
    assert!(take(&engine, &limits, 799).await.mine.is_none());
    assert!(take(&engine, &limits, 800).await.mine.is_some());
    assert!(take(&engine, &limits, 801).await.mine.is_some(), "and all of them are free");
}

#[tokio::test]
async fn a_budget_is_drawn_to_its_end_and_begins_anew() {
    let engine = Engine::new();
    let (this, next) = (now().plus_minutes(1), now().plus_minutes(2));
    let draw = |end, many| engine.store.draw("tenant#a", end, 5, many);
    assert_eq!(draw(this, 2).await.unwrap(), Drawn::All(2));
    assert_eq!(draw(this, 3).await.unwrap(), Drawn::All(5));
    assert_eq!(draw(this, 1).await.unwrap(), Drawn::None);
    assert_eq!(draw(this, 6).await.unwrap(), Drawn::None, "more than there ever is");
    assert_eq!(draw(next, 4).await.unwrap(), Drawn::All(4));
    assert_eq!(draw(next, 2).await.unwrap(), Drawn::None, "all, or none");
    assert_eq!(draw(next, 1).await.unwrap(), Drawn::All(5), "what was refused is still there");
    let item = engine.item("Limits", "COUNT#tenant#a", "1796155261");
    assert_eq!(item.get("ttl"), Some(&json!({ "N": "1796155261" })));
}

#[tokio::test]
async fn a_draw_whose_answer_was_lost_is_drawn_once() {
    let engine = Engine::new();
    let end = now().plus_minutes(1);
    for count in 1..=3 {
        engine.lose_next_answer();
        assert_eq!(engine.store.draw("tenant#a", end, 3, 1).await.unwrap(), Drawn::All(count));
    }
    assert_eq!(engine.store.draw("tenant#a", end, 3, 1).await.unwrap(), Drawn::None);
}
