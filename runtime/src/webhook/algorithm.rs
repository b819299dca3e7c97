//! The algorithms by which callbacks are signed.

use hmac::Hmac;
use hmac::digest::CtOutput;
use sha2::{Sha256, Sha512};

/// How a text is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-1, which the feature `sha1` brings.
    HmacSha1,
    /// HMAC with SHA-256.
    HmacSha256,
    /// HMAC with SHA-512.
    HmacSha512,
    /// Ed25519, by a key that only the API has.
    Ed25519,
    /// Not at all: the header holds the secret itself.
    Token,
}

impl Algorithm {
    /// The number of bytes of a code.
    pub(super) fn length(self) -> usize {
        match self {
            Self::HmacSha1 => 20,
            Self::HmacSha512 | Self::Ed25519 => 64,
            Self::HmacSha256 | Self::Token => 32,
        }
    }
}

/// The HMAC of a delivery. Two of them are compared in constant time.
#[derive(PartialEq)]
pub(super) enum Signature {
    #[cfg(feature = "sha1")]
    Sha1(CtOutput<Hmac<sha1::Sha1>>),
    Sha256(CtOutput<Hmac<Sha256>>),
    Sha512(CtOutput<Hmac<Sha512>>),
}

impl Signature {
    pub(super) fn received(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        match algorithm {
            #[cfg(feature = "sha1")]
            Algorithm::HmacSha1 => Some(Self::Sha1(CtOutput::new(<[u8; 20]>::try_from(bytes).ok()?.into()))),
            Algorithm::HmacSha256 => Some(Self::Sha256(CtOutput::new(<[u8; 32]>::try_from(bytes).ok()?.into()))),
            Algorithm::HmacSha512 => Some(Self::Sha512(CtOutput::new(<[u8; 64]>::try_from(bytes).ok()?.into()))),
            _ => None,
        }
    }
}

/// The code of a text in parts.
pub(super) fn mac(algorithm: Algorithm, secret: &[u8], text: &[&[u8]]) -> Option<Signature> {
    match algorithm {
        #[cfg(feature = "sha1")]
        Algorithm::HmacSha1 => code_of::<Hmac<sha1::Sha1>>(secret, text).map(Signature::Sha1),
        #[cfg(not(feature = "sha1"))]
        Algorithm::HmacSha1 => None,
        Algorithm::HmacSha256 | Algorithm::Token => code_of::<Hmac<Sha256>>(secret, text).map(Signature::Sha256),
        Algorithm::HmacSha512 => code_of::<Hmac<Sha512>>(secret, text).map(Signature::Sha512),
        Algorithm::Ed25519 => None,
    }
}

fn code_of<M: hmac::KeyInit + hmac::Mac>(secret: &[u8], text: &[&[u8]]) -> Option<CtOutput<M>> {
    let mut mac = <M as hmac::KeyInit>::new_from_slice(secret).ok()?;
    text.iter().for_each(|it| mac.update(it));
    Some(mac.finalize())
}
