"""usage: vips_turns.py IN OUT WIDTH QUALITY TURNS

libvips at its best: `thumbnail`, which scales within the JPEG decoder. Each turn reads the file and
encodes to memory, as ours do; the last one is written. One thread by VIPS_CONCURRENCY=1, no caches."""

import sys

import pyvips

source, output, width, quality, turns = sys.argv[1:]
pyvips.cache_set_max(0)
pyvips.cache_set_max_mem(0)
pyvips.cache_set_max_files(0)

encoded = b""
for _ in range(int(turns)):
    with open(source, "rb") as file:
        data = file.read()
    # Only the width binds; 4:2:0 and plain Huffman tables are what `jpegsave` does at this quality.
    thumbnail = pyvips.Image.thumbnail_buffer(data, int(width), height=10_000_000, size="down")
    encoded = thumbnail.jpegsave_buffer(
        Q=int(quality), keep="none", optimize_coding=False, subsample_mode="on"
    )
with open(output, "wb") as file:
    file.write(encoded)
