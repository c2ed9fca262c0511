//! The three kinds of store, set up from what the operator wrote.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::{error, fmt};

use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::{ObjectStore, RetryConfig};
use url::Url;

use super::transport::Transport;
use crate::source::config::{Credentials, Place};

/// Who keeps a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Azure Blob Storage.
    Azure,
    /// Google Cloud Storage.
    Gcs,
    /// Amazon S3, and everything that speaks like it.
    S3,
}

impl Kind {
    /// The kind that an address with this scheme names.
    pub fn of_scheme(scheme: &str) -> Option<Self> {
        match scheme {
            "az" => Some(Self::Azure),
            "gs" => Some(Self::Gcs),
            "s3" => Some(Self::S3),
            _ => None,
        }
    }

    /// Options of which one at least gives credentials.
    fn given(self) -> &'static [&'static str] {
        match self {
            Self::Azure => {
                &["access_key", "sas_key", "bearer_token", "client_secret", "federated_token_file"]
            }
            Self::Gcs => &[
                "service_account",
                "service_account_key",
                "application_credentials",
                "bearer_token",
            ],
            Self::S3 => &["access_key_id", "web_identity_token_file"],
        }
    }

    /// Options that name a server of the operator's own.
    fn endpoints(self) -> &'static [&'static str] {
        match self {
            Self::Azure => &["endpoint"],
            Self::Gcs => &["base_url"],
            Self::S3 => &["aws_endpoint_url_s3", "endpoint"],
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Azure => "az",
            Self::Gcs => "gs",
            Self::S3 => "s3",
        })
    }
}

/// A builder with all that `place` says, and with a look at what it then holds.
macro_rules! configured {
    ($place:expr, $Builder:ty) => {{
        let mut builder = match $place.credentials {
            Credentials::None => <$Builder>::new().with_skip_signature(true),
            Credentials::Given | Credentials::Instance => <$Builder>::from_env(),
        };
        let mut wrong = Vec::new();
        for (name, value) in $place.options.iter() {
            match name.parse() {
                Ok(key) => builder = builder.with_config(key, value),
                Err(_) => {
                    wrong.push(format!("`{}`: no option is called `{name}`", $place.from));
                }
            }
        }
        if wrong.is_empty() { Ok(builder) } else { Err(wrong) }
    }};
}

/// What an option holds, by its name, whether it was written down or comes from the environment.
macro_rules! value {
    ($builder:expr, $name:expr) => {
        $name.parse().ok().and_then(|key| $builder.get_config_value(&key))
    };
}

/// Tells what an option holds.
type Held = Box<dyn Fn(&str) -> Option<String>>;

/// The hosts that belong to the store, whatever their addresses.
pub fn hosts(kind: Kind, place: &Place) -> Result<BTreeSet<String>, Vec<String>> {
    let held: Held = match kind {
        Kind::Azure => {
            let builder = configured!(place, MicrosoftAzureBuilder)?;
            Box::new(move |name| value!(builder, name))
        }
        Kind::Gcs => {
            let builder = configured!(place, GoogleCloudStorageBuilder)?;
            Box::new(move |name| value!(builder, name))
        }
        Kind::S3 => {
            let builder = configured!(place, AmazonS3Builder)?;
            Box::new(move |name| value!(builder, name))
        }
    };
    if place.credentials == Credentials::Given
        && !kind.given().iter().any(|name| held(name).is_some())
    {
        let names = kind.given().join("`, `");
        return Err(vec![format!(
            "`{}`: expected credentials: one of the options `{names}` (or their variables in \
             the environment), or credentials = \"instance\" or \"none\"",
            place.from
        )]);
    }
    let endpoints = kind.endpoints().iter().filter_map(|name| held(name));
    let mut hosts = BTreeSet::new();
    for endpoint in endpoints {
        let url = Url::parse(&endpoint).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let host = url.as_ref().and_then(Url::host_str).ok_or_else(|| {
            vec![format!("`{}`: expected an http(s) endpoint, got `{endpoint}`", place.from)]
        })?;
        hosts.insert(host.to_owned());
    }
    Ok(hosts)
}

/// The store itself.
pub fn build(
    kind: Kind,
    place: &Place,
    name: &str,
    transport: Transport,
) -> Result<Arc<dyn ObjectStore>, Vec<String>> {
    // A fetch has its time for all of its exchanges, and a client that may try again.
    let retry = RetryConfig { max_retries: 0, ..RetryConfig::default() };
    let wrong = |error: &dyn error::Error| vec![format!("`{}`: {error}", place.from)];
    Ok(match kind {
        Kind::Azure => {
            let builder = configured!(place, MicrosoftAzureBuilder)?.with_container_name(name);
            let builder = builder.with_retry(retry).with_http_connector(transport);
            Arc::new(builder.build().map_err(|error| wrong(&error))?)
        }
        Kind::Gcs => {
            let builder = configured!(place, GoogleCloudStorageBuilder)?.with_bucket_name(name);
            let builder = builder.with_retry(retry).with_http_connector(transport);
            Arc::new(builder.build().map_err(|error| wrong(&error))?)
        }
        Kind::S3 => {
            let builder = configured!(place, AmazonS3Builder)?.with_bucket_name(name);
            let builder = builder.with_retry(retry).with_http_connector(transport);
            Arc::new(builder.build().map_err(|error| wrong(&error))?)
        }
    })
}
