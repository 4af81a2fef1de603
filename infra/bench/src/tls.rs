//! TLS before the laptop's AWS endpoint: in the cloud every call of a service is one over TLS, and a cold start makes the
//! first handshake.

use crate::failure::{Failure, Outcome};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// Where this machine keeps the roots that it trusts. Lambda's `provided.al2023` has as many in one file too.
const ROOTS: [&str; 2] = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];

/// The TLS front. Dropping it closes it.
pub struct Front {
    port: u16,
    roots: PathBuf,
    authority: PathBuf,
    _server: JoinSet<()>,
}

impl Front {
    /// Before the endpoint at `url` (`http://127.0.0.1:PORT`), with certificates in `folder`.
    ///
    /// # Errors
    /// When there is no port, no certificate or no folder.
    pub async fn open(url: &str, folder: &Path) -> Outcome<Self> {
        let target = url.strip_prefix("http://").ok_or_else(|| Failure::said("the endpoint is no http address"))?;
        let (config, authority) = certified().map_err(|why| Failure::said(format!("no certificate: {why}")))?;
        // As in the cloud: a whole trust store is read, and ours is one of many.
        let known = ROOTS.iter().find_map(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
        let (roots, own) = (folder.join("roots.pem"), folder.join("authority.pem"));
        std::fs::write(&roots, format!("{known}\n{authority}"))?;
        std::fs::write(&own, &authority)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let mut server = JoinSet::new();
        server.spawn(serve(listener, TlsAcceptor::from(Arc::new(config)), target.to_owned()));
        Ok(Self { port, roots, authority: own, _server: server })
    }

    /// For `AWS_ENDPOINT_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// The trust store, for `SSL_CERT_FILE`.
    #[must_use]
    pub fn roots(&self) -> &Path {
        &self.roots
    }

    /// Our authority alone, for `NODE_EXTRA_CA_CERTS`: Node has the others built in.
    #[must_use]
    pub fn authority(&self) -> &Path {
        &self.authority
    }
}

/// A server's configuration, and the authority that vouches for it.
fn certified() -> Result<(ServerConfig, String), Box<dyn std::error::Error>> {
    let mut root = CertificateParams::new(Vec::new())?;
    // Named apart from the server: whose issuer has its own name counts as self-signed.
    root.distinguished_name.push(DnType::CommonName, "The measurement's authority");
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_key = KeyPair::generate()?;
    let authority = root.self_signed(&root_key)?.pem();
    let key = KeyPair::generate()?;
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names)?.signed_by(&key, &Issuer::new(root, root_key))?;
    let chain: Vec<CertificateDer<'static>> = vec![certificate.der().clone()];
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    Ok((config, authority))
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, target: String) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else { continue };
        let (acceptor, target) = (acceptor.clone(), target.clone());
        connections.spawn(async move {
            // A function that was stopped hangs up in the middle: no fault of anybody.
            let _ = connection(stream, &acceptor, &target).await;
        });
    }
}

async fn connection(stream: TcpStream, acceptor: &TlsAcceptor, target: &str) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut inner = TcpStream::connect(target).await?;
    inner.set_nodelay(true)?;
    let mut stream = acceptor.accept(stream).await?;
    copy_bidirectional(&mut stream, &mut inner).await?;
    Ok(())
}
