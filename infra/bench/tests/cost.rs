//! A visit costs less than half a cent, with every poll that its pages may send.
#![allow(clippy::unwrap_used)]

use bedside_bench::bill::{Bill, Prices};
use bedside_bench::cost::{self, Habits, MOST_USD};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_costs_less_than_half_a_cent_outside_of_texts_and_media() {
    let prices = Prices::load().unwrap();
    let lived = cost::visit(Habits::Most).await.unwrap();
    let bill = Bill::of(&lived.counted, &prices);
    assert!(bill.usd() < MOST_USD, "{:?}: {bill:#?}", bill.usd());

    // What is not counted would cost nothing.
    let counted = &lived.counted;
    assert!(counted.requests > 300, "75 polls of the waiting patient, 75 looks of the desk, 160 polls in the call");
    assert_eq!(counted.ticks, 25, "one a minute");
    for service in ["dynamodb", "kms", "sesv2", "sms", "chime"] {
        assert!(counted.calls_of(service, |_| true) > 0, "no call of {service}: {:?}", counted.calls);
    }
    let metered: u64 = counted.database.iter().map(|taken| taken.calls).sum();
    assert_eq!(metered, counted.calls_of("dynamodb", |_| true), "each call was metered: none was refused");
    assert!(counted.read_units() > 0.0 && counted.write_units() > 0.0);
    assert!(bill.0.iter().all(|line| line.usd > 0.0), "{bill:#?}");
}
