//! Our calendar entries before a library of others: PyPI's icalendar, by the rules of the zones that they bring.

use super::foreign;
use bedside_domain::contact::{EmailAddress, PhoneNumber};
use bedside_domain::language::Language;
use bedside_domain::message::calendar::Entry;
use bedside_domain::message::{Facts, Recipient, Template, email};
use bedside_domain::visit::Modality;
use bedside_domain::zone::Zone;
use serde_json::{Value, json};

/// What the library understood of each entry.
pub(crate) fn read_entries(entries: &[&str]) -> Vec<Value> {
    let entries: Vec<Value> = entries.iter().map(|entry| json!(entry)).collect();
    let read =
        tokio::task::block_in_place(|| foreign::verdicts("icalendar", foreign::python("entries.py"), "", &entries));
    for one in &read {
        assert_eq!(one["errors"], json!([]), "it is read without complaint: {one}");
    }
    read
}

/// The entry of a message about a visit of half an hour.
fn entry(template: Template, sequence: u32, at: &str, zone: &str, practice: &str, language: Language) -> String {
    let phone = PhoneNumber::parse("+12025550100").unwrap();
    let [organizer, attendee] =
        ["help@example.com", "o'neil+visit@example.com"].map(|text| EmailAddress::parse(text).unwrap());
    let facts = Facts {
        practice_name: practice,
        sms_name: "Example",
        support_phone: &phone,
        clinician_first_name: Some("Jane"),
        modality: Modality::Video,
        scheduled_at: at.parse().unwrap(),
        duration_minutes: 30,
        zone: &Zone::parse(zone).unwrap(),
        link: Some("https://visit.example.com/j/K7QX2MPA#T9WMR4VX8KQ2PLNA"),
        code: None,
        code_minutes: 0,
        recipient: Recipient::Patient,
        language,
        entry: Some(Entry {
            uid: "01890a5d@visit.example.com",
            sequence,
            written_at: "2026-01-02T03:04:05Z".parse().unwrap(),
            organizer: &organizer,
            sender: None,
            attendee: &attendee,
        }),
    };
    email(template, &facts).unwrap().invitation.unwrap().text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_is_made_moved_and_taken_out_under_one_name() {
    let (first, then, zone) = ("2026-12-01T19:45:00Z", "2026-12-03T15:00:00Z", "America/New_York");
    let entries = [
        entry(Template::Initial, 0, first, zone, "Lakeside", Language::English),
        entry(Template::Reminder, 0, first, zone, "Lakeside", Language::English),
        entry(Template::Moved, 1, then, zone, "Lakeside", Language::English),
        entry(Template::Cancelled, 2, then, zone, "Lakeside", Language::English),
    ];
    let read = read_entries(&entries.each_ref().map(String::as_str));
    let told = |name: &str| read.iter().map(|one| one[name].clone()).collect::<Vec<_>>();
    assert!(told("uid").iter().all(|uid| uid == "01890a5d@visit.example.com"));
    assert_eq!(told("sequence"), [0, 0, 1, 2].map(|n| json!(n)));
    assert_eq!(told("method"), ["REQUEST", "REQUEST", "REQUEST", "CANCEL"].map(|word| json!(word)));
    assert_eq!(told("status"), ["CONFIRMED", "CONFIRMED", "CONFIRMED", "CANCELLED"].map(|word| json!(word)));
    assert_eq!(told("start"), [first, first, then, then].map(|at| json!(at)));
    assert!(told("attendees").iter().all(|one| *one == json!(["mailto:o'neil+visit@example.com"])));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_the_days_on_which_clocks_change_the_time_is_right() {
    let cases = [
        // New York: forward on 8 March 2026 at 2:00, back on 1 November at 2:00.
        ("America/New_York", "2026-03-08T06:30:00Z", "2026-03-08T01:30:00", "-0500"),
        ("America/New_York", "2026-03-08T07:00:00Z", "2026-03-08T03:00:00", "-0400"),
        ("America/New_York", "2026-11-01T05:15:00Z", "2026-11-01T01:15:00", "-0400"),
        ("America/New_York", "2026-11-01T07:00:00Z", "2026-11-01T02:00:00", "-0500"),
        // Berlin: forward on 29 March at 2:00, back on 25 October at 3:00.
        ("Europe/Berlin", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00", "+0100"),
        ("Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00", "+0200"),
        ("Europe/Berlin", "2026-10-25T02:00:00Z", "2026-10-25T03:00:00", "+0100"),
        // Summer is in January, and the year ends in it.
        ("Australia/Sydney", "2026-12-31T14:00:00Z", "2027-01-01T01:00:00", "+1100"),
        ("Africa/Casablanca", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00", "+0000"),
        ("Africa/Casablanca", "2026-06-01T12:00:00Z", "2026-06-01T13:00:00", "+0100"),
        ("America/Phoenix", "2026-07-01T12:00:00Z", "2026-07-01T05:00:00", "-0700"),
        ("Asia/Kathmandu", "2026-07-01T12:00:00Z", "2026-07-01T17:45:00", "+0545"),
    ];
    let entries = cases.map(|(zone, at, ..)| entry(Template::Initial, 0, at, zone, "Lakeside", Language::English));
    for ((zone, at, wall, offset), read) in cases.iter().zip(read_entries(&entries.each_ref().map(String::as_str))) {
        assert_eq!(read["zone"], *zone);
        assert_eq!(
            (&read["start"], &read["wall"], &read["offset"]),
            (&json!(at), &json!(wall), &json!(offset)),
            "{zone}"
        );
    }
    // What the clocks show twice is told in UTC.
    let second = entry(Template::Initial, 0, "2026-11-01T06:15:00Z", "America/New_York", "Lakeside", Language::English);
    let read = read_entries(&[&second]);
    assert_eq!((&read[0]["start"], &read[0]["zone"]), (&json!("2026-11-01T06:15:00Z"), &Value::Null));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_names_in_any_letters_arrive_whole() {
    let names = [
        "عيادة البحيرة للعائلة والأطفال وكبار السن في المدينة القديمة",
        "Policlínica Ñandú, Señor; \\ de la «Esperanza»: niños y niñas",
        "北京协和医院国际医疗部门诊北京协和医院国际医疗部门诊北京协和医院国际医疗部门诊",
        "👩‍⚕️".trim_end_matches(char::is_whitespace),
    ];
    for language in Language::ALL {
        let entries =
            names.map(|name| entry(Template::Initial, 0, "2026-12-01T19:45:00Z", "America/Denver", name, language));
        for (name, read) in names.iter().zip(read_entries(&entries.each_ref().map(String::as_str))) {
            // Joiners and selectors of emoji are not seen, and are taken out.
            let name = name.replace(['\u{200D}', '\u{FE0F}'], "");
            for member in ["summary", "location", "organizerName"] {
                assert!(read[member].as_str().unwrap().contains(&name), "{member} of {read}");
            }
        }
    }
}
