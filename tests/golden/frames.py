"""Writes frames.tsv: animations, and what each of their frames shows by Pillow. Frames of APNG are stills to it,
which are put on a canvas here.

    pip install pillow
    python tests/golden/frames.py

The files are written by hand, so that all ways to end a frame and to begin one come in them. A line is
a name, the file, how often it is played (0 is for ever), milliseconds of its frames, and the frames as
RGBA; bytes are hexadecimal.
"""

import io
import itertools
import pathlib
import struct
import zlib

from PIL import Image

WIDTH, HEIGHT = 11, 9


class Numbers:
    """The same with every version of everything."""

    def __init__(self, seed):
        self.seed = seed

    def below(self, end):
        self.seed = (1103515245 * self.seed + 12345) % 2**31
        return (self.seed >> 12) % end


def lzw(indices, least):
    """Codes as they would be written by an encoder that learns strings, in sub-blocks."""
    clear, end = 1 << least, (1 << least) + 1
    bits, count, data = 0, 0, bytearray()
    width, table = least + 1, {(i,): i for i in range(clear)}

    def put(code):
        nonlocal bits, count
        bits, count = bits | code << count, count + width
        while count >= 8:
            data.append(bits & 255)
            bits, count = bits >> 8, count - 8

    put(clear)
    string = ()
    for index in indices:
        if string + (index,) in table:
            string += (index,)
            continue
        put(table[string])
        table[string + (index,)] = len(table) + 2
        if len(table) + 1 == 1 << width and width < 12:
            width += 1
        string = (index,)
    put(table[string])
    if len(table) + 2 == 1 << width and width < 12:
        width += 1
    put(end)
    if count:
        data.append(bits & 255)
    blocks = [data[i:i + 255] for i in range(0, len(data), 255)]
    return bytes([least]) + b"".join(bytes([len(b)]) + bytes(b) for b in blocks) + b"\0"


def interlaced(rows):
    passes = [rows[0::8], rows[4::8], rows[2::4], rows[1::2]]
    return [row for rows in passes for row in rows]


def gif(name, seed, disposals, plays, delays, least=3, lace=False, local=False, clear=True):
    """An animation of blobs at odd places; the first frame covers all if it is not to be clear."""
    numbers = Numbers(seed)
    colours = 1 << least
    palette = lambda: bytes(numbers.below(256) for _ in range(3 * colours))
    file = b"GIF89a" + struct.pack("<HHBBB", WIDTH, HEIGHT, 0x80 | least - 1, 0, 0) + palette()
    if plays != 1:
        file += b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", max(plays - 1, 0)) + b"\0"
    for number, (disposal, delay) in enumerate(zip(disposals, delays)):
        left, top = numbers.below(WIDTH - 2), numbers.below(HEIGHT - 2)
        width, height = 1 + numbers.below(WIDTH - left), 1 + numbers.below(HEIGHT - top)
        if number == 0 and not clear:
            left, top, width, height = 0, 0, WIDTH, HEIGHT
        transparent = numbers.below(colours)
        flag = 1 if clear or number else 0
        file += b"\x21\xf9\x04" + struct.pack("<BHBB", disposal << 2 | flag, delay, transparent, 0)
        file += b"\x21\xfe\x03abc\0"
        has_local = local and number % 2 == 1
        flags = (0x40 if lace else 0) | (0x80 | least - 1 if has_local else 0)
        file += b"\x2c" + struct.pack("<HHHHB", left, top, width, height, flags)
        file += palette() if has_local else b""
        rows = [[numbers.below(colours) for _ in range(width)] for _ in range(height)]
        rows = interlaced(rows) if lace else rows
        file += lzw([index for row in rows for index in row], least)
    return name, file + b"\x3b", plays, [delay * 10 for delay in delays]


def gifs():
    for number, pair in enumerate(itertools.product((1, 2, 3), repeat=2)):
        # Without transparency Pillow clears to the background's colour; browsers never do.
        clear = number % 5 != 2 or 2 in pair
        # Pillow takes 0, which says nothing, for what was said last; browsers take it for 1.
        disposals = [0, *pair, *pair[::-1], 1]
        yield gif("gif-after-%d%d" % pair, number, disposals, number % 4, [7, 0, 1, 2, 655, 9],
                  lace=number % 3 == 1, local=number % 2 == 1, clear=clear)
    yield gif("gif-restore-first", 77, [3, 2, 3, 2], 0, [5] * 4)
    yield gif("gif-large-codes", 78, [1] * 3, 3, [4] * 3, least=8, local=True)


