"""The WebP codec alone, against libwebp."""

import os
import subprocess
import sys

import pyvips

import our_steps
import workloads

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


def libwebp(work, source, output, quality):
    """CPU milliseconds of libwebp's fastest turn."""
    command = [sys.executable, SCRIPT, work, source, output, str(quality), str(our_steps.TURNS)]
    environment = {**os.environ, "VIPS_CONCURRENCY": "1"}
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return float(said.stdout)


def ours(job, source, output, quality, effort=""):
    """Milliseconds of our encoder's fastest turn, with turning RGB into planes."""
    options = f"format=webp,quality={quality}{effort}"
    steps = our_steps.milliseconds(job, source, output, options)
    return steps["encode"]


class Codecs:
    """Encoding one picture at two efforts, and decoding what libwebp made of it."""

    def __init__(self, job, picture, scratch):
        self.job = job
        self.raster = raster(picture, scratch)
        self.files = [os.path.join(scratch, f"codecs.{name}.webp") for name in ("ours", "theirs")]
        self.decoded = os.path.join(scratch, "codecs-decoded.jpg")
        self.pairs = our_steps.Pairs(picture["kind"], "libwebp")
        self.rows = self.pairs.rows

    def sample(self):
        made, theirs_made = self.files
        quality = self.job["quality"]
        theirs = libwebp("encode", self.raster, theirs_made, quality)
        for effort, target in workloads.WEBP_ENCODE_TARGETS.items():
            spent = ours(self.job, self.raster, made, quality, effort)
            self.pairs.add(f"encode{effort.replace(',', ', ')}", spent, theirs, target)
        self.decode("decode", theirs_made)
        libwebp("encode lossless", self.raster, theirs_made, quality)
        self.decode("decode lossless", theirs_made)

    def decode(self, work, source):
        # Baseline, so that nothing but decoding is held against memory or counted.
        options = f"format=jpeg,compression=fast,quality={self.job['quality']}"
        steps = our_steps.milliseconds(self.job, source, self.decoded, options)
        theirs = libwebp("decode", source, os.devnull, 0)
        self.pairs.add(work, steps["decode"], theirs, workloads.WEBP_DECODE_TARGET)
