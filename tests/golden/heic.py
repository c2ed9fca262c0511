"""HEIC stills of every shape that is read, and a few that are not: tests/golden/heic.

    apt-get install libheif-examples libheif-plugin-x265
    python tests/golden/heic.py

heif-enc codes the pictures; the boxes around them are written here. expected.tsv has what libheif makes
of each: SHA-256 of its pixels before it is turned, where nothing is to be converted.
"""

import hashlib
import pathlib
import random
import struct
import subprocess
import tempfile

from PIL import Image, ImageDraw

HERE = pathlib.Path(__file__).parent
FOLDER = HERE / "heic"


def drawn(width, height, mode="RGB"):
    """Slopes, edges and grain: something for each tool of the coder."""
    chance = random.Random(width * height)
    image = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            grain = chance.randrange(40) if x > width // 2 else 0
            image.putpixel((x, y), (x * 255 // width, y * 255 // height, 60 + grain))
    pen = ImageDraw.Draw(image)
    pen.ellipse([width // 8, height // 8, width // 2, height // 2], fill=(230, 40, 20))
    pen.line([0, height, width, 0], fill=(255, 255, 255), width=3)
    return image.convert(mode)


def run(*words):
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)


def boxes(data):
    at = 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        yield kind, data[at + 8 : at + size]
        at += size


def coded(image, *settings, quality=55):
    """The hvcC box and the units of a picture."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = pathlib.Path(folder, "in.png"), pathlib.Path(folder, "out.heic")
        image.save(source)
        words = [word for setting in settings for word in ("-p", setting)]
        run("heif-enc", "-q", quality, "--no-alpha", *words, source, "-o", out)
        return parts(out.read_bytes(), b"hvcC")


def parts(file, kind):
    """What the decoder is set up by, a box of that kind, and the coded picture of a file that has one."""
    top = dict(boxes(file))
    meta = dict(boxes(top[b"meta"][4:]))
    ipco = dict(boxes(dict(boxes(meta[b"iprp"]))[b"ipco"]))
    return box(kind, ipco[kind]), top[b"mdat"]


def box(kind, body):
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full(kind, version, body, flags=0):
    return box(kind, struct.pack(">I", version << 24 | flags) + body)


def ispe(width, height):
    return full(b"ispe", 0, struct.pack(">II", width, height))


def nclx(primaries, transfer, matrix, is_full):
    return box(b"colr", b"nclx" + struct.pack(">HHHB", primaries, transfer, matrix, is_full << 7))


def clap(size, offset):
    numbers = [size[0], 1, size[1], 1, offset[0], 2, offset[1], 2]
    return box(b"clap", struct.pack(">IIIIiIiI", *numbers))


def written(items, references=(), groups=(), brand=b"heic"):
    """A file of items (kind, properties, data); the first is the primary one. A grid lies in `idat`. Groups
    (kind, items) are of items that stand for each other."""
    properties = []
    for _, own, _ in items:
        properties += [it for it in own if it not in properties]
    # All but the primary one and what stands for it are hidden.
    infe = b"".join(
        full(b"infe", 2, struct.pack(">HH", n, 0) + kind + b"\0", n > 1 and kind != b"tmap")
        for n, (kind, *_) in enumerate(items, 1)
    )
    lines = b""
    for n, (_, own, _) in enumerate(items, 1):
        lines += struct.pack(">HB", n, len(own))
        lines += bytes(0x80 | properties.index(it) + 1 for it in own)
    refs = b"".join(
        box(kind, struct.pack(f">HH{len(to)}H", of, len(to), *to)) for kind, of, to in references
    )
    known = b"tmap" if any(kind == b"tmap" for kind, *_ in items) else b""
    ftyp = box(b"ftyp", brand + b"\0\0\0\0mif1" + brand + known)
    grpl = b"".join(
        full(kind, 0, struct.pack(f">II{len(of)}I", 100 + n, len(of), *of)) for n, (kind, of) in enumerate(groups)
    )
    idat = b"".join(data for kind, _, data in items if kind == b"grid")

    def file(start):
        places, inside, outside = b"", 0, start
        for n, (kind, _, data) in enumerate(items, 1):
            at = inside if kind == b"grid" else outside
            places += struct.pack(">HHHHII", n, kind == b"grid", 0, 1, at, len(data))
            if kind == b"grid":
                inside += len(data)
            else:
                outside += len(data)
        iloc = full(b"iloc", 1, struct.pack(">HH", 0x4400, len(items)) + places)
        meta = full(
            b"meta",
            0,
            full(b"hdlr", 0, bytes(4) + b"pict" + bytes(13))
            + full(b"pitm", 0, struct.pack(">H", 1))
            + iloc
            + full(b"iinf", 0, struct.pack(">H", len(items)) + infe)
            + (full(b"iref", 0, refs) if refs else b"")
            + box(
                b"iprp",
                box(b"ipco", b"".join(properties))
                + full(b"ipma", 0, struct.pack(">I", len(items)) + lines),
            )
            + (box(b"idat", idat) if idat else b"")
            + (box(b"grpl", grpl) if grpl else b""),
        )
        mdat = box(b"mdat", b"".join(data for kind, _, data in items if kind != b"grid"))
        return ftyp + meta + mdat, len(ftyp) + len(meta) + 8

    _, start = file(0)
    return file(start)[0]


def single(image, *properties, settings=(), quality=55):
    hvcc, data = coded(image, *settings, quality=quality)
    return written([(b"hvc1", [hvcc, ispe(*image.size), *properties], data)])


def grid(image, side, columns, rows, *properties):
    parts = []
    for row in range(rows):
        for column in range(columns):
            left, top = column * side, row * side
            hvcc, data = coded(image.crop((left, top, left + side, top + side)))
            parts.append((b"hvc1", [hvcc, ispe(side, side)], data))
    body = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, *image.size)
    whole = (b"grid", [ispe(*image.size), *properties], body)
    return written([whole, *parts], [(b"dimg", 1, list(range(2, 2 + len(parts))))])


def with_another(image, another, urn, *properties):
    """With an auxiliary picture, and what it is."""
    items = []
    for picture, more in ((image, properties), (another, [full(b"auxC", 0, urn + b"\0")])):
        hvcc, data = coded(picture)
        items.append((b"hvc1", [hvcc, ispe(*picture.size), *more], data))
    return written(items, [(b"auxl", 2, [1])])


def fractions(*numbers):
    return struct.pack(f">{2 * len(numbers)}I", *(part for number in numbers for part in (number, 1)))


def with_gain_map(base, gains, brand):
    """A picture, one of what each of its pixels gains, and what is derived of both (ISO 21496-1), for displays
    that are three stops brighter. Both are (kind, properties, data)."""
    (_, properties, _) = base
    size = [it for it in properties if it[4:8] == b"ispe"]
    # Of one channel: gains of 0 to 3 stops, no exponent, no offsets.
    derived = struct.pack(">BHHB", 0, 0, 0, 0x40) + fractions(0, 3) + fractions(0, 3, 1, 0, 0)
    wide = [*size, full(b"pixi", 0, bytes([3, 10, 10, 10])), nclx(9, 16, 9, True)]
    items = [base, gains, (b"tmap", wide, derived)]
    return written(items, [(b"dimg", 3, [1, 2])], [(b"altr", [3, 1])], brand)


IROT = [box(b"irot", bytes([quarters])) for quarters in range(4)]
IMIR = [box(b"imir", bytes([axis])) for axis in range(2)]
FULL = nclx(1, 13, 6, True)


def files():
    """Name and file; and the one that libheif is shown, if it is another, or why none is."""
    image = drawn(96, 64)
    yield "plain", single(image, FULL), None
    yield "grey", single(drawn(96, 64, "L"), FULL), None
    for name, settings in {
        "small-blocks": ["x265:ctu=16", "x265:tu-intra-depth=2", "x265:tu-inter-depth=2", "x265:sao=0"],
        "slices": ["x265:slices=2", "x265:ctu=16", "x265:wpp=1"],
        "lists": ["x265:scaling-list=default", "x265:tskip=1", "x265:cu-lossless=1"],
        "unfiltered": ["x265:deblock=0", "x265:no-strong-intra-smoothing=1", "x265:signhide=0"],
    }.items():
        yield name, single(image, FULL, settings=settings), None
    odd, shape = drawn(150, 101), (64, 3, 2)
    for name, turn in {
        "grid": [],
        "grid-rotated": [IROT[1]],
        "grid-mirrored-rotated": [IROT[3], IMIR[0]],
    }.items():
        yield name, grid(odd, *shape, FULL, *turn), grid(odd, *shape, FULL)
    cut = clap((51, 40), (-25, 0))
    yield "cut", single(image, FULL, cut), None
    yield "cut-turned", single(image, FULL, cut, IMIR[1]), single(image, FULL, cut)
    yield "video-range", single(image, nclx(1, 13, 6, False)), "converted"
    yield "bt709", single(image, nclx(1, 13, 1, False)), "converted"
    yield "bt2020", single(image, nclx(1, 13, 9, True)), "converted"
    # The map is not the picture.
    gains = drawn(48, 32, "L")
    hvcc, data = coded(image)
    base = (b"hvc1", [hvcc, ispe(*image.size), FULL], data)
    hvcc, data = coded(gains)
    mapped = with_gain_map(base, (b"hvc1", [hvcc, ispe(*gains.size)], data), b"heic")
    yield "gain-map", mapped, single(image, FULL)
    apple = b"urn:com:apple:photo:2020:aux:hdrgainmap"
    yield "gain-map-beside", with_another(image, gains, apple, FULL), single(image, FULL)
    alpha = b"urn:mpeg:hevc:2015:auxid:1"
    yield "alpha", with_another(image, drawn(96, 64, "L"), alpha), "unsupported"
    yield "full-chroma", single(image, FULL, settings=["chroma=444"]), "unsupported"


def shown(file):
    """What libheif decodes: RGB, each sample of chroma for four pixels."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = pathlib.Path(folder, "in.heic"), pathlib.Path(folder, "out.png")
        source.write_bytes(file)
        run("heif-convert", source, out)
        return Image.open(out).convert("RGB")


def main():
    FOLDER.mkdir(exist_ok=True)
    lines = ["file\tstored size\tSHA-256 of its RGB, or why there is none\n"]
    for name, file, stored in files():
        (FOLDER / f"{name}.heic").write_bytes(file)
        if isinstance(stored, str):
            lines.append(f"{name}\t\t{stored}\n")
            continue
        made = shown(stored or file)
        digest = hashlib.sha256(made.tobytes()).hexdigest()
        lines.append(f"{name}\t{made.width}x{made.height}\t{digest}\n")
    (FOLDER / "expected.tsv").write_text("".join(lines))


if __name__ == "__main__":
    main()
