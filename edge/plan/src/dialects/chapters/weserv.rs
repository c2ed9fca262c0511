//! weserv/images: what maps, and what does not.

use super::{Chapter, maps, refused};
use crate::dialects::weserv::DIALECT;

/// What the documentation says of it.
pub const CHAPTER: Chapter = Chapter {
    dialect: &DIALECT,
    doc: "Quality is 80 unless given, and a picture is enlarged without `we`, as there. Without \
          `output` the format is JPEG, or PNG where there is transparency. `url` without a scheme \
          means HTTP; one that begins with a single slash is a path of this server.",
    sample: "/?url=ssl:example.com/photo.jpg&{}",
    rows: &[
        maps("w=300", "width=300,fit=contain,quality=80"),
        maps("w=300&h=200&fit=inside&we", "width=300,height=200,fit=scale-down,quality=80"),
        maps("w=300&h=200&fit=cover", "width=300,height=200,fit=cover,quality=80"),
        maps("w=300&h=200&fit=cover&we", "width=300,height=200,fit=crop,quality=80"),
        maps(
            "w=300&h=200&fit=contain&cbg=red",
            "width=300,height=200,fit=pad,background=#ff0000,quality=80",
        ),
        maps("w=300&h=200&fit=fill", "width=300,height=200,fit=squeeze,quality=80"),
        refused("fit=outside", "no mode gives a picture larger than its box without cutting it"),
        maps("dpr=2", "dpr=2,fit=contain,quality=80"),
        maps("a=top-left", "fit=contain,gravity=top-left,quality=80"),
        maps("a=focal&fpx=0.2", "fit=contain,gravity=0.2x0.5,gravity.mode=box-center,quality=80"),
        maps("a=attention", "fit=contain,gravity=auto,quality=80"),
        maps("a=entropy", "fit=contain,gravity=entropy,quality=80"),
        maps("cx=1&cy=2&cw=30&ch=40", "fit=contain,crop=1;2;30;40,quality=80"),
        maps("cx=1&cw=30&precrop", "trim=0;0;0;1,trim.width=30,fit=contain,quality=80"),
        refused("crop=30,40,1,2", "the older spelling of cw, ch, cx and cy"),
        maps("trim=20", "trim=border,trim.border.tolerance=20,fit=contain,quality=80"),
        refused("mask=circle", "masks other than `radius` are not drawn"),
        refused("mtrim", "as mask"),
        refused("mbg=red", "as mask"),
        maps("flip&flop", "flip=hv,fit=contain,quality=80"),
        maps("ro=-90", "rotate=270,fit=contain,quality=80"),
        maps("ro=45&rbg=red", "rotate=45,fit=contain,background=#ff0000,quality=80"),
        maps("bg=80ff0000", "fit=contain,background=#ff000080,quality=80"),
        maps("blur=5", "fit=contain,blur=5,quality=80"),
        maps("con=25", "fit=contain,contrast=1.25,quality=80"),
        maps("filt=sepia", "fit=contain,filter=sepia,quality=80"),
        maps("filt=negate", "fit=contain,filter=invert,quality=80"),
        maps("filt=duotone&start=000", "fit=contain,duotone=#000000;#d8e74f,quality=80"),
        refused("gam=2.2", "it means an encoding there and an exposure here"),
        maps("mod=1.2,0.5,90", "fit=contain,brightness=1.2,saturation=0.5,hue=90,quality=80"),
        maps("sat=0.5&hue=-10", "fit=contain,saturation=0.5,hue=350,quality=80"),
        maps("sharp=2", "fit=contain,sharpen=2,quality=80"),
        refused("sharpf=1", "sharpening has one number here"),
        maps("tint=red", "fit=contain,tint=#ff0000,quality=80"),
        maps("output=webp&q=60", "fit=contain,quality=60,format=webp"),
        refused("output=tiff", "TIFF is not written"),
        maps("il", "fit=contain,quality=80"),
        maps("n=-1", "fit=contain,quality=80,anim=true"),
        maps("page=2", "fit=contain,quality=80,page=2"),
        maps("encoding=base64", "fit=contain,quality=80,format=data-uri"),
        maps("filename=cat", "fit=contain,quality=80,download.inline=cat"),
        refused("default=1", "the fallback is `onerror=redirect` alone"),
        refused("maxage=7d", "how long a picture keeps is its source's to say"),
        refused("af", "encoder switches are not options"),
        refused("l=9", "encoder switches are not options"),
        refused("ll", "`quality=100` of WebP is lossless"),
    ],
};
