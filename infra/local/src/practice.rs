//! The practices on the laptop: the demo's, the events', and those that a test asks for. Their keys are known here in clear, since
//! whoever develops must be able to use them.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use bedside_domain::api_key::KeySecret;
use bedside_domain::person::KeyKind;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::{Deserialize, Serialize};

use crate::known;
use crate::oidc::Role;

/// A practice and what it is called and used with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Practice {
    /// The tenant's id.
    pub(crate) tenant_id: String,
    /// A lander's server key.
    pub(crate) secret_key: String,
    /// A lander's page key.
    pub(crate) publishable_key: String,
    /// Its clinician.
    pub(crate) clinician_id: String,
    /// Its patient.
    pub(crate) patient_id: String,
    /// Its client at the identity provider.
    pub(crate) client_id: String,
}

/// What `/local/keys` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Keys {
    /// The tenant's id.
    pub tenant_id: String,
    /// A lander's server key.
    pub secret_key: String,
    /// A lander's page key.
    pub publishable_key: String,
    /// The origin from which the page key may be used.
    pub allowed_origin: String,
    /// The practice's clinician.
    pub clinician_id: String,
    /// The practice's patient.
    pub patient_id: String,
    /// Where the practice's people sign in.
    pub issuer: String,
    /// The origin of links and of the API.
    pub public_origin: String,
}

impl Practice {
    /// The demo's practice: names and keys are always the same, for everyone to know.
    fn demo() -> io::Result<Self> {
        let key = |kind| known::demo_key(kind).ok_or_else(|| io::Error::other("the demo has no keys"));
        let keys = [key(KeyKind::Secret)?, key(KeyKind::Publishable)?];
        Ok(Self::named("demo-practice", "demo-clinician", "demo-patient", keys))
    }

    /// The practice that `events/*.json` are about, as well known.
    fn events() -> io::Result<Self> {
        let key = |kind| known::events_key(kind).ok_or_else(|| io::Error::other("the events have no keys"));
        let keys = [key(KeyKind::Secret)?, key(KeyKind::Publishable)?];
        Ok(Self::named("events-practice", "events-clinician", "events-patient", keys))
    }

    /// Another practice, with random names and keys.
    pub(crate) fn another() -> io::Result<Self> {
        let mark: String = random::<4>()?.iter().map(|byte| format!("{byte:02x}")).collect();
        let keys = [key(KeyKind::Secret)?, key(KeyKind::Publishable)?];
        Ok(Self::named(&format!("practice-{mark}"), &format!("clinician-{mark}"), &format!("patient-{mark}"), keys))
    }

    fn named(tenant: &str, clinician: &str, patient: &str, [secret, publishable]: [KeySecret; 2]) -> Self {
        Self {
            tenant_id: tenant.to_owned(),
            secret_key: secret.expose().to_owned(),
            publishable_key: publishable.expose().to_owned(),
            clinician_id: clinician.to_owned(),
            patient_id: patient.to_owned(),
            client_id: format!("{tenant}-visits"),
        }
    }

    /// Who a role is, unless somebody else is named.
    pub(crate) fn subject(&self, role: Role) -> String {
        match role {
            Role::Clinician => self.clinician_id.clone(),
            Role::Patient => self.patient_id.clone(),
            Role::Admin | Role::Auditor => format!("{}-1", role.name()),
        }
    }

    /// What a caller needs to know, on the laptop at `origin` with that identity provider.
    pub(crate) fn keys(&self, origin: &str, issuer: &str) -> Keys {
        Keys {
            tenant_id: self.tenant_id.clone(),
            secret_key: self.secret_key.clone(),
            publishable_key: self.publishable_key.clone(),
            allowed_origin: origin.to_owned(),
            clinician_id: self.clinician_id.clone(),
            patient_id: self.patient_id.clone(),
            issuer: issuer.to_owned(),
            public_origin: origin.to_owned(),
        }
    }
}

/// What is kept beside the data file. The practices that everyone knows need no keeping.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    others: Vec<Practice>,
}

impl Kept {
    /// Keys that were kept before keys had their form would open nothing: new ones take their place.
    fn with_keys_of_today(mut self) -> io::Result<Self> {
        for practice in &mut self.others {
            for (kept, kind) in
                [(&mut practice.secret_key, KeyKind::Secret), (&mut practice.publishable_key, KeyKind::Publishable)]
            {
                if KeySecret::parse(kept).is_none() {
                    *kept = key(kind)?.expose().to_owned();
                }
            }
        }
        Ok(self)
    }
}

