"""PNG files of every colour type and depth, in rows and in passes, for files.py."""

import io
import itertools
import struct
import zlib

from PIL import Image

from frames import Numbers, adam7, png_chunk

# Of each colour type: the depths, and samples of a pixel (PNG third edition, table 12).
KINDS = {0: ((1, 2, 4, 8, 16), 1), 2: ((8, 16), 3), 3: ((1, 2, 4, 8), 1), 4: ((8, 16), 2), 6: ((8, 16), 4)}
NAMES = {0: "grey", 2: "rgb", 3: "palette", 4: "grey-alpha", 6: "rgba"}


def packed(row, depth):
    """Samples of a row as bytes."""
    if depth == 16:
        return struct.pack(f">{len(row)}H", *row)
    number = "".join(format(sample, f"0{depth}b") for sample in row)
    number += "0" * (-len(number) % 8)
    return bytes(int(number[at : at + 8], 2) for at in range(0, len(number), 8))


def nearest(left, above, corner):
    """Paeth's predictor (§9.4)."""
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))


PREDICTIONS = (
    lambda a, b, c: 0,
    lambda a, b, c: a,
    lambda a, b, c: b,
    lambda a, b, c: (a + b) // 2,
    nearest,
)


def filtered(rows, step, first):
    """Rows of bytes with filters in turn, the number of each before it; `step` bytes are a pixel."""
    above, stream = b"", b""
    for number, row in enumerate(rows):
        # The first row of a pass has none above it.
        above = above if len(above) == len(row) else bytes(len(row))
        kind = (first + number) % len(PREDICTIONS)
        before = lambda line, at: line[at - step] if at >= step else 0
        places = ((before(row, at), above[at], before(above, at)) for at in range(len(row)))
        stream += bytes([kind]) + bytes((byte - PREDICTIONS[kind](*place)) % 256 for byte, place in zip(row, places))
        above = row
    return stream


def passes(rows, size):
    """The rows of each of the seven passes, which begin without one above."""
    lines = iter(adam7(rows))
    for left, top, across, down in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        count = len(range(top, size[1], down)) if left < size[0] else 0
        yield list(itertools.islice(lines, count))


def png(size, colour, depth, rows, lace, *chunks, first=0):
    """A file of rows of pixels, each a tuple of samples. Its data comes in pieces of a few bytes."""
    samples = KINDS[colour][1]
    step = max(samples * depth // 8, 1)
    flat = lambda lines: [packed([sample for pixel in line for sample in pixel], depth) for line in lines]
    groups = passes(rows, size) if lace else [rows]
    stream = zlib.compress(b"".join(filtered(flat(lines), step, first + at) for at, lines in enumerate(groups)))
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, lace))
    pieces = b"".join(png_chunk(b"IDAT", stream[at : at + 40]) for at in range(0, len(stream), 40))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + pieces + png_chunk(b"IEND", b"")


def shown(size, colour, depth, rows, palette, clear):
    """The pixels, from the samples alone: of 256 values the nearest."""
    largest = (1 << depth) - 1
    level = lambda sample: (sample * 255 * 2 + largest) // (largest * 2)

    def rgba(pixel):
        if colour == 3:
            return palette[pixel[0]] + ((*(clear or ()), *[255] * 256)[pixel[0]],)
        levels = tuple(map(level, pixel))
        if colour in (4, 6):
            return (levels[:-1] * 3)[:3] + levels[-1:]
        return (levels * 3)[:3] + (0 if pixel == clear else 255,)

    image = Image.new("RGBA", size)
    image.putdata([rgba(pixel) for row in rows for pixel in row])
    return image if clear or colour in (4, 6) else image.convert("RGB")


def entry(name, size, colour, depth, lace, clear=None, seed=0):
    numbers = Numbers(100 + seed + colour * 16 + depth)
    width, height = size
    # Samples that repeat, so that a clear colour is met, and that are not too noisy for filters.
    some = [tuple(numbers.below(1 << depth) for _ in range(KINDS[colour][1])) for _ in range(9)]
    rows = [[some[(x + y * 2 + numbers.below(3)) % 9] for x in range(width)] for y in range(height)]
    palette = [tuple(numbers.below(256) for _ in range(3)) for _ in range(1 << depth)] if colour == 3 else []
    chunks = [png_chunk(b"PLTE", bytes(sum(palette, ())))] if palette else []
    if clear and colour == 3:
        clear = tuple(numbers.below(256) for _ in range((1 << depth) // 2))
        chunks.append(png_chunk(b"tRNS", bytes(clear)))
    elif clear:
        clear = some[4]
        chunks.append(png_chunk(b"tRNS", struct.pack(f">{len(clear)}H", *clear)))
    file = png(size, colour, depth, rows, lace, *chunks, first=depth + seed)
    image = shown(size, colour, depth, rows, palette, clear)
    # That is what Pillow shows, too, but that it cuts 16 bits off and knows clear colours of 8 bits alone.
    if depth < 16 and (not clear or depth == 8 or colour == 3):
        seen = Image.open(io.BytesIO(file))
        assert seen.convert(image.mode).tobytes() == image.tobytes(), name
    return name, file, 0, image


def pngs():
    for colour, (depths, _) in KINDS.items():
        for depth, lace in itertools.product(depths, (0, 1)):
            name = f"png-{NAMES[colour]}-{depth}" + "-passes" * lace
            yield entry(name, (13, 7), colour, depth, lace)
            if colour < 4:
                yield entry(name + "-clear", (13, 7), colour, depth, lace, clear=True)
    for number, size in enumerate(((1, 1), (2, 3), (5, 1), (3, 9), (4, 5), (9, 2))):
        yield entry("png-passes-%dx%d" % size, size, (2, 3)[number % 2], 8, 1, seed=number)