def chunk(kind, payload):
    return kind + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)


def webp(name, seed, manners, plays, delays, lossless=True, alpha=True):
    """An animation of blobs. Of a manner the first bit says to clear afterwards, the second not to blend."""
    numbers = Numbers(seed)
    kind = "RGBA" if alpha else "RGB"
    levels = [0, 255, 90, 180]
    colours = [bytes([numbers.below(256) for _ in range(3)] + [level]) for level in levels]
    u24 = lambda number: struct.pack("<I", number)[:3]
    file = chunk(b"VP8X", bytes([0x12, 0, 0, 0]) + u24(WIDTH - 1) + u24(HEIGHT - 1))
    file += chunk(b"ANIM", struct.pack("<4BH", 9, 8, 7, 255, plays))
    for number, (manner, delay) in enumerate(zip(manners, delays)):
        left, top = numbers.below(WIDTH - 2) // 2, numbers.below(HEIGHT - 2) // 2
        width, height = 1 + numbers.below(WIDTH - 2 * left), 1 + numbers.below(HEIGHT - 2 * top)
        if number == 0 and not alpha:
            left, top, width, height = 0, 0, WIDTH, HEIGHT
        pixels = b"".join(colours[numbers.below(4)] for _ in range(width * height))
        picture = Image.frombytes("RGBA", (width, height), pixels).convert(kind)
        still = io.BytesIO()
        picture.save(still, "WEBP", lossless=lossless, exact=True, quality=80)
        body = still.getvalue()[12:]
        if body[:4] == b"VP8X":
            body = body[18:]
        place = u24(left) + u24(top) + u24(width - 1) + u24(height - 1)
        file += chunk(b"ANMF", place + u24(delay) + bytes([manner]) + body)
    return name, b"RIFF" + struct.pack("<I", len(file) + 4) + b"WEBP" + file, plays, delays


def webps():
    for number, pair in enumerate(itertools.product(range(4), repeat=2)):
        manners = [0, *pair, *pair[::-1], 1]
        yield webp("webp-manner-%d%d" % pair, number, manners, number % 3, [70, 0, 10, 16, 65_536, 9],
                   lossless=number % 4 != 3 or number % 5 == 2, alpha=number % 5 != 2)


def png_chunk(kind, payload):
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def adam7(rows):
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    return [row[left::across] for left, top, across, down in passes for row in rows[top::down] if row[left:]]


STILLS = {}


