//! What we read, libwebp reads in the same way.

use std::fs;
use std::path::Path;

use super::judge::{same, same_pixels, same_planes};
use super::{Random, corpus, folder, has, picture, run, write_pam};
use crate::raster::Channels;

/// Encodes pictures of several sizes by cwebp with each of some settings, and checks each file.
fn each_setting(name: &str, settings: &[&str], channels: Channels, check: fn(&Path, &Path)) {
    if !has("cwebp") || !has("dwebp") {
        return;
    }
    let folder = folder(name);
    let [source, file, out] = ["source.pam", "file.webp", "out"].map(|name| folder.join(name));
    let mut random = Random(11);
    for (i, setting) in settings.iter().enumerate() {
        let sizes = [(1, 1), (2, 1), (17, 5), (33, 47), (64, 16), (150, 101)];
        for (width, height) in [sizes[i % sizes.len()], sizes[(i + 3) % sizes.len()], (70, 90)] {
            write_pam(&picture(width, height, channels, &mut random), &source);
            let mut arguments = vec!["-quiet", "-exact"];
            arguments.extend(setting.split(' '));
            arguments.extend([source.to_str().unwrap(), "-o", file.to_str().unwrap()]);
            assert!(run("cwebp", &arguments), "{setting}");
            check(&file, &out);
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn lossy_files_of_any_setting_are_decoded_as_dwebp_does() {
    let settings = [
        "-q 1 -m 0",
        "-q 20 -m 2",
        "-q 50 -m 4",
        "-q 75 -m 6",
        "-q 95",
        "-q 100",
        "-q 30 -f 0",
        "-q 30 -f 100 -strong",
        "-q 30 -f 60 -nostrong",
        "-q 20 -f 80 -sharpness 3",
        "-q 20 -f 80 -sharpness 7",
        "-q 40 -segments 1",
        "-q 40 -segments 4 -sns 100",
        "-q 60 -partition_limit 100",
        "-q 60 -pass 5",
        "-preset text",
        "-preset drawing -q 5",
        "-q 10 -sns 0 -f 20 -nostrong -sharpness 5",
    ];
    each_setting("lossy", &settings, Channels::Rgb, same);
}

#[test]
fn alpha_of_any_setting_is_decoded_as_dwebp_does() {
    let settings = [
        "-q 50 -alpha_filter none -alpha_method 0",
        "-q 50 -alpha_filter fast",
        "-q 50 -alpha_filter best",
        "-q 80 -alpha_filter none",
        "-q 80 -alpha_q 30",
        "-q 30 -alpha_q 70 -alpha_filter best",
    ];
    each_setting("alpha", &settings, Channels::Rgba, same_pixels);
}

#[test]
fn lossless_files_of_any_setting_are_decoded_as_dwebp_does() {
    let settings = [
        "-z 0",
        "-z 1",
        "-z 3",
        "-z 5",
        "-z 6",
        "-z 8",
        "-z 9",
        "-lossless -m 0 -q 0",
        "-lossless -m 6 -q 100",
        "-near_lossless 40",
        "-lossless -hint graph",
    ];
    each_setting("lossless", &settings, Channels::Rgb, same_pixels);
    each_setting("lossless-alpha", &settings, Channels::Rgba, same_pixels);
}

#[test]
fn the_corpus_is_decoded_as_dwebp_does() {
    if has("dwebp") {
        let folder = folder("corpus");
        for file in corpus("webp") {
            same_planes(&file, &folder.join("out"));
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
