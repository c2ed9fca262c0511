"""Writes avif/: pictures for brighter displays, what usual ones show of them, and AVIF with others beside them.

    apt-get install libavif-bin libheif-examples libheif-plugin-x265
    pip install numpy pillow
    python tests/golden/avif.py

216 colours of known light, 18 by 12, in the primaries of BT.2020, by PQ and by HLG: as PNG of 16 bits with `cICP`,
and as squares of 16 by 16 in AVIF and HEIC of 10 bits. expected.tsv has a line for each curve: its name, and the
colours in sRGB as WIDTHxHEIGHTxCHANNELS:HEX, computed of the light and not of what is stored. base.avif is
a picture for usual displays, gain-map.avif the same with a gain map (ISO 21496-1), and clear.avif with alpha.
"""

import io
import pathlib
import struct
import tempfile
import zlib

import numpy as np

import colours
import heic

HERE = pathlib.Path(__file__).parent / "avif"
# In cd/m²: paper is white at 203, and what is brighter is no brighter on usual displays.
LEVELS = np.array([0, 5, 30, 90, 203, 1000])
SQUARE = 16


def code_of_pq(light):
    """ITU-R BT.2100 table 4, of cd/m²."""
    power = (light / 10000) ** (2610 / 16384)
    return ((3424 / 4096 + 2413 / 128 * power) / (1 + 2392 / 128 * power)) ** (2523 / 32)


def code_of_hlg(light):
    """ITU-R BT.2100 table 5, of cd/m² on a display of 1000, its gamma for each channel by itself."""
    scene = (light / 1000) ** (1 / 1.2)
    a = 0.17883277
    b, c = 1 - 4 * a, 0.5 - a * np.log(4 * a)
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), a * np.log(np.maximum(12 * scene, 1) - b) + c)


def png(codes, *chunks):
    """Of 16 bits; codes go from 0 to 1."""
    height, width = codes.shape[:2]
    rows = b"".join(b"\0" + row.tobytes() for row in np.round(codes * 65535).astype(">u2"))
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(colours.chunk(*part) for part in parts)


def run(program, source, ending, *words):
    """The file that a program makes of a PNG."""
    with tempfile.TemporaryDirectory() as folder:
        given, out = pathlib.Path(folder, "in.png"), pathlib.Path(folder, f"out.{ending}")
        given.write_bytes(source)
        heic.run(program, *words, given, "-o", out)
        return out.read_bytes()


def avif(source, *words):
    return run("avifenc", source, "avif", "--speed", 3, *words)


def curves():
    """Of each curve a table of colours and files."""
    light = LEVELS[(colours.levels(6, 3) * 5).round().astype(int)].reshape(12, 18, 3)
    matrix = np.linalg.inv(colours.to_xyz(colours.SRGB)) @ colours.to_xyz(colours.BT2020)
    shown = np.round(colours.code_of_srgb(light / 203 @ matrix.T) * 255).astype(np.uint8)
    # All colours in full detail and range, and as cameras write them.
    for name, curve, transfer, layout, codes_used in (
        ("pq", code_of_pq, 16, "444", "full"),
        ("hlg", code_of_hlg, 18, "420", "limited"),
    ):
        codes = curve(light)
        squares = png(codes.repeat(SQUARE, 0).repeat(SQUARE, 1))
        said = ["--cicp", f"9/{transfer}/9", "--depth", 10, "--yuv", layout, "--range", codes_used]
        coded = run("heif-enc", squares, "heic", "-q", 95, "-b", 10, "-p", f"chroma={layout}")
        # The one matrix that heif-enc has for pictures of 16 bits is that of BT.601.
        properties = [heic.ispe(18 * SQUARE, 12 * SQUARE), heic.nclx(9, transfer, 6, True)]
        config, data = heic.parts(coded, b"hvcC")
        yield name, shown, {
            "png": png(codes, (b"cICP", bytes([9, transfer, 0, 1]))),
            "avif": avif(squares, "--min", 0, "--max", 4, *said),
            "heic": heic.written([(b"hvc1", [config, *properties], data)]),
        }


def with_others():
    """A picture as AVIF by itself, with a gain map, and with alpha."""
    items = []
    for image, layout in ((heic.drawn(96, 64), "420"), (heic.drawn(96, 64, "L"), "400")):
        file = io.BytesIO()
        image.save(file, "PNG")
        config, data = heic.parts(avif(file.getvalue(), "--min", 20, "--max", 25, "--yuv", layout), b"av1C")
        items.append((b"av01", [config, heic.ispe(*image.size)], data))
    base, gains = items
    base[1].append(heic.nclx(1, 13, 6, True))
    yield "base", heic.written([base], brand=b"avif")
    yield "gain-map", heic.with_gain_map(base, gains, b"avif")
    kind = heic.full(b"auxC", 0, b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0")
    alpha = (b"av01", [*gains[1], kind], gains[2])
    yield "clear", heic.written([base, alpha], [(b"auxl", 2, [1])], brand=b"avif")


def main():
    HERE.mkdir(exist_ok=True)
    lines = []
    for name, shown, files in curves():
        for ending, file in files.items():
            (HERE / f"{name}.{ending}").write_bytes(file)
        lines.append(f"{name}\t{colours.text_of(shown)}\n")
    (HERE / "expected.tsv").write_text("".join(lines))
    for name, file in with_others():
        (HERE / f"{name}.avif").write_bytes(file)


main()
