//! thumbor and imagor: what maps, and what does not.

use super::{Chapter, maps, refused};
use crate::dialects::thumbor::DIALECT;

/// What the documentation says of it.
pub const CHAPTER: Chapter = Chapter {
    dialect: &DIALECT,
    doc: "Quality is 80 unless given, and a picture is enlarged unless `fit-in` or `no_upscale()` \
          forbids it, as there. An image is a path of this server, an address with its scheme, or \
          behind `b64:` either in Base64. With keys, thumbor's own signature is checked in place of \
          `unsafe`.",
    sample: "/unsafe/{}/https://example.com/photo.jpg",
    rows: &[
        maps("300x200", "width=300,height=200,fit=cover,quality=80"),
        maps("300x0", "width=300,fit=contain,quality=80"),
        maps("-300x-200", "flip=hv,width=300,height=200,fit=cover,quality=80"),
        refused("origx200", "a side is a number, or follows from the other one"),
        maps("fit-in/300x200", "width=300,height=200,fit=scale-down,quality=80"),
        maps("fit-in/300x200/filters:upscale()", "width=300,height=200,fit=contain,quality=80"),
        maps(
            "fit-in/300x200/filters:fill(red)",
            "width=300,height=200,fit=pad,background=#ff0000,quality=80",
        ),
        maps("stretch/300x200", "width=300,height=200,fit=squeeze,quality=80"),
        refused(
            "full-fit-in/300x200",
            "no mode gives a picture larger than its box without cutting it",
        ),
        refused("adaptive-fit-in/300x200", "which side is which depends on the source"),
        maps(
            "10x20:110x220/300x200",
            "trim=20;0;0;10,trim.width=100,trim.height=200,width=300,height=200,fit=cover,quality=80",
        ),
        refused("0.1x0.2:0.9x0.8", "shares of the source need its size"),
        maps("300x200/right/top", "width=300,height=200,fit=cover,gravity=top-right,quality=80"),
        maps("300x200/left", "width=300,height=200,fit=cover,gravity=left,quality=80"),
        maps("300x200/smart", "width=300,height=200,fit=cover,gravity=auto,quality=80"),
        maps("trim:10", "trim=border,trim.border.tolerance=10,fit=contain,quality=80"),
        refused("trim:bottom-right", "the surround has the colour of the corners"),
        refused("meta/300x200", "say `format=json`"),
        refused("debug/300x200", "there are no detectors"),
        maps("filters:quality(60):format(webp)", "fit=contain,quality=60,format=webp"),
        maps("filters:background_color(fff)", "fit=contain,background=#ffffff,quality=80"),
        maps("filters:blur(5,2)", "fit=contain,blur=5,quality=80"),
        maps("filters:brightness(20)", "fit=contain,brightness=1.2,quality=80"),
        maps("filters:contrast(-20)", "fit=contain,contrast=0.8,quality=80"),
        maps("filters:grayscale()", "fit=contain,filter=greyscale,quality=80"),
        maps("filters:round_corner(20)", "fit=contain,radius=20,quality=80"),
        maps("300x200/filters:no_upscale()", "width=300,height=200,fit=crop,quality=80"),
        maps("filters:max_bytes(20000)", "fit=contain,quality=80,max-bytes=20000"),
        maps("filters:strip_exif():strip_icc()", "fit=contain,quality=80"),
        maps("filters:page(2)", "fit=contain,quality=80,page=1"),
        maps("filters:hue(-90)", "fit=contain,hue=270,quality=80"),
        maps("filters:pixelate()", "fit=contain,pixelate=10,quality=80"),
        maps(
            "300x200/filters:crop(1,2,30,40)",
            "width=300,height=200,fit=cover,crop=1;2;30;40,quality=80",
        ),
        refused("filters:crop(0.1,0.1,0.8,0.8)", "a crop is in pixels"),
        refused(
            "300x200/10x20:30x40",
            "say `padding`: behind the size it means another thing there",
        ),
        refused("filters:orient(90)", "which way it turns is not documented"),
        maps("filters:attachment(a.jpg)", "fit=contain,quality=80,download=a.jpg"),
        maps("filters:expire(1767225600000)", "fit=contain,quality=80,expires=1767225600"),
        refused("filters:rotate(90)", "which way it turns depends on the engine there"),
        refused("filters:saturation(1.5)", "a factor for one server, a percentage for the other"),
        refused("filters:sharpen(1,2,true)", "the arguments differ between the two servers"),
        refused("filters:watermark(a.png,0,0,50)", "see `draw`"),
        refused("filters:focal(1x2:3x4)", "a gravity is a point"),
        refused("filters:proportion(0.5)", "a share of the source needs its size"),
        refused("filters:fill(blur)", "space is filled with one colour"),
        refused("filters:equalize()", "no such filter"),
    ],
};
