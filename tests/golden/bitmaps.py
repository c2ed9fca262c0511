"""BMP files of every coding, for files.py."""

import itertools
import struct

MASKS_565 = (0xF800, 0x07E0, 0x001F)


def bitmap(size, bits, rows, *, coding=0, palette=(), masks=(), top_down=False, length=40):
    """A file of rows as they are stored: of a list each is filled up to four bytes."""
    if isinstance(rows, list):
        rows = b"".join(row + bytes(-len(row) % 4) for row in rows)
    width, height = size
    if length == 12:
        head = struct.pack("<IHHHH", length, width, height, 1, bits)
        colours = b"".join(bytes(reversed(colour)) for colour in palette)
    else:
        height = -height if top_down else height
        head = struct.pack("<IiiHHIIiiII", length, width, height, 1, bits, coding, len(rows), 2835, 2835, len(palette), 0)
        head += struct.pack(f"<{len(masks)}I", *masks)
        head += bytes(max(length - len(head), 0))
        colours = b"".join(bytes(reversed(colour)) + b"\0" for colour in palette)
    start = 14 + len(head) + len(colours)
    return struct.pack("<2sIHHI", b"BM", start + len(rows), 0, 0, start) + head + colours + rows


def stored(image, top_down=False):
    """The rows of a picture in the order of a file."""
    width, height = image.size
    pixels = list(image.getdata())
    rows = [pixels[y * width : (y + 1) * width] for y in range(height)]
    return rows if top_down else rows[::-1]


def indices(row, bits):
    """Places in a palette, several in a byte."""
    each = 8 // bits
    row = row + [0] * (-len(row) % each)
    groups = (row[at : at + each] for at in range(0, len(row), each))
    return bytes(sum(index << (8 - bits * (i + 1)) for i, index in enumerate(group)) for group in groups)


def runs(rows, bits):
    """Runs where pixels are alike, and literals of what lies between them where that is allowed."""
    out = bytearray()
    for row in rows:
        for index, group in itertools.groupby(row):
            count = len(list(group))
            out += bytes([count, index if bits == 8 else index << 4 | index])
        out += b"\0\0"
    return bytes(out[:-2]) + b"\0\1"


def literals(rows, bits):
    """All as it is, in two parts a row."""
    out = bytearray()
    for row in rows:
        for part in (row[:5], row[5:]):
            data = indices(part, bits)
            out += bytes([0, len(part)]) + data + bytes(-len(data) % 2)
        out += b"\0\0"
    return bytes(out) + b"\0\1"


