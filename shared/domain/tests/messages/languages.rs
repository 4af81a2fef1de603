//! x
use super::{ground, text};
use bedside_domain::language::Language;
use bedside_domain::message::{Facts, Recipient, Template, email};
#[test]
fn show() {
    let g = ground("America/New_York");
    for language in Language::ALL {
        for t in Template::ALL {
            for r in Recipient::ALL {
                let f = Facts { recipient: r, language, ..g.facts() };
                let s = bedside_domain::message::sms(t, &f).unwrap();
                println!("{t:?} {r:?} [{} {:?}] {}", s.segments(), s, text(t, &f));
                let e = email(t, &f).unwrap();
                println!("   SUBJ {}", e.subject);
                if r == Recipient::Patient || r == Recipient::Interpreter {
                    println!("{}\n{}\n-----", e.text, e.invitation.map(|i| i.text).unwrap_or_default());
                }
            }
        }
    }
}