/// All practices of the laptop.
#[derive(Debug)]
pub(crate) struct Practices {
    file: Option<PathBuf>,
    demo: Practice,
    events: Option<Practice>,
    kept: Mutex<Kept>,
}

impl Practices {
    /// The demo's, the events' if they are to be there, and those of the file beside the data file, `FILE.practices`.
    pub(crate) fn open(data: Option<&Path>, with_events: bool) -> io::Result<Self> {
        let file = data.map(|data| {
            let mut name = data.as_os_str().to_owned();
            name.push(".practices");
            PathBuf::from(name)
        });
        let known = match &file {
            Some(file) => read(file)?,
            None => None,
        };
        let kept = known.unwrap_or_default().with_keys_of_today()?;
        save(file.as_deref(), &kept)?;
        let events = with_events.then(Practice::events).transpose()?;
        Ok(Self { file, demo: Practice::demo()?, events, kept: Mutex::new(kept) })
    }

    /// The demo's practice.
    pub(crate) fn demo(&self) -> Practice {
        self.demo.clone()
    }

    /// The events' practice, if it is to be there.
    pub(crate) fn events(&self) -> Option<&Practice> {
        self.events.as_ref()
    }

    /// All of them, the demo's first.
    pub(crate) fn all(&self) -> Vec<Practice> {
        self.with(|kept| [&self.demo].into_iter().chain(&self.events).chain(&kept.others).cloned().collect())
    }

    /// The practice of that tenant.
    pub(crate) fn find(&self, tenant: &str) -> Option<Practice> {
        self.all().into_iter().find(|practice| practice.tenant_id == tenant)
    }

    /// Keeps another one.
    pub(crate) fn add(&self, practice: Practice) -> io::Result<()> {
        self.with(|kept| {
            kept.others.push(practice);
            save(self.file.as_deref(), kept)
        })
    }

    /// Forgets all but those that everyone knows.
    pub(crate) fn forget_others(&self) -> io::Result<()> {
        self.with(|kept| {
            kept.others.clear();
            save(self.file.as_deref(), kept)
        })
    }

    fn with<R>(&self, act: impl FnOnce(&mut Kept) -> R) -> R {
        act(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn read(file: &Path) -> io::Result<Option<Kept>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn save(file: Option<&Path>, kept: &Kept) -> io::Result<()> {
    let Some(file) = file else { return Ok(()) };
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)?;
    file.write_all(&serde_json::to_vec_pretty(kept)?)
}

/// A key, to be made known to the application when the practice is.
fn key(kind: KeyKind) -> io::Result<KeySecret> {
    loop {
        if let Some(secret) = KeySecret::new(kind, random::<64>()?) {
            return Ok(secret);
        }
    }
}

fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| io::Error::other("the system has no randomness"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_demos_and_the_events_are_always_the_same_and_every_other_practice_is_new() {
        assert_eq!(Practice::demo().unwrap(), Practice::demo().unwrap());
        assert_eq!(Practice::events().unwrap(), Practice::events().unwrap());
        let (one, two) = (Practice::another().unwrap(), Practice::another().unwrap());
        assert_ne!(one.tenant_id, two.tenant_id);
        assert_ne!(Practice::demo().unwrap().secret_key, Practice::events().unwrap().secret_key);
        for practice in [&one, &Practice::demo().unwrap(), &Practice::events().unwrap()] {
            assert_ne!(practice.secret_key, two.secret_key);
            let (prefix, rest) = practice.secret_key.split_at(4);
            assert_eq!(prefix, "bsk_");
            assert!(rest.len() == 36 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        }
    }

    #[test]
    fn what_is_kept_beside_the_data_comes_back_and_is_the_owners_alone() {
        let folder = std::env::temp_dir().join(format!("bedside-practices-{}", uuid::Uuid::now_v7()));
        fs::create_dir(&folder).unwrap();
        let data = folder.join("data");
        let file = folder.join("data.practices");
        let first = Practices::open(Some(&data), true).unwrap();
        first.add(Practice::another().unwrap()).unwrap();
        let second = Practices::open(Some(&data), true).unwrap();
        assert_eq!(second.all(), first.all());
        assert!(!fs::read_to_string(&file).unwrap().contains("events-practice"), "everyone knows it");
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        second.forget_others().unwrap();
        assert_eq!(second.all(), [first.demo(), first.events().unwrap().clone()]);
        assert_eq!(Practices::open(Some(&data), false).unwrap().all(), [first.demo()]);
        fs::remove_dir_all(folder).unwrap();
    }
}
