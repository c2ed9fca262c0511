"""Chooses what to measure among the JPEGs of a folder."""

import math
import os

import pyvips

# What people shrink: name (else its megapixels), megapixels from and to, the size to be near to, and
# whether progressive.
KINDS = [
    (None, 20, 60, 24, False),
    ("12 MP", 10, 15, 12.2, False),
    ("12 MP progressive", 10, 15, 12.2, True),
    ("1080p", 1.8, 2.4, 2.07, False),
]
# If none of a folder's pictures is of these kinds, its largest are taken, this many.
OTHERS = 2


def read(path):
    """The facts by which a picture is chosen; `None` if it is no JPEG that libvips reads."""
    try:
        image = pyvips.Image.new_from_file(path)
        if image.get("vips-loader") != "jpegload":
            return None
    except pyvips.Error:
        return None
    fields = image.get_fields()
    return {
        "path": path,
        "width": image.width,
        "height": image.height,
        "megapixels": image.width * image.height / 1e6,
        "progressive": "interlaced" in fields and image.get("interlaced") != 0,
        # Three samples without a profile: with one, or with inks, programs differ in what they do.
        "plain": image.bands == 3 and "icc-profile-data" not in fields,
    }


def choose(folder):
    """One picture of each kind, the one nearest in size; plain ones first."""
    paths = (os.path.join(folder, name) for name in sorted(os.listdir(folder)))
    known = [p for p in map(read, filter(os.path.isfile, paths)) if p]
    chosen = []
    for kind, least, most, near, progressive in KINDS:
        fitting = [
            p for p in known if least <= p["megapixels"] < most and p["progressive"] == progressive
        ]
        if fitting:
            distance = lambda p: (not p["plain"], abs(math.log(p["megapixels"] / near)))
            picture = min(fitting, key=distance)
            chosen.append({**picture, "kind": kind or f"{picture['megapixels']:.0f} MP"})
    if not chosen:
        known.sort(key=lambda p: -p["megapixels"])
        chosen = [
            {**p, "kind": f"{p['megapixels']:.1f} MP" + (" progressive" if p["progressive"] else "")}
            for p in known[:OTHERS]
        ]
    return chosen
