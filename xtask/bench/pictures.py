"""Chooses what to measure among the pictures of some folders, and makes what is not there."""

import math
import os
import shutil
import subprocess

import pyvips

import workloads

# If none of the pictures is of a kind that is named, the largest are taken, this many.
OTHERS = 2

# A PNG counts as soft if so many of its pixels are neither clear nor opaque, and it has so many.
SOFT_SHARE = 0.05
SOFT_MEGAPIXELS = 1


def read(path):
    """The facts by which a picture is chosen; `None` if it is nothing that libvips reads as such."""
    try:
        image = pyvips.Image.new_from_file(path)
        loader = image.get("vips-loader")
    except pyvips.Error:
        return None
    if loader not in ("gifload", "jpegload", "pngload"):
        return None
    fields = image.get_fields()
    frames = image.get("n-pages") if "n-pages" in fields else 1
    if loader == "gifload" and frames == 1:
        return None
    return {
        "path": path,
        "name": os.path.basename(path),
        "jpeg": loader == "jpegload",
        "frames": frames,
        "width": image.width,
        "height": image.height,
        "megapixels": image.width * image.height / 1e6,
        "progressive": "interlaced" in fields and image.get("interlaced") != 0,
        # Three samples without a profile: with one, or with inks, programs differ in what they do.
        "plain": image.bands == 3 and "icc-profile-data" not in fields,
        "rgb": image.bands == 3 and image.format == "uchar" and loader == "pngload",
        "rgba": image.bands == 4 and image.format == "uchar" and loader == "pngload",
    }


def known(folders):
    """The facts of all pictures that lie in the folders themselves."""
    paths = [os.path.join(folder, name) for folder in folders for name in sorted(os.listdir(folder))]
    return [facts for facts in map(read, filter(os.path.isfile, paths)) if facts]


def choose(pictures, scratch):
    """One picture of each kind, the one nearest in size, plain ones first, PNGs with alpha and without,
    and one that moves."""
    jpegs = [p for p in pictures if p["jpeg"]]
    chosen = []
    for kind, (least, most, near, progressive) in workloads.KINDS.items():
        fitting = [
            p for p in jpegs if least <= p["megapixels"] < most and p["progressive"] == progressive
        ]
        if fitting:
            distance = lambda p: (not p["plain"], abs(math.log(p["megapixels"] / near)))
            chosen.append({**min(fitting, key=distance), "kind": kind})
    if not chosen:
        others = sorted(jpegs, key=lambda p: -p["megapixels"])[:OTHERS]
        chosen = [{**p, "kind": workloads.OTHER} for p in others]
    if chosen:
        source = chosen[-1]["path"]
        chosen.append({**soft(pictures, source, scratch), "kind": workloads.SOFT})
        chosen.append({**photograph(pictures, source, scratch), "kind": workloads.PHOTOGRAPH})
    animated = [p for p in pictures if p["frames"] > 1]
    if animated:
        # The one with the most pixels in all.
        longest = max(animated, key=lambda p: p["frames"] * p["megapixels"])
        chosen.append({**longest, "kind": workloads.ANIMATED})
    return chosen


def photograph(pictures, source, scratch):
    """The opaque PNG that has the most detail; else one is made of the photograph `source`."""
    found = [p for p in pictures if p["rgb"] and p["plain"] and not p["progressive"]]
    if found:
        return max(found, key=lambda p: os.path.getsize(p["path"]))
    path = os.path.join(scratch, "generated.png")
    pyvips.Image.thumbnail(source, 1280, size="down").colourspace("srgb").pngsave(path, keep="none")
    return read(path)


def soft(pictures, source, scratch):
    """The PNG with soft edges that has the most detail; else one is made of the photograph `source`."""
    found = [
        p for p in pictures
        if p["rgba"] and p["megapixels"] >= SOFT_MEGAPIXELS and softness(p["path"]) >= SOFT_SHARE
    ]
    if found:
        return max(found, key=lambda p: os.path.getsize(p["path"]))
    opaque = pyvips.Image.thumbnail(source, 2048, size="down")
    opaque = opaque.colourspace("srgb").copy_memory()
    # Opaque within, clear without, and a soft edge between.
    distance = pyvips.Image.xyz(opaque.width, opaque.height)
    distance = (distance / [opaque.width / 2, opaque.height / 2] - 1) ** 2
    alpha = ((1.1 - distance[0] - distance[1]) * 600).cast("uchar")
    path = os.path.join(scratch, "generated-alpha.png")
    opaque.bandjoin(alpha).pngsave(path)
    return read(path)


def softness(path):
    alpha = pyvips.Image.new_from_file(path, access="sequential")[3]
    return ((alpha > 0) & (alpha < 255)).avg() / 255


def rewritten(picture, how, scratch):
    """The path of the same pixels as a `progressive` JPEG or a `png`; `None` if there is no tool."""
    stem, _ = os.path.splitext(picture["name"])
    if how == "png":
        path = os.path.join(scratch, f"{stem}.png")
        if not os.path.exists(path):
            pyvips.Image.new_from_file(picture["path"]).pngsave(path, compression=1)
        return path
    if not shutil.which("jpegtran"):
        return None
    path = os.path.join(scratch, f"{stem}-progressive.jpg")
    subprocess.run(["jpegtran", "-progressive", "-outfile", path, picture["path"]], check=True)
    return path
