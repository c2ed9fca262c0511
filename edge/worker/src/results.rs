//! Pictures that were made before, in a bucket of their own. A key is the entity tag, which names component,
//! plan and version of the source: what lies under it never changes, and nothing needs to be invalidated.

use selvedge_plan::key;
use selvedge_plan::outcome::Drawn;
use selvedge_plan::version::Version;
use wasm_bindgen::JsValue;
use web_sys::Response;
use worker::{Data, HttpMetadata, ResponseBody};

use crate::Visit;
use crate::respond::header;

/// The picture of this version. A bucket that fails is a bucket that has nothing.
pub async fn find(visit: &Visit, version: &Version) -> Option<(Drawn, JsValue)> {
    let bucket = visit.config.results.as_ref()?;
    let object = bucket.get(key::result(&version.etag)).execute().await.ok()??;
    let ResponseBody::Stream(body) = object.body()?.response_body().ok()? else { return None };
    let media_type = object.http_metadata().content_type?;
    Some((Drawn { media_type, length: object.size(), warnings: Vec::new() }, body.into()))
}

/// Keeps a picture, after the answer has gone out.
pub fn keep(visit: &Visit, version: &Version, picture: &Response) {
    let body = picture.clone().ok().and_then(|copy| copy.body());
    let (Some(body), Some(bucket)) = (body, visit.config.results.clone()) else { return };
    let name = key::result(&version.etag);
    let content_type = header(picture, "content-type");
    let metadata = HttpMetadata { content_type, ..HttpMetadata::default() };
    visit.context.wait_until(async move {
        let put = bucket.put(name, Data::ReadableStream(body)).http_metadata(metadata);
        if let Err(fault) = put.execute().await {
            worker::console_warn!("the bucket did not take a picture: {fault}");
        }
    });
}
