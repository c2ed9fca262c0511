//! Decodes and encodes HEIC and AVIF by libheif, for a host that starts it: requests on the standard
//! input, replies on the standard output. `selvedge-heif MEMORY SECONDS` shuts itself in before the
//! first byte: it may use so much address space and processor time, and can open, send and start
//! nothing.

mod decode;
mod encode;
mod sandbox;

use std::error::Error;
use std::io::{self, BufReader, ErrorKind};
use std::process::ExitCode;

use decode::Decoded;
use libheif_rs::LibHeif;
use selvedge_heif::{Refusal, Reply, Request};

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("selvedge-heif: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Box<dyn Error>> {
    let numbers: Result<Vec<u64>, _> = std::env::args().skip(1).map(|text| text.parse()).collect();
    let Ok([memory, seconds]) = numbers.as_deref() else {
        return Err("expected bytes of memory and seconds of processor time; \
                    this program is started by `selvedge`"
            .into());
    };
    // It reads its plug-ins, which it could not do later.
    let heif = LibHeif::new_checked()?;
    sandbox::enter(*memory, *seconds)?;

    let mut requests = BufReader::new(io::stdin().lock());
    while let Some((request, body)) = selvedge_heif::read(&mut requests, *memory)? {
        match answer(&heif, request, body) {
            Ok((reply, parts)) => {
                let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
                selvedge_heif::write(io::stdout().lock(), &reply, &parts)?;
            }
            Err(refusal) => {
                selvedge_heif::write(io::stdout().lock(), &Reply::Refused(refusal), &[])?;
            }
        }
    }
    Ok(())
}

/// A reply and the parts of its body.
fn answer(
    heif: &LibHeif,
    request: Request,
    body: Vec<u8>,
) -> Result<(Reply, Vec<Vec<u8>>), Refusal> {
    match request {
        Request::Decode { pixels } => {
            let Decoded { shape, coded, samples, profile } = decode::decode(heif, &body, pixels)?;
            Ok((Reply::Pixels { shape, coded }, vec![samples, profile]))
        }
        Request::Encode { codec, quality, shape } => {
            let file = encode::encode(heif, codec, quality, shape, &body)?;
            Ok((Reply::File, vec![file]))
        }
    }
}

/// Room for a picture, or the reason why there is none.
fn room(bytes: u64) -> Result<Vec<u8>, Refusal> {
    let mut room = Vec::new();
    let reserved = usize::try_from(bytes).ok().and_then(|n| room.try_reserve_exact(n).ok());
    let refusal = || Refusal::Malformed(format!("{}: {bytes} bytes", ErrorKind::OutOfMemory));
    reserved.map(|()| room).ok_or_else(refusal)
}
