"""usage: vips_turns.py IN OUT WANTED TURNS

libvips at its best: `thumbnail`, which scales within the JPEG decoder. Each turn reads the file and
encodes to memory, as ours do; the last one is written. One thread by VIPS_CONCURRENCY=1, no caches.
WANTED is JSON: width, height (or null), format, quality, background, and whether all frames of an
animation are meant."""

import json
import sys

import pyvips

source, output, wanted, turns = sys.argv[1:]
wanted = json.loads(wanted)
width, height, quality = wanted["width"], wanted["height"], wanted["quality"]
pyvips.cache_set_max(0)
pyvips.cache_set_max_mem(0)
pyvips.cache_set_max_files(0)


def turn():
    with open(source, "rb") as file:
        data = file.read()
    # Without a height only the width binds.
    frames = "[n=-1]" if wanted["animated"] else ""
    image = pyvips.Image.thumbnail_buffer(
        data, width, height=height or 10_000_000, size="down", option_string=frames
    )
    if height:
        canvas = {"extend": "background", "background": wanted["background"]}
        image = image.gravity("centre", width, height, **canvas)
    if wanted["format"] == "png":
        return image.pngsave_buffer(compression=6, keep="none")
    if wanted["format"] == "webp":
        return image.webpsave_buffer(Q=quality, effort=4, keep="none")
    if wanted["format"] == "avif":
        return image.heifsave_buffer(Q=quality, effort=4, compression="av1", keep="none")
    # 4:2:0 and plain Huffman tables are what `jpegsave` does at this quality.
    return image.jpegsave_buffer(
        Q=quality, keep="none", optimize_coding=False, subsample_mode="on"
    )


encoded = b""
for _ in range(int(turns)):
    encoded = turn()
with open(output, "wb") as file:
    file.write(encoded)
