//! Tickets of what was made here.

use selvedge_plan::ticket::Ticket;
use sha2::{Digest, Sha256};

use crate::component::hexadecimal;
use crate::source::Files;

/// The ticket of a picture that the component of this digest made of `files`.
pub fn ticket(component: &str, files: &Files, picture: &[u8], plan: String) -> Ticket {
    let files = files.each().map(digest).collect();
    Ticket { component: component.to_owned(), files, picture: digest(picture), plan }
}

/// SHA-256 in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}
