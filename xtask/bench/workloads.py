"""What is measured: which pictures, made into what, and how much of it we mean to need at most."""

from dataclasses import dataclass
from typing import Optional

# What people shrink: megapixels from and to, the size to be near to, and whether progressive.
KINDS = {
    "24 MP": (20, 60, 24, False),
    "12 MP": (10, 15, 12.2, False),
    "12 MP progressive": (10, 15, 12.2, True),
    "1080p": (1.8, 2.4, 2.07, False),
}
# A PNG with soft edges, and whatever there is where a folder holds none of the kinds above.
SOFT = "PNG, soft alpha"
# An opaque PNG with the detail of a photograph.
PHOTOGRAPH = "PNG, photograph"
# A GIF that moves, made into animated WebP.
ANIMATED = "GIF, animated"
OTHER = "other"

# Formats as people name them.
NAMES = {"avif": "AVIF", "jpeg": "JPEG", "png": "PNG", "webp": "WebP"}

# What stands around a picture that is padded.
BACKGROUND = (24, 24, 24)


@dataclass(frozen=True)
class Shape:
    """What a picture is made into."""

    width: int
    format: str
    # The most CPU time that we mean to need, libvips' being 1.
    target: Optional[float] = None
    # With a height, the picture is fitted into the box and padded; else the width alone binds.
    height: Optional[int] = None

    def label(self):
        """Such as `400 px JPEG`."""
        size = f"{self.width}×{self.height} padded" if self.height else f"{self.width} px"
        return f"{size} {NAMES[self.format]}"

    def options(self, quality):
        """As they stand in an address."""
        size = f"width={self.width}"
        if self.height:
            colour = "".join(f"{level:02x}" for level in BACKGROUND)
            size += f",height={self.height},fit=pad,background=#{colour}"
        # Baseline with the standard's Huffman tables, as libvips writes it.
        effort = ",compression=fast" if self.format == "jpeg" else ""
        # A quality would give PNG a palette.
        quality = "" if self.format == "png" else f",quality={quality}"
        return f"{size},format={self.format}{quality}{effort}"


SHAPES = {
    "24 MP": [
        Shape(400, "jpeg", 0.7),
        Shape(800, "jpeg", 0.7),
        Shape(400, "webp", 0.75),
    ],
    "12 MP": [
        Shape(400, "jpeg", 0.7),
        Shape(800, "jpeg"),
        Shape(1280, "jpeg", 0.6, height=720),
    ],
    "12 MP progressive": [Shape(400, "jpeg", 0.4), Shape(800, "jpeg")],
    "1080p": [
        Shape(400, "jpeg"),
        Shape(800, "jpeg", 0.8),
        Shape(800, "webp", 0.9),
        Shape(1280, "webp", 0.9),
        Shape(640, "avif", 4.0),
    ],
    SOFT: [Shape(400, "webp", 0.9)],
    PHOTOGRAPH: [Shape(400, "png", 0.9)],
    ANIMATED: [Shape(200, "webp", 1.0)],
    OTHER: [Shape(400, "jpeg"), Shape(800, "jpeg"), Shape(400, "webp")],
}

# Decoding JPEGs alone, by the scale's denominator: the most time, djpeg's being 1.
DECODE_TARGETS = {8: 0.6, 4: 0.8, 2: 1.0, 1: 1.1}

# WebP alone: the most time, libwebp's at method 4 being 1.
WEBP_ENCODE_TARGETS = {"": 1.0, ",compression=fast": 0.5}
WEBP_DECODE_TARGET = 1.3

# Bytes for the same score, libwebp's at method 4 being 1, if a most is meant; and at which qualities.
CURVE_TARGETS = {"": 1.03, ",compression=fast": 1.08, ",compression=best": None}
CURVE_QUALITIES = (50, 65, 80, 90)

# A picture that is for the table of memory only, for it may well be refused.
GIANT = "100 MP or more"
GIANT_MEGAPIXELS = 100

# Peak memory of a transform to 800 pixels: of which kind of picture, rewritten as what (`None`: as
# it is), and the most MiB beside the source that we mean to need.
MEMORY = [
    ("24 MP", None, 12),
    ("24 MP", "progressive", 32),
    ("12 MP progressive", None, None),
    ("1080p", None, None),
    ("24 MP", "png", None),
    (GIANT, None, 48),
]
MEMORY_WIDTH = 800
