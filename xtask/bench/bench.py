"""usage: bench.py JOB

Measures Selvedge against libvips, libjpeg-turbo and libwebp, and prints all that `cargo xtask bench`
reports, as JSON. JOB is JSON too: selvedge, worker (the modules for V8), folders, quality, core,
seconds (of a sample), rounds, only (a part of the names of rows, or null) and webp_curve.
The programs take turns within each round, so that whatever else the machine does hits them alike."""

import datetime
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile

import PIL
import pyvips
from PIL import features

import jpeg_tools
import memory
import pictures
import quality
import transforms
import turns
import webp_curve
import webp_tools
import workloads


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
    said = lambda *command: subprocess.run(
        command, capture_output=True, text=True, check=True
    ).stdout.strip()
    vips = ".".join(str(pyvips.version(part)) for part in range(3))
    listed = [said(job["selvedge"], "--version"), f"Node.js {said('node', '--version')}"]
    listed.append(f"libvips {vips} (pyvips {pyvips.__version__})")
    listed.append(f"libwebp {features.version('webp')} (Pillow {PIL.__version__})")
    if jpeg_tools.tools():
        listed.append(jpeg_tools.version(jpeg_tools.tools()[0]))
    if shutil.which("dwebp"):
        listed.append(f"dwebp {said('dwebp', '-version').splitlines()[0]}")
    return listed


def coders(job, chosen, scratch, wanted):
    """Codecs alone: JPEG on every photograph, WebP on one of each size."""
    photographs = [p for p in chosen if p["jpeg"]]
    made = []
    for picture in photographs:
        if jpeg_tools.tools() and wanted(f"codecs JPEG {picture['kind']}"):
            made.append(jpeg_tools.Codecs(job, picture, scratch))
    for picture in photographs:
        if not picture["progressive"] and wanted(f"codecs WebP {picture['kind']}"):
            made.append(webp_tools.Codecs(job, picture, scratch))
    return made


def measure(job, scratch):
    if job["webp_curve"] and not quality.scorer():
        sys.exit("expected ssimulacra2 or ssimulacra2_rs on PATH for --webp-curve, found none")
    wanted = lambda row: job["only"] is None or job["only"].lower() in row.lower()
    known = pictures.known(job["folders"])
    chosen = pictures.choose(known, scratch)
    if not chosen:
        sys.exit("expected JPEGs in the folders, found none that libvips reads")
    pinned = turns.pin(job["core"])
    cases = [
        transforms.Case(job, picture, shape, scratch)
        for picture in chosen
        for shape in workloads.SHAPES[picture["kind"]]
        if shape.width < picture["width"] and wanted(f"{picture['kind']} to {shape.label()}")
    ]
    codecs = coders(job, chosen, scratch, wanted)
    for case in cases:
        for program in case.programs.values():
            program.calibrate(job["seconds"])
    loads = []
    for number in range(job["rounds"] if cases or codecs else 0):
        for case in cases:
            for program in case.programs.values():
                program.sample()
        for coder in codecs:
            coder.sample()
        loads.append(os.getloadavg()[0])
        tell(f"round {number + 1} of {job['rounds']}, load average {loads[-1]:.1f}")
    references = {path: quality.Reference(path) for path in {c.picture["path"] for c in cases}}
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "machine": machine(),
        "pinned": pinned,
        "loads": loads or [os.getloadavg()[0]],
        "versions": versions(job),
        "scored": quality.scorer() is not None,
        "cases": [case.result(references[case.picture["path"]]) for case in cases],
        "codecs": [row for coder in codecs for row in coder.rows()],
        "memory": memory.rows(job, known, chosen, scratch, wanted),
        "curve": webp_curve.measure(job, known, scratch, tell) if job["webp_curve"] else None,
    }


def main():
    job = json.loads(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        json.dump(measure(job, scratch), sys.stdout)


main()
