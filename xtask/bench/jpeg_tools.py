"""The codecs alone, against djpeg and cjpeg of libjpeg-turbo."""

import os
import re
import shutil
import subprocess

from turns import cpu_seconds

# Ours does this many turns a sample and tells its fastest.
TURNS = 8


def tools():
    """djpeg and cjpeg, if both are there."""
    found = [shutil.which(name) for name in ("djpeg", "cjpeg")]
    return found if all(found) else None


def version(djpeg):
    """What djpeg says of itself, such as `libjpeg-turbo version 2.1.5`."""
    said = subprocess.run([djpeg, "-version"], capture_output=True, text=True)
    line = (said.stderr or said.stdout).splitlines()[0]
    return re.sub(r" \(build.*", "", line)


def our_steps(job, source, output, size):
    """Milliseconds of each step, by the clock, in the fastest of some turns."""
    options = f"{size}format=jpeg,compression=fast,quality={job['quality']}"
    command = [job["selvedge"], "transform", source, output, options]
    command += ["--repeat", str(TURNS), "--steps"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    pairs = (line.split() for line in said.splitlines())
    return {pair[0]: float(pair[1]) for pair in pairs if len(pair) == 2}


class Codecs:
    """Decoding one picture at each scale, and encoding it in full."""

    def __init__(self, job, picture, scratch):
        self.job, self.picture = job, picture
        self.djpeg, self.cjpeg = tools()
        self.output = os.path.join(scratch, "codecs.jpg")
        self.raster = os.path.join(scratch, "codecs.ppm")
        self.tiny = [os.path.join(scratch, f"tiny.{ending}") for ending in ("ppm", "jpg")]
        self.ours = {}
        self.theirs = {}
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
            self.decoded(f"decode 1/{denominator}, filter to {width} px", f"1/{denominator}", steps)
        # Without a width no 4:2:0 picture is filtered: of it this is decoding alone.
        steps = self.steps("")
        self.decoded("decode 1/1", "1/1", steps)
        subprocess.run([self.djpeg, "-outfile", self.raster, self.output], check=True)
        theirs = 1e3 * (cpu_seconds(self.encode(self.raster)) - self.encode_start)
        self.add("encode 1/1", steps["encode"], theirs)

    def steps(self, size):
        return our_steps(self.job, self.picture["path"], self.output, size)

    def decoded(self, name, scale, steps):
        theirs = cpu_seconds(self.decode(scale, self.picture["path"])) - self.decode_start
        self.add(name, steps["decode"], 1e3 * theirs)

    def add(self, name, ours, theirs):
        self.ours.setdefault(name, []).append(ours)
        self.theirs.setdefault(name, []).append(theirs)

    def rows(self):
        return [
            {"work": name, "kind": self.picture["kind"], "ours": ours, "theirs": self.theirs[name]}
            for name, ours in self.ours.items()
        ]
