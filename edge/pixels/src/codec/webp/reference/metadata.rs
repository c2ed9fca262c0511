//! Chunks of metadata, as libwebp's programs see them.

use std::fs;

use super::super::encode;
use super::super::metadata::{attach, find};
use super::judge::same;
use super::{Random, encoded, folder, has, picture, run};
use crate::metadata::Metadata;
use crate::raster::Channels;

#[test]
fn metadata_is_where_others_look_for_it() {
    if !["webpinfo", "webpmux", "dwebp"].into_iter().all(has) {
        return;
    }
    let folder = folder("metadata");
    let [plain, full, out] = ["plain.webp", "full.webp", "out"].map(|name| folder.join(name));
    let mut random = Random(3);
    let (icc, exif, xmp) = (b"a profile".as_slice(), b"II*\0".as_slice(), b"<x/>1".as_slice());
    let metadata =
        Metadata { icc: Some(icc), exif: Some(exif), xmp: Some(xmp), ..Metadata::default() };
    for channels in [Channels::Rgb, Channels::Rgba] {
        let source = picture(37, 21, channels, &mut random);
        let lossless = encode::encode_exact(&source).unwrap();
        for file in [lossless, encoded(source.clone(), "format=webp,quality=60")] {
            assert_eq!(find(&file), Metadata::default());
            assert_eq!(attach(file.clone(), &Metadata::default()).unwrap(), file);
            let with_all = attach(file.clone(), &metadata).unwrap();
            assert_eq!(find(&with_all), metadata);
            fs::write(&plain, &file).unwrap();
            fs::write(&full, &with_all).unwrap();
            let (full, out) = (full.to_str().unwrap(), out.to_str().unwrap());
            // It looks at order, flags, sizes and padding.
            assert!(run("webpinfo", &["-quiet", full]));
            for (name, expected) in [("icc", icc), ("exif", exif), ("xmp", xmp)] {
                assert!(run("webpmux", &["-get", name, full, "-o", out]));
                assert_eq!(fs::read(out).unwrap(), expected);
            }
            same(full.as_ref(), out.as_ref());
            // What is there already stays.
            let icc_only = Metadata { icc: Some(icc), ..Metadata::default() };
            let exif_only = Metadata { exif: Some(exif), ..Metadata::default() };
            let both = attach(attach(file, &icc_only).unwrap(), &exif_only).unwrap();
            assert_eq!(find(&both), Metadata { xmp: None, ..metadata });
            fs::write(full, both).unwrap();
            assert!(run("webpinfo", &["-quiet", full]));
        }
    }
    fs::remove_dir_all(folder).unwrap();
}
