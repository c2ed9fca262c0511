"""Writes files.tsv: files of PNG and of formats that are only read, and the pixels that Pillow makes of them.

    pip install pillow
    python tests/golden/files.py

A line is a name, the file, how far samples may be apart, and the pixels as WIDTHxHEIGHTxCHANNELS:SAMPLES;
bytes are hexadecimal. Where the pixels are those of a line before, its name stands for them behind an equals
sign. Files that Pillow does not write are written by hand.
"""

import io
import pathlib

from PIL import Image

from bitmaps import bitmaps, icons
from frames import Numbers
from pngs import pngs
from tiffs import tiffs

WIDTH, HEIGHT = 13, 7


def picture(mode, seed, width=WIDTH, height=HEIGHT):
    """Slopes with some noise, which show rows and columns that are out of place."""
    numbers = Numbers(seed)
    bands = len(Image.new(mode, (1, 1)).getbands())
    image = Image.new(mode, (width, height))
    sample = lambda x, y, band: (x * 17 + y * 29 + band * 71 + numbers.below(20)) % 256
    pixel = lambda x, y: tuple(sample(x, y, band) for band in range(bands))
    pixels = [pixel(x, y) for y in range(height) for x in range(width)]
    image.putdata([pixel[0] if bands == 1 else pixel for pixel in pixels])
    return image


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def line(name, file, tolerance=0, image=None):
    image = image or Image.open(io.BytesIO(file))
    image.load()
    alpha = "A" in image.getbands() or "transparency" in image.info
    image = image.convert("RGBA" if alpha else "RGB")
    sides = f"{image.width}x{image.height}x{len(image.getbands())}"
    return name, file.hex(), str(tolerance), f"{sides}:{image.tobytes().hex()}"


def main():
    seen, lines = {}, []
    entries = [*bitmaps(picture, saved), *icons(picture, saved), *tiffs(picture, saved), *pngs()]
    for entry in entries:
        *fields, pixels = line(*entry)
        name = seen.setdefault(pixels, fields[0])
        lines.append("\t".join([*fields, pixels if name == fields[0] else f"={name}"]))
    out = pathlib.Path(__file__).with_name("files.tsv")
    out.write_text("".join(line + "\n" for line in lines))


if __name__ == "__main__":
    main()
