"""Writes colours/: small pictures with colour profiles, and what littlecms makes sRGB of them.

    pip install numpy pillow
    python tests/golden/colours.py

All profiles are made here, from formulas alone: matrices and curves, tables for red, green and blue, for
inks a model of dots that gain (Yule and Nielsen), and grey. Pictures are written by Pillow, PNG chunks by
hand. expected.tsv has a line for each: its name, the pixels as they are stored (as far as they are red,
green, blue or grey; inks are left out) and the pixels in sRGB, as WIDTHxHEIGHTxCHANNELS:HEX; of inks, which
are stored as squares of 8 by 8, one for each square. They are those of littlecms, of its usual intent, except
for files without a profile, for which the formulas of the standards are computed with NumPy.
"""

import io
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

HERE = pathlib.Path(__file__).parent / "colours"
D50 = np.array([0.9642, 1.0, 0.8249])
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
D65 = (0.3127, 0.3290)
SRGB = [D65, (0.64, 0.33), (0.30, 0.60), (0.15, 0.06)]
BT2020 = [D65, (0.708, 0.292), (0.170, 0.797), (0.131, 0.046)]
P3 = [D65, (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)]
ADOBE = [D65, (0.64, 0.33), (0.21, 0.71), (0.15, 0.06)]
PROPHOTO = [(0.3457, 0.3585), (0.734699, 0.265301), (0.159597, 0.840403), (0.036598, 0.000105)]


def to_xyz(places):
    """The matrix from light to X, Y, Z under D50."""
    white, *rest = [np.array([x / y, 1, (1 - x - y) / y]) for x, y in places]
    primaries = np.stack(rest, 1)
    primaries = primaries * np.linalg.solve(primaries, white)
    gain = np.diag((BRADFORD @ D50) / (BRADFORD @ white))
    return np.linalg.inv(BRADFORD) @ gain @ BRADFORD @ primaries


def light_of_srgb(code):
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def light_of_pq(code):
    """ITU-R BT.2100 table 4, as a share of 203 cd/m² (BT.2408), at most white."""
    root = code ** (1 / (2523 / 4096 * 128))
    below = np.maximum(root - 3424 / 4096, 0) / (2413 / 4096 * 32 - 2392 / 4096 * 32 * root)
    return below ** (1 / (2610 / 16384)) * 10000 / 203


def light_of_hlg(code):
    """ITU-R BT.2100 table 5, on a display of 1000 cd/m², its gamma for each channel by itself."""
    a = 0.17883277
    b, c = 1 - 4 * a, 0.5 - a * np.log(4 * a)
    scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
    return scene**1.2 * 1000 / 203


def code_of_srgb(light):
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def to_lab(xyz):
    t = xyz / D50
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


# What a profile is made of (ICC.1:2022).


def fixed(*values):
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def xyz_tag(values):
    return b"XYZ \0\0\0\0" + fixed(*values)


def para(kind, *values):
    return b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + fixed(*values)


def curv(*values):
    return b"curv\0\0\0\0" + struct.pack(f">I{len(values)}H", len(values), *values)


def padded(part):
    return part + bytes(-len(part) % 4)


def text(version, name):
    if version == 2:
        return b"desc\0\0\0\0" + struct.pack(">I", len(name) + 1) + name.encode() + bytes(1 + 78)
    utf16 = name.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(utf16), 28) + utf16


def profile(version, kind, device, connection, name, tags):
    tags = {b"desc": text(version, name), b"wtpt": xyz_tag(D50), b"cprt": text(version, "CC0"), **tags}
    if version == 2:
        tags[b"cprt"] = b"text\0\0\0\0CC0\0"
    table, data = b"", b""
    start = 132 + 12 * len(tags)
    for signature, tag in tags.items():
        table += signature + struct.pack(">II", start + len(data), len(tag))
        data += padded(tag)
    head = struct.pack(">I4xB3x4s4s4s", start + len(data), version, kind, device, connection)
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(24) + bytes(4) + fixed(*D50)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


def shaper(version, name, places, curve):
    matrix = to_xyz(places).T
    tags = {bytes([letter]) + b"XYZ": xyz_tag(column) for letter, column in zip(b"rgb", matrix)}
    tags |= {bytes([letter]) + b"TRC": curve for letter in b"rgb"}
    return profile(version, b"mntr", b"RGB ", b"XYZ ", name, tags)


