"""The WebP codec alone, against libwebp."""

import os
import shutil
import subprocess
import sys

import pyvips

import our_steps
import workloads
from turns import cpu_seconds

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "libwebp_turns.py")

# Pictures are made no larger than this, the usual size on a page, before a codec gets them.
WIDTH = 1280


def raster(picture, scratch):
    """The path of a PNG of the picture, so that both encoders begin from the same pixels."""
    path = os.path.join(scratch, f"{picture['name']}.{WIDTH}.png")
    if not os.path.exists(path):
        image = pyvips.Image.thumbnail(picture["path"], WIDTH, height=10_000_000, size="down")
        image.pngsave(path, compression=1, keep="none")
    return path


def libwebp(source, output, quality, lossless=False, method=4):
    """CPU milliseconds of libwebp's fastest turn of encoding."""
    settings = [str(quality), "1" if lossless else "0", str(method), str(our_steps.TURNS)]
    command = [sys.executable, SCRIPT, source, output, *settings]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(said.stdout)


def ours(job, source, output, quality, effort=""):
    """Milliseconds of our encoder's fastest turn, with turning RGB into planes."""
    options = f"format=webp,quality={quality}{effort}"
    steps = our_steps.milliseconds(job, source, output, options)
    return steps["encode"]


class Codecs:
    """Encoding one picture at two efforts and, where dwebp is, decoding what libwebp made of it."""

    def __init__(self, job, picture, scratch):
        self.job = job
        self.raster = raster(picture, scratch)
        self.files = [os.path.join(scratch, f"codecs.{name}.webp") for name in ("ours", "theirs")]
        self.decoded = os.path.join(scratch, "codecs-decoded.jpg")
        self.pairs = our_steps.Pairs(picture["kind"], "libwebp")
        self.rows = self.pairs.rows
        self.dwebp = shutil.which("dwebp")
        if self.dwebp:
            tiny = [os.path.join(scratch, f"tiny.{ending}") for ending in ("png", "webp")]
            pyvips.Image.black(8, 8, bands=3).copy(interpretation="srgb").pngsave(tiny[0])
            libwebp(*tiny, 80)
            # A picture so small that decoding it is all start-up.
            self.start = min(cpu_seconds(self.command(tiny[1], "-yuv")) for _ in range(20))

    def command(self, source, kind):
        return [self.dwebp, "-quiet", kind, "-o", os.devnull, source]

    def sample(self):
        made, theirs_made = self.files
        quality = self.job["quality"]
        theirs = libwebp(self.raster, theirs_made, quality)
        for effort, target in workloads.WEBP_ENCODE_TARGETS.items():
            spent = ours(self.job, self.raster, made, quality, effort)
            self.pairs.add(f"encode{effort.replace(',', ', ')}", spent, theirs, target)
        if self.dwebp:
            # Planes are what ours makes too; what is lossless is RGB to both.
            self.decode("decode", theirs_made, "-yuv")
            libwebp(self.raster, theirs_made, quality, lossless=True)
            self.decode("decode lossless", theirs_made, "-ppm")

    def decode(self, work, source, kind):
        # Baseline, so that as little as can be is done beside decoding.
        options = f"format=jpeg,compression=fast,quality={self.job['quality']}"
        steps = our_steps.milliseconds(self.job, source, self.decoded, options)
        turns = range(our_steps.TURNS)
        theirs = min(cpu_seconds(self.command(source, kind)) for _ in turns) - self.start
        self.pairs.add(work, steps["decode"], 1e3 * theirs, workloads.WEBP_DECODE_TARGET)