def number(pixel, masks):
    """A pixel as one number."""
    total = 0
    for sample, mask in zip(pixel, masks):
        if mask:
            shift = (mask & -mask).bit_length() - 1
            total |= (sample * (mask >> shift) // 255) << shift
    return total


def bitmaps(picture, saved):
    colour = picture("RGB", 1)
    size = colour.size
    yield "bmp-24", saved(colour, "BMP")
    yield "bmp-8-grey", saved(picture("L", 2), "BMP")
    yield "bmp-1", saved(picture("L", 3).convert("1"), "BMP")
    rows = [b"".join(bytes(p[::-1]) for p in row) for row in stored(colour, True)]
    yield "bmp-24-top-down", bitmap(size, 24, rows, top_down=True)
    yield "bmp-24-os2", bitmap(size, 24, rows[::-1], length=12)
    for bits, count in ((1, 2), (4, 16), (4, 11), (8, 256), (8, 30)):
        image = picture("RGB", 10 + bits).quantize(count, dither=0)
        flat = image.getpalette()[: 3 * count]
        palette = [tuple(flat[i : i + 3]) for i in range(0, len(flat), 3)]
        packed = [indices(row, bits) for row in stored(image)]
        yield f"bmp-{bits}-of-{len(palette)}", bitmap(size, bits, packed, palette=palette)
        if len(palette) == 1 << bits:
            yield f"bmp-{bits}-os2", bitmap(size, bits, packed, palette=palette, length=12)
        if bits > 1:
            coding = 1 if bits == 8 else 2
            for name, code in (("runs", runs), ("literals", literals)):
                data = code(stored(image), bits)
                yield f"bmp-{bits}-of-{len(palette)}-{name}", bitmap(size, bits, data, coding=coding, palette=palette)
    # Pillow rounds down what five bits stand for.
    usual = (0x7C00, 0x03E0, 0x001F)
    for name, masks in (("555", usual), ("565", MASKS_565)):
        rows = [b"".join(struct.pack("<H", number(p, masks)) for p in row) for row in stored(colour)]
        yield f"bmp-16-{name}", bitmap(size, 16, rows, coding=3, masks=masks), 1
        if masks == usual:
            yield "bmp-16", bitmap(size, 16, rows), 1
    alpha = picture("RGBA", 5)
    for name, masks, length in (
        ("xrgb", (0xFF0000, 0xFF00, 0xFF), 40),
        ("argb", (0xFF0000, 0xFF00, 0xFF, 0xFF000000), 56),
        ("rgba", (0xFF000000, 0xFF0000, 0xFF00, 0xFF), 108),
        ("bgra-v5", (0xFF, 0xFF00, 0xFF0000, 0xFF000000), 124),
    ):
        rows = [b"".join(struct.pack("<I", number(p, masks)) for p in row) for row in stored(alpha)]
        yield f"bmp-32-{name}", bitmap(size, 32, rows, coding=3, masks=masks, length=length)
    rows = [b"".join(bytes([b, g, r, a]) for r, g, b, a in row) for row in stored(alpha)]
    yield "bmp-32-nothing-said", bitmap(size, 32, rows)


def mask(image):
    """A bit for each pixel that is not to be seen, from the bottom row up."""
    rows = [[int(a < 128) for *_, a in row] for row in stored(image)]
    rows = [indices(row, 1) for row in rows]
    return b"".join(row + bytes(-len(row) % 4) for row in rows)


def icon(entries, kind=1):
    """A file of pictures: width, height, bits and what is stored of each."""
    head, at, data = struct.pack("<HHH", 0, kind, len(entries)), 6 + 16 * len(entries), b""
    for width, height, bits, stored in entries:
        head += struct.pack("<BBBBHHII", width, height, 0, 0, 1, bits, len(stored), at + len(data))
        data += stored
    return head + data


def inside(file, image):
    """A file's bitmap as icons have it: of twice the height, with a mask."""
    body = bytearray(file[14:])
    body[8:12] = struct.pack("<i", 2 * image.height)
    return bytes(body) + mask(image)


def icons(picture, saved):
    """The largest picture of each is what is expected."""
    alpha = picture("RGBA", 31)
    size = alpha.size
    wide = [b"".join(bytes([b, g, r, a]) for r, g, b, a in row) for row in stored(alpha)]
    deep = inside(bitmap(size, 32, wide), alpha)
    small = picture("RGBA", 32, 5, 3)
    yield "ico-png", icon([(*size, 32, saved(alpha, "PNG"))]), 0, alpha
    yield "ico-32", icon([(*size, 32, deep)]), 0, alpha
    yield "ico-of-two", icon([(5, 3, 32, saved(small, "PNG")), (*size, 32, deep)]), 0, alpha
    yield "cur-of-two", icon([(*size, 7, deep), (5, 3, 2, saved(small, "PNG"))], 2), 0, alpha
    flat = alpha.convert("RGB").quantize(16, dither=0)
    palette = [tuple(flat.getpalette()[3 * i : 3 * i + 3]) for i in range(16)]
    packed = [indices(row, 4) for row in stored(flat)]
    plain = inside(bitmap(size, 4, packed, palette=palette), alpha)
    shown = flat.convert("RGB").convert("RGBA")
    shown.putdata([(*p[:3], 255) if a >= 128 else (0,) * 4 for p, (*_, a) in zip(shown.getdata(), alpha.getdata())])
    yield "ico-4", icon([(*size, 4, plain)]), 0, shown
    # The one with more bits of the same size counts.
    yield "ico-4-or-32", icon([(*size, 4, plain), (*size, 32, deep)]), 0, alpha
    clear = [bytes(b for i, b in enumerate(row) if i % 4 != 3) for row in wide]
    dull = [b"".join(row[i : i + 3] + b"\0" for i in range(0, len(row), 4)) for row in wide]
    seen = alpha.copy()
    seen.putdata([(*p, 255) if a >= 128 else (0,) * 4 for *p, a in alpha.getdata()])
    yield "ico-24", icon([(*size, 24, inside(bitmap(size, 24, clear), alpha))]), 0, seen
    yield "ico-32-without-alpha", icon([(*size, 32, inside(bitmap(size, 32, dull), alpha))]), 0, seen
