//! Cloudflare Images: what maps, and what does not.

use super::{Chapter, maps, refused};
use crate::dialects::cloudflare::DIALECT;

/// What the documentation says of it.
pub const CHAPTER: Chapter = Chapter {
    dialect: &DIALECT,
    doc: "All options of docs/options.md by the names that they have there; `/cdn-cgi/image/` is \
          another spelling of the prefix. A source is a path or an address. Always on.",
    sample: "/cdn-cgi/image/{}/https://example.com/photo.jpg",
    rows: &[
        maps("w=200,h=100,fit=cover,g=0x1", "width=200,height=100,fit=cover,gravity=bottom-left"),
        maps("trim=10;20;30;40,dpr=2", "trim=10;20;30;40,dpr=2"),
        maps("trim.left=10,trim.width=100", "trim=0;0;0;10,trim.width=100"),
        maps("background=rgb(240,40,145)", "background=#f02891"),
        maps("q=medium-low,f=auto,scq=50", "quality=60,slow-connection-quality=50,format=auto"),
        maps("brightness=0", ""),
        maps(
            "onerror=redirect,anim=false,metadata=keep",
            "anim=false,metadata=keep,onerror=redirect",
        ),
        refused("origin-auth=share-publicly", "credentials are never forwarded"),
        refused("format=svg", "SVG is never written"),
    ],
};
