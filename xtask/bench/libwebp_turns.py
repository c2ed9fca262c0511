"""usage: libwebp_turns.py IN OUT QUALITY LOSSLESS METHOD TURNS

Encodes by libwebp in this process, by Pillow, from RGB pixels in memory; LOSSLESS is 0 or 1, METHOD
libwebp's effort from 0 to 6. Writes the file and prints the CPU milliseconds of the fastest turn.

Pillow, since it adds least: its times are those that `cwebp -v` tells, while libvips' `webpsave` takes
a seventh more for the same bytes."""

import io
import sys
import time

from PIL import Image

source, output, quality, lossless, method, turns = sys.argv[1:]
settings = {"quality": int(quality), "lossless": lossless == "1", "method": int(method)}
pixels = Image.open(source).convert("RGB")

least, made = float("inf"), b""
for _ in range(int(turns)):
    file = io.BytesIO()
    began = time.process_time()
    pixels.save(file, "WEBP", **settings)
    least = min(least, time.process_time() - began)
    made = file.getvalue()
with open(output, "wb") as file:
    file.write(made)
print(1e3 * least)
