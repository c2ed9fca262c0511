"""The JPEG codec alone, against djpeg and cjpeg of libjpeg-turbo."""

import os
import re
import shutil
import subprocess

import our_steps
import workloads
from turns import cpu_seconds


def tools():
    """djpeg and cjpeg, if both are there."""
    found = [shutil.which(name) for name in ("djpeg", "cjpeg")]
    return found if all(found) else None


def version(djpeg):
    """What djpeg says of itself, such as `libjpeg-turbo version 2.1.5`."""
    said = subprocess.run([djpeg, "-version"], capture_output=True, text=True)
    line = (said.stderr or said.stdout).splitlines()[0]
    return re.sub(r" \(build.*", "", line)


class Codecs:
    """Decoding one picture at each scale, and encoding it in full."""

    def __init__(self, job, picture, scratch):
        self.job, self.picture = job, picture
        self.djpeg, self.cjpeg = tools()
        self.output = os.path.join(scratch, "codecs.jpg")
        self.raster = os.path.join(scratch, "codecs.ppm")
        self.tiny = [os.path.join(scratch, f"tiny.{ending}") for ending in ("ppm", "jpg")]
        self.pairs = our_steps.Pairs(picture["kind"], "libjpeg-turbo")
        self.rows = self.pairs.rows
        self.start_up()

    def start_up(self):
        """A picture so small that working on it is all start-up, which is then taken off."""
        with open(self.tiny[0], "wb") as file:
            file.write(b"P6 8 8 255\n" + bytes(8 * 8 * 3))
        subprocess.run([self.cjpeg, "-outfile", self.tiny[1], self.tiny[0]], check=True)
        decode, encode = (self.decode("1/1", self.tiny[1]), self.encode(self.tiny[0]))
        self.decode_start = min(cpu_seconds(decode) for _ in range(20))
        self.encode_start = min(cpu_seconds(encode) for _ in range(20))

    def decode(self, scale, source):
        # The plain upsampling is the cheapest; ours does none, for planes keep their own size.
        return [self.djpeg, "-nosmooth", "-scale", scale, "-outfile", os.devnull, source]

    def encode(self, source):
        quality = str(self.job["quality"])
        return [self.cjpeg, "-quality", quality, "-sample", "2x2", "-outfile", os.devnull, source]

    def sample(self):
        for denominator in (8, 4, 2):
            # A little below half of what the scale gives: then this scale is the one that we choose.
            width = self.picture["width"] // (2 * denominator) - 2
            steps = self.steps(f"width={width},")
            self.decoded(f"decode 1/{denominator}, filter to {width} px", denominator, steps)
        # Without a width no 4:2:0 picture is filtered: of it this is decoding alone.
        steps = self.steps("")
        self.decoded("decode 1/1", 1, steps)
        subprocess.run([self.djpeg, "-outfile", self.raster, self.output], check=True)
        theirs = 1e3 * (cpu_seconds(self.encode(self.raster)) - self.encode_start)
        self.pairs.add("encode 1/1", steps["encode"], theirs)

    def steps(self, size):
        options = f"{size}format=jpeg,compression=fast,quality={self.job['quality']}"
        return our_steps.milliseconds(self.job, self.picture["path"], self.output, options)

    def decoded(self, name, denominator, steps):
        command = self.decode(f"1/{denominator}", self.picture["path"])
        theirs = 1e3 * (cpu_seconds(command) - self.decode_start)
        self.pairs.add(name, steps["decode"], theirs, workloads.DECODE_TARGETS[denominator])
