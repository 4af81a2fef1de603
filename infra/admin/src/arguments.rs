//! What the command is started with.

use bedside_domain::id::{KeyId, TenantId, VisitId};
use bedside_domain::person::KeyKind;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Runs Bedside: its practices, their keys, their audit chains.
///
/// Works with your AWS credentials and region, and the settings of the functions: VISITS_TABLE, AUDIT_TABLE,
/// LIMITS_TABLE, SIGNING_KEY, DATA_KEY, HMAC_KEY. `bedside audit verify` needs none of them.
#[derive(Debug, Parser)]
#[command(name = "bedside", version)]
pub struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Practices
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Keys of landers
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Audit chains
    #[command(subcommand)]
    Audit(AuditCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum TenantCommand {
    /// Make a practice, with a data key of its own
    Create(Box<CreateTenant>),
    /// Show a practice's settings
    Show {
        /// The practice
        id: TenantId,
    },
    /// Change where a practice's people sign in: for when nobody of it can any more
    SignIn {
        /// The practice
        id: TenantId,
        #[command(flatten)]
        oidc: OidcArguments,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CreateTenant {
    /// The practice's id: 1 to 64 of A-Z a-z 0-9 - _ . :
    #[arg(long)]
    pub(crate) id: TenantId,
    /// As people know it
    #[arg(long)]
    pub(crate) name: String,
    /// As a text message names it: at most 20 characters
    #[arg(long)]
    pub(crate) sms_name: String,
    /// Whom patients call, such as +12025550100
    #[arg(long)]
    pub(crate) support_phone: String,
    /// Whom they write to
    #[arg(long)]
    pub(crate) support_email: Option<String>,
    /// Such as America/New_York
    #[arg(long)]
    pub(crate) timezone: String,
    /// The language of messages
    #[arg(long, default_value = "en-US")]
    pub(crate) locale: String,
    /// The origin of all links, such as https://visit.example.com
    #[arg(long)]
    pub(crate) join_base_url: String,
    #[command(flatten)]
    pub(crate) oidc: OidcArguments,
}

#[derive(Debug, Args)]
pub(crate) struct OidcArguments {
    /// `iss` of the identity provider's tokens
    #[arg(long)]
    pub(crate) oidc_issuer: String,
    /// Our client there
    #[arg(long)]
    pub(crate) oidc_client_id: String,
    /// The claim that holds the roles
    #[arg(long, default_value = "roles")]
    pub(crate) oidc_roles_claim: String,
    /// The claim that holds the clinician's or patient's id
    #[arg(long, default_value = "sub")]
    pub(crate) oidc_subject_claim: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Make a key; it is printed this once, alone, on standard output
    Create {
        /// The practice
        #[arg(long)]
        tenant: TenantId,
        /// secret (a server's) or publishable (a page's)
        #[arg(long)]
        kind: KeyKind,
        /// What it is for
        #[arg(long)]
        label: String,
        /// Publishable: the pages that may use it, with commas between
        #[arg(long, value_delimiter = ',')]
        origins: Option<Vec<String>>,
        /// Publishable: who may be booked with it, with commas between
        #[arg(long, value_delimiter = ',')]
        clinician_ids: Option<Vec<String>>,
    },
    /// List a practice's keys, the newest first
    List {
        /// The practice
        #[arg(long)]
        tenant: TenantId,
    },
    /// Revoke a key, at once
    Delete {
        /// The practice
        #[arg(long)]
        tenant: TenantId,
        /// The key's id
        id: KeyId,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Write a chain to a file, as `GET /api/visits/{visitId}/audit` answers it
    Export(Export),
    /// Verify such a file, offline: exports, and answers that were saved page after page
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) of: ChainOf,
    /// The file to write; it must not be there yet
    #[arg(long)]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct ChainOf {
    /// The chain of a visit
    #[arg(long)]
    pub(crate) visit: Option<VisitId>,
    /// A practice's own chain: keys, settings, contact data
    #[arg(long)]
    pub(crate) tenant: Option<TenantId>,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The file
    pub(crate) file: PathBuf,
    /// The public keys, as /.well-known/jwks.json answers them
    #[arg(long)]
    pub(crate) jwks: PathBuf,
    /// Fail where no head is signed
    #[arg(long)]
    pub(crate) require_signature: bool,
}
