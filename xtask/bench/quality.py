"""How near an output is to the best that its size allows.

The reference: the source decoded at full size, upright, in double precision, reduced by Lanczos3 with
no box shrink before, in the samples' own (gamma) space, colours weighted by alpha, rounded to 8 bits
once, at the end. What is transparent is seen on middle grey."""

import math
import os
import shutil
import subprocess
import tempfile

import pyvips

GREY = 128

# libvips remembers files by name, and would judge the picture that a file held before.
pyvips.cache_set_max(0)


# Of an animation this frame is judged, or the last one if there are fewer.
FRAME = 10


def upright(path):
    image = pyvips.Image.new_from_file(path)
    frames = image.get("n-pages") if "n-pages" in image.get_fields() else 1
    if frames > 1:
        image = pyvips.Image.new_from_file(path, page=min(FRAME, frames - 1))
    image = image.autorot()
    image = image if image.interpretation == "srgb" else image.colourspace("srgb")
    return image.copy_memory()


def seen(image):
    """What there is to see of a picture."""
    return image.flatten(background=GREY) if image.hasalpha() else image


class Reference:
    def __init__(self, path):
        self.source = upright(path)
        self.reduced = {}

    def at(self, width, height):
        """The reference of exactly this size."""
        if (width, height) not in self.reduced:
            by_x, by_y = self.source.width / width, self.source.height / height
            alpha = self.source.hasalpha()
            image = self.source.premultiply() if alpha else self.source
            image = image.cast("double").reduce(by_x, by_y, kernel="lanczos3", gap=0.0)
            image = image.crop(0, 0, width, height)
            image = (image.unpremultiply() if alpha else image).rint().cast("uchar")
            image = seen(image.copy(interpretation="srgb"))
            self.reduced[width, height] = image.copy_memory()
        return self.reduced[width, height]

    def padded(self, width, height, background):
        """The reference that is fitted into a box of this size and padded."""
        scale = min(width / self.source.width, height / self.source.height)
        image = self.at(round(self.source.width * scale), round(self.source.height * scale))
        canvas = {"extend": "background", "background": background}
        return image.gravity("centre", width, height, **canvas)

    def judge(self, path, box=None):
        """PSNR over R, G and B in decibels, and SSIMULACRA2 where there is a tool for it.

        `box` is width, height and background of an output that is padded."""
        output = seen(upright(path))
        reference = self.padded(*box) if box else self.at(output.width, output.height)
        difference = output.cast("double") - reference
        error = (difference * difference).avg()
        return {
            "bytes": os.path.getsize(path),
            "psnr": 10 * math.log10(255 * 255 / max(error, 1e-9)),
            "ssimulacra2": ssimulacra2(reference, output),
        }


def scorer():
    """The command of whichever SSIMULACRA2 there is on PATH."""
    if shutil.which("ssimulacra2_rs"):
        return ["ssimulacra2_rs", "image"]
    return ["ssimulacra2"] if shutil.which("ssimulacra2") else None


def ssimulacra2(reference, output):
    command = scorer()
    if not command:
        return None
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, name) for name in ("reference.png", "output.png")]
        for image, file in zip((reference, output), files):
            image.pngsave(file, compression=1)
        said = subprocess.run(command + files, capture_output=True, text=True, check=True).stdout
    # One tool prints the bare score, the other a word before it.
    return float(said.split()[-1])
