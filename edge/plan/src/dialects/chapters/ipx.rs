//! IPX: what maps, and what does not.

use super::{Chapter, maps, refused};
use crate::dialects::ipx::DIALECT;

/// What the documentation says of it.
pub const CHAPTER: Chapter = Chapter {
    dialect: &DIALECT,
    doc: "Quality is 80 unless given. `enlarge` is needed to enlarge, and only `s` heeds `fit`, as \
          there. Steps happen in the order of docs/options.md, not in that of the modifiers.",
    sample: "/_ipx/{}/photos/a.jpg",
    rows: &[
        maps("_", "fit=scale-down,quality=80"),
        maps("w_200", "width=200,fit=scale-down,quality=80"),
        maps("w_200&h_100", "width=200,height=100,fit=crop,quality=80"),
        maps("enlarge,w_200,h_100", "width=200,height=100,fit=cover,quality=80"),
        maps("s_200x100", "width=200,height=100,fit=aspect-crop,quality=80"),
        maps("s_200x100,enlarge", "width=200,height=100,fit=cover,quality=80"),
        maps("s_200x100,fit_inside", "width=200,height=100,fit=scale-down,quality=80"),
        maps(
            "s_200x100,fit_contain,enlarge,b_f00",
            "width=200,height=100,fit=pad,background=#ff0000,quality=80",
        ),
        maps("s_200x100,fit_fill,enlarge", "width=200,height=100,fit=squeeze,quality=80"),
        refused(
            "fit_outside,s_200x100",
            "no mode gives a picture larger than its box without cutting it",
        ),
        maps("pos_left-top", "fit=scale-down,gravity=top-left,quality=80"),
        maps("position_attention", "fit=scale-down,gravity=auto,quality=80"),
        maps("f_webp,q_60", "fit=scale-down,quality=60,format=webp"),
        maps("format_auto", "fit=scale-down,quality=80,format=auto"),
        refused("f_tiff", "TIFF is not written"),
        maps(
            "extract_1_2_30_40",
            "trim=2;0;0;1,trim.width=30,trim.height=40,fit=scale-down,quality=80",
        ),
        maps("trim_10", "trim=border,trim.border.tolerance=10,fit=scale-down,quality=80"),
        maps("extend_1_2_3_4", "fit=scale-down,padding=1;2;3;4,quality=80"),
        refused("extend_1_2_3_4_mirror", "space is filled with the background alone"),
        maps("rotate_90", "rotate=90,fit=scale-down,quality=80"),
        maps("flip", "flip=v,fit=scale-down,quality=80"),
        maps("flip,flop", "flip=hv,fit=scale-down,quality=80"),
        maps("flatten", "fit=scale-down,background=#000000,quality=80"),
        maps("blur_5", "fit=scale-down,blur=5,quality=80"),
        maps("sharpen_2", "fit=scale-down,sharpen=2,quality=80"),
        refused("sharpen_2_1_1", "sharpening has one number here"),
        maps("grayscale", "fit=scale-down,filter=greyscale,quality=80"),
        maps("negate", "fit=scale-down,filter=invert,quality=80"),
        maps("tint_red", "fit=scale-down,tint=#ff0000,quality=80"),
        maps(
            "modulate_1.2_0.5_90",
            "fit=scale-down,brightness=1.2,saturation=0.5,hue=90,quality=80",
        ),
        maps("animated", "fit=scale-down,quality=80,anim=true"),
        refused("gamma_2", "it means an encoding there and an exposure here"),
        refused("kernel_nearest", "there is one filter"),
        refused("median_3", "no such filter"),
        refused("normalize", "no such filter"),
        refused("threshold_128", "no such filter"),
        refused("unflatten", "no such filter"),
    ],
};
