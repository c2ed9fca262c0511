//! What the platform does for the shell, by way of `http.js`.

use js_sys::{Array, JsString, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, ReadableStream, Response};

#[wasm_bindgen(raw_module = "./http.js")]
extern "C" {
    /// Sends what an `Ask` says in its text, and follows no redirect.
    #[wasm_bindgen(catch)]
    pub async fn get(ask: &str, signal: &AbortSignal) -> Result<Response, JsValue>;
    /// The same; the answer must begin in time. `by` answers, unless it is undefined.
    #[wasm_bindgen(catch, js_name = getHead)]
    pub async fn get_head(ask: &str, patience: u32, by: &JsValue) -> Result<Response, JsValue>;
    /// Calls what passes the request as it came on to another Worker.
    #[wasm_bindgen(catch)]
    pub async fn pass(by: &JsValue) -> Result<Response, JsValue>;
    /// An answer as the text of a `Reply` says it, of another one or of a body.
    pub async fn answer(reply: &str, of: &JsValue) -> Response;
    /// Of each of several files in hexadecimal, with blanks between them.
    #[wasm_bindgen(catch)]
    pub async fn sha256(files: &Array) -> Result<JsString, JsValue>;

    /// The bytes of a stream: the beginning first, the rest when it is wanted.
    pub type Body;
    #[wasm_bindgen(constructor)]
    pub fn new(stream: Option<ReadableStream>, promised: Option<f64>, cap: f64) -> Body;
    #[wasm_bindgen(method, catch)]
    pub async fn head(this: &Body, count: f64) -> Result<Uint8Array, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub async fn whole(this: &Body) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    pub fn discard(this: &Body);
}
