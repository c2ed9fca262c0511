//! Pictures that were made before, in a bucket of their own. A key is the entity tag, which names component,
//! plan and version of the source: what lies under it never changes, and nothing needs to be invalidated.

use selvedge_plan::key;
use web_sys::Response;
use worker::{Bucket, Context, Data, HttpMetadata, ResponseBody};

/// A picture as it is stored.
pub struct Stored {
    /// Its media type.
    pub media_type: String,
    /// Its length in bytes.
    pub length: u64,
    /// Its bytes.
    pub body: web_sys::ReadableStream,
}

/// The picture with this entity tag. A bucket that fails is a bucket that has nothing.
pub async fn find(bucket: &Bucket, etag: &str) -> Option<Stored> {
    let object = bucket.get(key::result(etag)).execute().await.ok()??;
    let ResponseBody::Stream(body) = object.body()?.response_body().ok()? else {
        return None;
    };
    let media_type = object.http_metadata().content_type?;
    Some(Stored { media_type, length: object.size(), body })
}

/// Keeps a picture, after the answer has gone out.
pub fn keep(bucket: Bucket, etag: &str, picture: &Response, context: &Context) {
    let content_type = picture.headers().get("content-type").ok().flatten();
    let body = picture.clone().ok().and_then(|copy| copy.body());
    let (Some(body), name) = (body, key::result(etag)) else { return };
    let metadata = HttpMetadata { content_type, ..HttpMetadata::default() };
    context.wait_until(async move {
        let put = bucket.put(name, Data::ReadableStream(body)).http_metadata(metadata);
        if let Err(fault) = put.execute().await {
            worker::console_warn!("the bucket did not take a picture: {fault}");
        }
    });
}
