//! The keys of the KMS stand-in, and the file that keeps them from one start to the next.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::SigningKey;
use ring::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};

/// What a key is for, by KMS's own names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Usage {
    SignVerify,
    EncryptDecrypt,
    GenerateVerifyMac,
}

/// A key's secret, ready for use.
pub(crate) enum Secret {
    Signing(SigningKey),
    Data(Box<LessSafeKey>),
    Mac(hmac::Key),
}

/// One key.
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) alias: &'static str,
    pub(crate) secret: Secret,
    /// Seconds since 1970.
    pub(crate) created: i64,
}

impl Key {
    pub(crate) fn usage(&self) -> Usage {
        match self.secret {
            Secret::Signing(_) => Usage::SignVerify,
            Secret::Data(_) => Usage::EncryptDecrypt,
            Secret::Mac(_) => Usage::GenerateVerifyMac,
        }
    }

    pub(crate) fn arn(&self) -> String {
        format!("{ARN_PREFIX}key/{}", self.id)
    }
}

/// The account and the region are the laptop's own.
pub(crate) const ACCOUNT: &str = "000000000000";
const ARN_PREFIX: &str = "arn:aws:kms:us-east-1:000000000000:";
const ALIASES: [(&str, Usage); 3] = [
    ("alias/bedside-signing", Usage::SignVerify),
    ("alias/bedside-data", Usage::EncryptDecrypt),
    ("alias/bedside-hmac", Usage::GenerateVerifyMac),
];

/// The keys there are.
pub(crate) struct KeyRing(Vec<Key>);

/// A key as the file keeps it: the secret's 32 bytes in base64.
#[derive(Serialize, Deserialize)]
struct Stored {
    alias: String,
    id: String,
    created: i64,
    secret: String,
}

impl KeyRing {
    /// The keys beside the data file, made at the first start; without a file, keys that last as long as the process.
    pub(crate) fn open(data: Option<&Path>) -> io::Result<Self> {
        let Some(data) = data else { return Self::from_stored(&generate()?) };
        let file = beside(data);
        match fs::read(&file) {
            Ok(bytes) => Self::from_stored(&serde_json::from_slice::<Vec<Stored>>(&bytes)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let stored = generate()?;
                write_private(&file, &serde_json::to_vec_pretty(&stored)?)?;
                Self::from_stored(&stored)
            }
            Err(error) => Err(error),
        }
    }

    /// The key of an id, an alias, or the ARN of either.
    pub(crate) fn find(&self, name: &str) -> Option<&Key> {
        let name = if name.starts_with("arn:") { name.rsplit(':').next()? } else { name };
        let id = name.strip_prefix("key/").unwrap_or(name);
        self.0.iter().find(|key| key.id == id || key.alias == name)
    }

    fn from_stored(stored: &[Stored]) -> io::Result<Self> {
        let key = |&(alias, usage): &(&'static str, Usage)| {
            let found = stored.iter().find(|stored| stored.alias == alias);
            let Stored { id, created, secret, .. } = found.ok_or_else(|| damaged(alias))?;
            let bytes = STANDARD.decode(secret).map_err(|_| damaged(alias))?;
            let secret = ready(usage, &bytes).ok_or_else(|| damaged(alias))?;
            Ok(Key { id: id.clone(), alias, secret, created: *created })
        };
        ALIASES.iter().map(key).collect::<io::Result<_>>().map(Self)
    }
}

fn damaged(alias: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the file holds no usable key {alias}"))
}

fn ready(usage: Usage, bytes: &[u8]) -> Option<Secret> {
    if bytes.len() != 32 {
        return None;
    }
    match usage {
        Usage::SignVerify => SigningKey::from_slice(bytes).ok().map(Secret::Signing),
        Usage::EncryptDecrypt => {
            UnboundKey::new(&AES_256_GCM, bytes).ok().map(|key| Secret::Data(Box::new(LessSafeKey::new(key))))
        }
        Usage::GenerateVerifyMac => Some(Secret::Mac(hmac::Key::new(hmac::HMAC_SHA256, bytes))),
    }
}

fn generate() -> io::Result<Vec<Stored>> {
    let key = |&(alias, usage): &(&str, Usage)| {
        let bytes = loop {
            let bytes = random::<32>()?;
            // About one 256-bit number in 2^32 is no scalar of P-256.
            if ready(usage, &bytes).is_some() {
                break bytes;
            }
        };
        Ok(Stored {
            alias: alias.to_owned(),
            id: uuid::Uuid::from_bytes(random::<16>()?).to_string(),
            created: jiff::Timestamp::now().as_second(),
            secret: STANDARD.encode(bytes),
        })
    };
    ALIASES.iter().map(key).collect()
}

/// Bytes from the operating system's generator.
pub(crate) fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| io::Error::other("no randomness"))?;
    Ok(bytes)
}

fn beside(data: &Path) -> PathBuf {
    let mut name = data.as_os_str().to_owned();
    name.push(".keys");
    PathBuf::from(name)
}

/// Writes whole or not at all: a half-written file of keys would lock everything sealed with them.
fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = file.with_extension("keys.new");
    let mut open = OpenOptions::new();
    let mut out = open.write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    fs::rename(&draft, file)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn keys_are_found_by_every_name_they_have() {
        let keys = KeyRing::open(None).unwrap();
        let key = keys.find("alias/bedside-signing").unwrap();
        for name in [key.id.clone(), key.arn(), format!("{ARN_PREFIX}alias/bedside-signing")] {
            assert_eq!(keys.find(&name).unwrap().id, key.id);
        }
        assert!(keys.find("alias/other").is_none());
    }

    #[test]
    fn keys_survive_a_restart_in_a_file_of_their_owner_only() {
        let folder = std::env::temp_dir().join(format!("bedside-keys-{}", uuid::Uuid::now_v7()));
        fs::create_dir(&folder).unwrap();
        let data = folder.join("data.db");
        let first = KeyRing::open(Some(&data)).unwrap();
        let again = KeyRing::open(Some(&data)).unwrap();
        let public = |keys: &KeyRing| match &keys.find("alias/bedside-signing").unwrap().secret {
            Secret::Signing(key) => *key.verifying_key(),
            Secret::Data(_) | Secret::Mac(_) => panic!("not a signing key"),
        };
        assert_eq!(public(&first), public(&again));
        let mode = fs::metadata(folder.join("data.db.keys")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::write(folder.join("data.db.keys"), b"[]").unwrap();
        assert!(KeyRing::open(Some(&data)).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}
