"""usage: bench.py JOB

Measures Selvedge against libvips on JPEGs, and prints all that `cargo xtask bench` reports, as JSON.
JOB is JSON too: selvedge, folder, widths, quality, core, seconds (of a sample) and rounds.
The programs take turns within each round, so that whatever else the machine does hits them alike."""

import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile

import pyvips

import jpeg_tools
import pictures
import quality
import turns

HERE = os.path.dirname(os.path.abspath(__file__))


class Case:
    """One picture at one width, by both programs."""

    def __init__(self, job, picture, width, scratch):
        self.picture, self.width = picture, width
        options = f"width={width},format=jpeg,compression=fast,quality={job['quality']}"
        name = f"{os.path.basename(picture['path'])}.{width}"
        self.outputs = {p: os.path.join(scratch, f"{name}.{p}.jpg") for p in ("ours", "libvips")}
        ours = [job["selvedge"], "transform", picture["path"], self.outputs["ours"], options]
        script = os.path.join(HERE, "vips_turns.py")
        vips = [sys.executable, script, picture["path"], self.outputs["libvips"]]
        vips += [str(width), str(job["quality"])]
        # Compiled code is kept where no other work can push it out: a sample that compiles is void.
        cache = {"XDG_CACHE_HOME": scratch}
        self.programs = {
            "ours": turns.Repeated(lambda n: ours + ["--repeat", str(n)], cache),
            "libvips": turns.Repeated(lambda n: vips + [str(n)], {"VIPS_CONCURRENCY": "1"}),
        }

    def result(self, reference):
        programs = {
            name: {**program.milliseconds(), **reference.judge(self.outputs[name])}
            for name, program in self.programs.items()
        }
        facts = ("kind", "megapixels")
        picture = os.path.basename(self.picture["path"])
        return {
            "picture": picture,
            **{fact: self.picture[fact] for fact in facts},
            "width": self.width,
            "programs": programs,
        }


def tell(text):
    print(f"    {text}", file=sys.stderr, flush=True)


def machine():
    """What it ran on, without the names of anybody's folders."""
    model = platform.processor()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            lines = [line.split(":", 1) for line in file if ":" in line]
        model = next(v.strip() for k, v in lines if k.strip() == "model name")
    except (OSError, StopIteration):
        pass
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


def versions(job):
    said = subprocess.run([job["selvedge"], "--version"], capture_output=True, text=True, check=True)
    vips = ".".join(str(pyvips.version(part)) for part in range(3))
    listed = [said.stdout.strip(), f"libvips {vips} (pyvips {pyvips.__version__})"]
    if jpeg_tools.tools():
        listed.append(jpeg_tools.version(jpeg_tools.tools()[0]))
    return listed


def measure(job, scratch):
    chosen = pictures.choose(job["folder"])
    if not chosen:
        sys.exit("expected JPEGs in the folder, found none that libvips reads")
    pinned = turns.pin(job["core"])
    cases = [
        Case(job, picture, width, scratch)
        for picture in chosen
        for width in job["widths"]
        if width < picture["width"]
    ]
    coders = jpeg_tools.tools() and [jpeg_tools.Codecs(job, p, scratch) for p in chosen]
    for case in cases:
        for program in case.programs.values():
            program.calibrate(job["seconds"])
    loads = []
    for number in range(job["rounds"]):
        for case in cases:
            for program in case.programs.values():
                program.sample()
        for coder in coders or []:
            coder.sample()
        loads.append(os.getloadavg()[0])
        tell(f"round {number + 1} of {job['rounds']}, load average {loads[-1]:.1f}")
    references = {p["path"]: quality.Reference(p["path"]) for p in chosen}
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "machine": machine(),
        "pinned": pinned,
        "loads": loads,
        "versions": versions(job),
        "scored": quality.scorer() is not None,
        "cases": [case.result(references[case.picture["path"]]) for case in cases],
        "codecs": [row for coder in coders or [] for row in coder.rows()],
    }


def main():
    job = json.loads(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        json.dump(measure(job, scratch), sys.stdout)


main()
