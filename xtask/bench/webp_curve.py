"""Bytes against SSIMULACRA2 of our lossy WebP and libwebp's, over many photographs."""

import os
import statistics

import pyvips

import quality
import webp_tools
import workloads

# libwebp's curve reaches beyond ours on both sides, so that equal scores are found between points.
LIBWEBP_QUALITIES = (35, 50, 58, 65, 72, 80, 85, 90, 95)

# libwebp's greatest effort, to compare our own with.
SLOWEST = 6

# Smaller ones say little of photographs; and two pictures whose 8 × 8 averages differ by less than
# so much on average are the same photograph in two files.
MEGAPIXELS = 0.9
DIFFERENT = 6


def photographs(known):
    """Plain JPEGs, each photograph once."""
    chosen, thumbnails = [], []
    for picture in known:
        if not picture["jpeg"] or not picture["plain"] or picture["megapixels"] < MEGAPIXELS:
            continue
        image = pyvips.Image.thumbnail(picture["path"], 8, height=8, size="force")
        thumbnail = image.colourspace("b-w").copy_memory()
        if all((thumbnail - other).abs().avg() >= DIFFERENT for other in thumbnails):
            thumbnails.append(thumbnail)
            chosen.append(picture)
    return chosen


def measure(job, known, scratch, tell):
    """The curves, and what they tell at each quality."""
    chosen = photographs(known)
    curves = {effort: [] for effort in workloads.CURVE_TARGETS}
    libwebp, slowest = [], []
    for number, picture in enumerate(chosen):
        source = webp_tools.raster(picture, scratch)
        output = os.path.join(scratch, "curve.webp")
        reference = quality.Reference(source)
        pixels = reference.source.width * reference.source.height

        def point(level, spent):
            judged = reference.judge(output)
            bits, score = 8 * judged["bytes"] / pixels, judged["ssimulacra2"]
            return {"quality": level, "bits": bits, "score": score, "milliseconds": spent}

        theirs = lambda level: webp_tools.libwebp(source, output, level)
        libwebp.append([point(level, theirs(level)) for level in LIBWEBP_QUALITIES])
        theirs = lambda level: webp_tools.libwebp(source, output, level, method=SLOWEST)
        slowest.append([point(level, theirs(level)) for level in workloads.CURVE_QUALITIES])
        for effort, curve in curves.items():
            ours = lambda level: webp_tools.ours(job, source, output, level, effort)
            curve.append([point(level, ours(level)) for level in workloads.CURVE_QUALITIES])
        tell(f"photograph {number + 1} of {len(chosen)}")
    made = [
        summary("libwebp", libwebp, libwebp),
        summary(f"libwebp, method {SLOWEST}", slowest, libwebp),
    ]
    for effort, curve in curves.items():
        name = "Selvedge" + effort.replace(",", ", ")
        made.append({**summary(name, curve, libwebp), "target": workloads.CURVE_TARGETS[effort]})
    return {"photographs": len(chosen), "curves": made}


def summary(name, curves, libwebp):
    """At each quality: the photographs' mean bits and score, and both costs against libwebp's."""
    points = []
    for here in zip(*curves):
        level = here[0]["quality"]
        there = [point for curve in libwebp for point in curve if point["quality"] == level]
        ratios = [equal_score(point, their) for point, their in zip(here, libwebp)]
        found = [ratio for ratio in ratios if ratio is not None]
        points.append({
            "quality": level,
            "bits": statistics.mean(point["bits"] for point in here),
            "score": statistics.mean(point["score"] for point in here),
            # Geometric, for twice and half cancel out.
            "bytes": statistics.geometric_mean(found) if len(found) == len(here) else None,
            "time": sum(p["milliseconds"] for p in here) / sum(p["milliseconds"] for p in there),
        })
    return {"name": name, "points": points}


def equal_score(point, curve):
    """Bytes over those that another curve needs for the same score; `None` beyond its ends."""
    for low, high in zip(curve, curve[1:]):
        if low["score"] <= point["score"] <= high["score"]:
            part = (point["score"] - low["score"]) / max(high["score"] - low["score"], 1e-9)
            bits = low["bits"] * (high["bits"] / low["bits"]) ** part
            return point["bits"] / bits
    return None
