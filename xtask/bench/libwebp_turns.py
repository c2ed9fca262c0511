"""usage: libwebp_turns.py WORK IN OUT QUALITY TURNS

libwebp in this process, by libvips: WORK is `encode` (method 4, from pixels in memory), `encode
lossless`, or `decode` (to pixels in memory). Writes what it made, if that is a file, and prints the
CPU milliseconds of the fastest turn."""

import sys
import time

import pyvips

work, source, output, quality, turns = sys.argv[1:]
pyvips.cache_set_max(0)

with open(source, "rb") as file:
    data = file.read()
pixels = pyvips.Image.new_from_buffer(data, "").copy_memory()


def turn():
    if work == "decode":
        pyvips.Image.new_from_buffer(data, "").copy_memory()
        return data
    lossless = work == "encode lossless"
    return pixels.webpsave_buffer(Q=int(quality), effort=4, lossless=lossless, keep="none")


least, made = float("inf"), b""
for _ in range(int(turns)):
    began = time.process_time()
    made = turn()
    least = min(least, time.process_time() - began)
with open(output, "wb") as file:
    file.write(made)
print(1e3 * least)
