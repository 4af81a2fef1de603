//! Every operation of the contract: what the code alone does not say of a route.
//!
//! What follows from something else is derived: the id from the function's name, who may call from the one table of
//! roles, security from who may call, the problems that come with a body, a credential, a proof or an id in the path.
//! A route that `template.yaml` does not have (yet) is not in the document.

mod coming_in;
mod directory;
mod in_the_visit;
mod scheduling;
mod service;

use bedside_domain::audit::EventType;
use bedside_domain::permit::{Action, Scope, StaffRole, scope};
use bedside_domain::visit::VisitStatus;

/// All of them, in the order of the document.
pub(crate) fn all() -> Vec<Operation> {
    [scheduling::all(), directory::all(), coming_in::all(), in_the_visit::all(), service::all()].concat()
}

/// Who may call, and for which things.
#[derive(Clone, Copy)]
pub(crate) enum Caller {
    /// Whom the table of roles lets do this.
    May(Action),
    /// Whoever came in, for themselves.
    Seated,
    /// The clinician who came in, for their visit.
    Desk,
    /// Anybody.
    Public,
    /// A page with its key, for what the key allows.
    Page,
}

/// How often.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    /// Whose count it is.
    pub(crate) per: &'static str,
    /// What is counted.
    pub(crate) what: &'static str,
    /// How many; none: a setting of the deployment.
    pub(crate) limit: Option<u32>,
    /// In how long, as ISO 8601 says it; none: ever.
    pub(crate) window: Option<&'static str>,
}

/// So many `what` in a window.
pub(crate) const fn limit(per: &'static str, what: &'static str, limit: u32, window: &'static str) -> Limit {
    Limit { per, what, limit: Some(limit), window: Some(window) }
}

/// What is counted whenever somebody tries links or codes that are none.
pub(crate) const MISSES: [Limit; 2] = [limit("address", "misses", 5, "PT10M"), limit("everyone", "misses", 60, "PT1M")];

/// An answer that is no problem.
#[derive(Clone, Copy)]
pub(crate) struct Good {
    pub(crate) status: u16,
    pub(crate) what: &'static str,
    /// The name of its schema; none: no body.
    pub(crate) schema: Option<&'static str>,
}

/// A route.
#[derive(Clone)]
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// The function behind it.
    pub(crate) function: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) text: &'static str,
    pub(crate) callers: Vec<Caller>,
    /// The visit's states in which it works; none: it is about no visit.
    pub(crate) states: Vec<VisitStatus>,
    /// What it may record.
    pub(crate) audit: Vec<EventType>,
    pub(crate) limits: Vec<Limit>,
    /// The parameters besides those of the path and what follows from the callers.
    pub(crate) parameters: Vec<&'static str>,
    /// The name of the body's schema, and whether there must be one.
    pub(crate) body: Option<(&'static str, bool)>,
    pub(crate) good: Vec<Good>,
    /// The codes that do not follow from anything else.
    pub(crate) problems: Vec<&'static str>,
    /// Whether its dead links are told apart by `valid: false`.
    pub(crate) of_link: bool,
}

impl Operation {
    pub(crate) const fn new(method: &'static str, path: &'static str, function: &'static str) -> Self {
        Self {
            method,
            path,
            function,
            tag: "",
            summary: "",
            text: "",
            callers: vec![],
            states: vec![],
            audit: vec![],
            limits: vec![],
            parameters: vec![],
            body: None,
            good: vec![],
            problems: vec![],
            of_link: false,
        }
    }
    pub(crate) const fn about(mut self, tag: &'static str, summary: &'static str, text: &'static str) -> Self {
        (self.tag, self.summary, self.text) = (tag, summary, text);
        self
    }
    pub(crate) fn by(mut self, callers: &[Caller]) -> Self {
        self.callers = callers.to_vec();
        self
    }
    pub(crate) fn within(mut self, states: &[VisitStatus]) -> Self {
        self.states = states.to_vec();
        self
    }
    pub(crate) fn records(mut self, audit: &[EventType]) -> Self {
        self.audit = audit.to_vec();
        self
    }
    pub(crate) fn limited(mut self, limits: &[Limit]) -> Self {
        self.limits = limits.to_vec();
        self
    }
    pub(crate) fn with(mut self, parameters: &[&'static str]) -> Self {
        self.parameters = parameters.to_vec();
        self
    }
    pub(crate) const fn takes(mut self, schema: &'static str) -> Self {
        self.body = Some((schema, true));
        self
    }
    pub(crate) const fn may_take(mut self, schema: &'static str) -> Self {
        self.body = Some((schema, false));
        self
    }
    pub(crate) fn answers(mut self, status: u16, schema: &'static str, what: &'static str) -> Self {
        self.good.push(Good { status, what, schema: Some(schema) });
        self
    }
    pub(crate) fn answers_nothing(mut self, what: &'static str) -> Self {
        self.good.push(Good { status: 204, what, schema: None });
        self
    }
    pub(crate) fn refuses(mut self, problems: &[&'static str]) -> Self {
        self.problems = problems.to_vec();
        self
    }
    pub(crate) const fn of_link(mut self) -> Self {
        self.of_link = true;
        self
    }

    /// `createVisit` of `create-visit`.
    pub(crate) fn id(&self) -> String {
        let mut words = self.function.split('-');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |id, word| {
            let (head, tail) = word.split_at_checked(1).unwrap_or_default();
            id + &head.to_ascii_uppercase() + tail
        })
    }

    /// Each role that may call, and for which things.
    pub(crate) fn roles(&self) -> Vec<(String, &'static str)> {
        let mut roles = Vec::new();
        for caller in &self.callers {
            match caller {
                Caller::Public => roles.push(("public".to_owned(), "any")),
                Caller::Page => roles.push((StaffRole::Publishable.as_str().to_owned(), said(Scope::Key))),
                Caller::Desk => roles.push(("session:clinician".to_owned(), "own")),
                Caller::Seated => {
                    let each = bedside_domain::access::Role::ALL.iter();
                    roles.extend(each.map(|role| (format!("session:{role}"), "self")));
                }
                Caller::May(action) => {
                    // The service's health is no practice's.
                    let word = |scope| if *action == Action::DeepHealth { "any" } else { said(scope) };
                    let may = |role: &StaffRole| Some((role.as_str().to_owned(), word(scope(*role, *action)?)));
                    roles.extend(StaffRole::ALL.iter().filter_map(may));
                }
            }
        }
        roles
    }

    /// The names of the parameters in its path.
    pub(crate) fn path_parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}

const fn said(scope: Scope) -> &'static str {
    match scope {
        Scope::Tenant => "tenant",
        Scope::Own => "own",
        Scope::Created => "created",
        Scope::Myself => "self",
        Scope::Key => "key",
    }
}