SRGB_CURVE = para(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def levels(count, axes):
    """All points of a grid, the last axis fastest, from 0 to 1."""
    return np.stack(np.meshgrid(*[np.linspace(0, 1, count)] * axes, indexing="ij"), -1).reshape(-1, axes)


def inks_to_lab(inks):
    """Sixteen overprints of four inks, by their shares of the paper after the dots have gained."""
    gained = inks + 0.36 * inks * (1 - inks)
    paper = np.array([0.86, 0.89, 0.74])
    ink = np.array([[0.18, 0.42, 0.95], [0.42, 0.17, 0.28], [0.84, 0.86, 0.09], [0.03, 0.03, 0.03]])
    n = 1.7
    total = 0
    for overprint in range(16):
        on = np.array([(overprint >> i) & 1 for i in range(4)], bool)
        share = np.prod(np.where(on, gained, 1 - gained), -1, keepdims=True)
        total = total + share * (paper * np.prod(np.where(on[:, None], ink, 1), 0)) ** (1 / n)
    return to_lab(total**n)


def coded_lab(lab, old):
    lightness, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    if old:
        coded = np.stack([lightness * 652.8, (a + 128) * 256, (b + 128) * 256], -1)
        return np.clip(np.round(coded), 0, 65535).astype(">u2").tobytes()
    coded = np.stack([lightness * 2.55, a + 128, b + 128], -1)
    return np.clip(np.round(coded), 0, 255).astype(np.uint8).tobytes()


def printer(width):
    """Inks by tables of 8 or 16 bits; curves before the grid make its points denser where it is dark."""
    points, ramp = 6, np.linspace(0, 1, 256 if width == 1 else 32)
    grid = levels(points, 4) ** 1.5
    scale, kind = (255, np.uint8) if width == 1 else (65535, ">u2")
    before = np.round(ramp ** (1 / 1.5) * scale).astype(kind).tobytes() * 4
    after = np.round(ramp * scale).astype(kind).tobytes() * 3
    tag = (b"mft1" if width == 1 else b"mft2") + bytes(4) + bytes([4, 3, points, 0])
    tag += fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    tag += b"" if width == 1 else struct.pack(">HH", len(ramp), len(ramp))
    tag += before + coded_lab(inks_to_lab(grid), width == 2) + after
    return profile(2, b"prtr", b"CMYK", b"Lab ", "Dots", {b"A2B0": tag})


def camera():
    """Red, green and blue by the parts of an mAB: curves, a grid, curves, a matrix, curves."""
    points = 5
    rgb = levels(points, 3)
    mixed = 0.9 * rgb + 0.1 * rgb[:, [1, 2, 0]]
    grid = bytes([points] * 3 + [0] * 13) + b"\2\0\0\0" + np.round(mixed * 65535).astype(">u2").tobytes()
    before = padded(para(0, 0.9)) * 3
    middle = padded(para(0, 2.2)) * 3
    # X, Y, Z are coded as halves.
    matrix = fixed(*(to_xyz(P3) / (1 + 32767 / 32768)).flatten(), 0, 0, 0)
    after = padded(curv()) * 3
    parts, offsets, at = [after, matrix, middle, grid, before], [], 32
    for part in parts:
        offsets.append(at)
        at += len(padded(part))
    tag = b"mAB \0\0\0\0\x03\x03\0\0" + struct.pack(">5I", *offsets) + b"".join(map(padded, parts))
    return profile(4, b"scnr", b"RGB ", b"XYZ ", "Parts", {b"A2B0": tag})


# Pictures.


def cube(count=6):
    return np.round(levels(count, 3) * 255).astype(np.uint8).reshape(-1, count * 3, 3)


def ramp():
    return np.arange(0, 256, 3, np.uint8).reshape(2, -1)


def chunk(kind, payload):
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def png(pixels, *chunks):
    height, width = pixels.shape[:2]
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[1 if pixels.ndim == 2 else pixels.shape[2]]
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    parts = [chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)), *chunks]
    parts += [chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def iccp(icc):
    return chunk(b"iCCP", b"icc\0\0" + zlib.compress(icc, 9))


def saved(pixels, kind, **options):
    file = io.BytesIO()
    Image.fromarray(pixels, "CMYK" if pixels.shape[-1] == 4 else None).save(file, kind, **options)
    return file.getvalue()


def inks():
    """Squares of 8 by 8, so that a JPEG keeps them."""
    squares = np.round(levels(3, 4) * 255).astype(np.uint8).reshape(9, 9, 4)
    return squares.repeat(8, 0).repeat(8, 1)


def by_littlecms(file):
    image = Image.open(io.BytesIO(file))
    icc = image.info["icc_profile"]
    if image.mode == "L" and icc[16:20] == b"RGB ":
        image = image.convert("RGB")
        return by_profile(image, icc)[..., :1]
    return by_profile(image, icc)


def by_profile(image, icc):
    icc = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    alpha = image.getchannel("A") if "A" in image.mode else None
    image = image.convert({"RGBA": "RGB", "LA": "L"}.get(image.mode, image.mode))
    target = ImageCms.createProfile("sRGB")
    made = np.asarray(ImageCms.profileToProfile(image, icc, target, outputMode="RGB"))
    if image.mode == "L":
        made = made[..., :1]
    return made if alpha is None else np.concatenate([made, np.asarray(alpha)[..., None]], -1)


def by_formula(pixels, places, light):
    matrix = np.linalg.inv(to_xyz(SRGB)) @ to_xyz(places)
    made = code_of_srgb(light(pixels / 255) @ matrix.T)
    return np.round(made * 255).astype(np.uint8)


def text_of(pixels):
    if pixels is None:
        return "-"
    pixels = pixels if pixels.ndim == 3 else pixels[..., None]
    height, width, channels = pixels.shape
    return f"{width}x{height}x{channels}:{pixels.tobytes().hex()}"


def numbers(*values):
    return b"".join(struct.pack(">I", round(value * 100000)) for value in values)


def said_wrongly():
    """Chunks that a profile goes before."""
    return chunk(b"gAMA", numbers(1)), chunk(b"sRGB", b"\0")


def main():
    rgb, grey = cube(), ramp()
    rgba = np.concatenate([rgb, (np.arange(216, dtype=np.uint8)[:, None]).reshape(*rgb.shape[:2], 1)], -1)
    p3 = shaper(4, "P3", P3, SRGB_CURVE)
    adobe = shaper(2, "Adobe", ADOBE, curv(563))
    prophoto = shaper(2, "ProPhoto", PROPHOTO, curv(*(round((i / 255) ** 1.8 * 65535) for i in range(256))))
    gamma = profile(2, b"mntr", b"GRAY", b"XYZ ", "1.8", {b"kTRC": curv(461)})
    linear = profile(4, b"mntr", b"GRAY", b"Lab ", "L*", {b"kTRC": para(0, 1.0)})
    profiled = {
        "p3.png": (rgb, png(rgb, iccp(p3))),
        "adobe-alpha.png": (rgba, png(rgba, iccp(adobe))),
        "prophoto.png": (rgb, png(rgb, iccp(prophoto))),
        "p3.webp": (rgb, saved(rgb, "WEBP", lossless=True, quality=0, icc_profile=p3)),
        "parts.png": (rgb, png(rgb, iccp(camera()))),
        "profile-before-srgb.png": (rgb, png(rgb, *said_wrongly(), iccp(adobe))),
        # Primaries and a curve that mean nothing say nothing.
        "profile-after-empty-cicp.png": (
            rgb, png(rgb, chunk(b"cICP", bytes([2, 2, 0, 1])), *said_wrongly(), iccp(p3))
        ),
        "grey-gamma.png": (grey, png(grey, iccp(gamma))),
        "grey-of-colours.png": (grey, png(grey, iccp(prophoto))),
        "grey-lightness.png": (grey, png(grey, iccp(linear))),
        "inks-8.jpg": (None, saved(inks(), "JPEG", quality=100, icc_profile=printer(1))),
        "inks-16.jpg": (None, saved(inks(), "JPEG", quality=100, icc_profile=printer(2))),
    }
    places = chunk(b"cHRM", numbers(*(value for place in P3 for value in place)))
    power = lambda code: code**1.6
    stated = {
        # Of what is no RGB of full range the next chunk counts.
        "gamma-after-video.png": (
            png(rgb, chunk(b"cICP", bytes([12, 13, 0, 0])), chunk(b"gAMA", numbers(1 / 1.6))),
            SRGB,
            power,
        ),
        "places-alone.png": (png(rgb, places), SRGB, light_of_srgb),
        "gamma.png": (png(rgb, chunk(b"gAMA", numbers(1 / 1.6)), places), P3, power),
        "gamma-alone.png": (png(rgb, chunk(b"gAMA", numbers(1 / 1.6))), SRGB, power),
        "cicp-before-all.png": (
            png(rgb, chunk(b"cICP", bytes([12, 13, 0, 1])), iccp(prophoto), chunk(b"sRGB", b"\0")),
            P3,
            light_of_srgb,
        ),
        "srgb-before-gamma.png": (
            png(rgb, chunk(b"gAMA", numbers(1)), chunk(b"sRGB", b"\0"), places),
            SRGB,
            light_of_srgb,
        ),
    }
    for name, curve, light in (("pq", 16, light_of_pq), ("hlg", 18, light_of_hlg)):
        said = chunk(b"cICP", bytes([9, curve, 0, 1]))
        stated[f"{name}.png"] = (png(rgb, said), BT2020, light)
    HERE.mkdir(exist_ok=True)
    lines = []
    for name, (pixels, file) in profiled.items():
        (HERE / name).write_bytes(file)
        made = by_littlecms(file)
        # Of squares the middle.
        made = made[4::8, 4::8] if pixels is None else made
        lines.append(f"{name}\t{text_of(pixels)}\t{text_of(made)}\n")
    for name, (file, *said) in stated.items():
        (HERE / name).write_bytes(file)
        lines.append(f"{name}\t{text_of(rgb)}\t{text_of(by_formula(rgb, *said))}\n")
    (HERE / "expected.tsv").write_text("".join(lines))


if __name__ == "__main__":
    main()