def png(name, seed, disposals, blends, plays, delays, colour=6, lace=False, apart=False, half=True):
    """An animation of blobs; `apart` is a picture that is no part of it. Each piece of data is short."""
    numbers = Numbers(seed)
    levels = [0, 255, 90, 180] if half else [0, 255, 0, 255]
    stills = []
    colours = [bytes([numbers.below(256) for _ in range(3)] + [level]) for level in levels]
    samples = {2: lambda i: colours[i][:3], 3: lambda i: bytes([i]), 4: lambda i: colours[i][2:], 6: lambda i: colours[i]}
    begin = lambda width, height: b"\x89PNG\r\n\x1a\n" + png_chunk(
        b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, lace))
    palette = b""
    if colour == 3:
        palette = png_chunk(b"PLTE", b"".join(each[:3] for each in colours)) + png_chunk(b"tRNS", bytes(levels))
    file = begin(WIDTH, HEIGHT) + png_chunk(b"acTL", struct.pack(">II", len(disposals), plays)) + palette
    sequence = itertools.count()

    def data(width, height):
        rows = [[samples[colour](numbers.below(4)) for _ in range(width)] for _ in range(height)]
        rows = adam7(rows) if lace else rows
        stream = zlib.compress(b"".join(b"\0" + b"".join(row) for row in rows))
        return [stream[at:at + 60] for at in range(0, len(stream), 60)]

    if apart:
        file += b"".join(png_chunk(b"IDAT", piece) for piece in data(WIDTH, HEIGHT))
    for number, (disposal, blend, (count, parts)) in enumerate(zip(disposals, blends, delays)):
        left, top = numbers.below(WIDTH - 2), numbers.below(HEIGHT - 2)
        width, height = 1 + numbers.below(WIDTH - left), 1 + numbers.below(HEIGHT - top)
        if number == 0:
            left, top, width, height = 0, 0, WIDTH, HEIGHT
        place = struct.pack(">IIIIHHBB", width, height, left, top, count, parts, disposal, blend)
        file += png_chunk(b"fcTL", struct.pack(">I", next(sequence)) + place)
        pieces = data(width, height)
        still = begin(width, height) + palette + png_chunk(b"IDAT", b"".join(pieces)) + png_chunk(b"IEND", b"")
        stills.append((disposal, blend, (left, top), still))
        for piece in pieces:
            if number == 0 and not apart:
                file += png_chunk(b"IDAT", piece)
            else:
                file += png_chunk(b"fdAT", struct.pack(">I", next(sequence)) + piece)
    times = [(count * 1000 + (parts or 100) // 2) // (parts or 100) for count, parts in delays]
    file += png_chunk(b"IEND", b"")
    shown = list(composed(stills))
    # That is what Pillow shows, too, but that it does not read interlaced frames, lays half transparent pixels
    # over others as if these were opaque, puts back what lay over another frame with that on it, and clears
    # to black what has no alpha.
    if not (half or lace or 2 in disposals or colour == 2 and 1 in disposals):
        assert list(map(seen, shown)) == list(map(seen, frames(name, file))), name
    STILLS[name] = shown
    return name, file, plays, times


def seen(rgba):
    return [rgba[at:at + 4] if rgba[at + 3] else None for at in range(0, len(rgba), 4)]


def composed(stills):
    """Frames put on a canvas as the standard has it, of stills that Pillow reads."""
    canvas = Image.new("RGBA", (WIDTH, HEIGHT))
    for number, (disposal, blend, place, still) in enumerate(stills):
        before = canvas.copy()
        still = Image.open(io.BytesIO(still)).convert("RGBA")
        canvas.alpha_composite(still, place) if blend else canvas.paste(still, place)
        yield canvas.tobytes()
        if disposal == 1 or disposal == 2 and number == 0:
            canvas.paste((0, 0, 0, 0), (*place, place[0] + still.width, place[1] + still.height))
        elif disposal == 2:
            canvas = before


def pngs():
    delays = [(7, 100), (0, 0), (1, 0), (2, 30), (655, 10), (9, 1000)]
    for number, pair in enumerate(itertools.product(range(3), repeat=2)):
        colour = [6, 2, 3, 4][number % 4]
        disposals = [0, *pair, *pair[::-1], 1]
        blends = [0, number % 2, 1, 1 - number % 2, 1, 0]
        yield png("apng-after-%d%d" % pair, number, disposals, blends, number % 3, delays, colour,
                  half=2 in pair)
    yield png("apng-interlaced", 80, [0, 1, 2, 0], [1, 0, 1, 1], 0, [(1, 20)] * 4, lace=True)
    yield png("apng-restore-first", 90, [2, 0, 2, 1], [1] * 4, 0, [(1, 20)] * 4)
    yield png("apng-apart", 91, [0, 1, 2, 0], [0, 1, 1, 0], 2, [(1, 20)] * 4, apart=True)


def frames(name, file):
    if name in STILLS:
        yield from STILLS[name]
        return
    image = Image.open(io.BytesIO(file))
    # Pillow counts a picture that is no part of the animation as a frame.
    for number in range(int(image.info.get("default_image", False)), image.n_frames):
        image.seek(number)
        yield image.convert("RGBA").tobytes()


def main():
    path = pathlib.Path(__file__).with_name("frames.tsv")
    with path.open("w") as out:
        for name, file, plays, delays in itertools.chain(gifs(), webps(), pngs()):
            shown = ";".join(frame.hex() for frame in frames(name, file))
            print(name, file.hex(), plays, ";".join(map(str, delays)), shown, sep="\t", file=out)


if __name__ == "__main__":
    main()
