"""TIFF files of every layout and compression, for files.py. libtiff's tiffcp writes what Pillow does not:

    apt-get install libtiff-tools
"""

import pathlib
import struct
import subprocess
import tempfile

from PIL import Image

# Tiles have sides that are multiples of 16: this picture has two by two of them.
WIDTH, HEIGHT = 19, 17
DEEP = 0x3A7B


def copied(file, *arguments):
    """The same picture in another layout."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = pathlib.Path(folder, "in.tif"), pathlib.Path(folder, "out.tif")
        source.write_bytes(file)
        subprocess.run(["tiffcp", *arguments, str(source), str(out)], check=True)
        return out.read_bytes()


def written(fields, data):
    """A file of one strip: fields are tag, kind and values."""
    kinds = {1: "B", 3: "H", 4: "I"}
    fields = sorted([*fields, (273, 4, [0]), (279, 4, [len(data)])])
    at = 8 + 2 + 12 * len(fields) + 4
    head, more = struct.pack(">H", len(fields)), b""
    start = at + sum(len(v) * struct.calcsize(">" + kinds[k]) for _, k, v in fields)
    for tag, kind, values in fields:
        values = [start] if tag == 273 else values
        packed = struct.pack(f">{len(values)}{kinds[kind]}", *values)
        if len(packed) <= 4:
            head += struct.pack(">HHI", tag, kind, len(values)) + packed.ljust(4, b"\0")
        else:
            head += struct.pack(">HHII", tag, kind, len(values), at + len(more))
            more += packed
    return b"MM\0*\0\0\0\x08" + head + bytes(4) + more.ljust(start - at, b"\0") + data


def described(size, bits, photometric, *more):
    fields = [(256, 3, [size[0]]), (257, 3, [size[1]]), (258, 3, bits), (262, 3, [photometric])]
    return [*fields, (277, 3, [len(bits)]), *more]


def deep(image):
    """Samples of 16 bits, with lower bits that say nothing at a glance."""
    samples = [(sample << 8 | (sample * DEEP & 0xFF)) for sample in image.tobytes()]
    rounded = bytes((sample * 255 + 32_767) // 65_535 for sample in samples)
    data = struct.pack(f">{len(samples)}H", *samples)
    return data, Image.frombytes(image.mode, image.size, rounded)


def tiffs(picture, saved):
    kinds = [("raw", "none"), ("tiff_lzw", "lzw:2"), ("tiff_adobe_deflate", "zip:2"), ("packbits", "packbits")]
    for mode in ("L", "RGB", "RGBA", "LA", "P", "1", "CMYK"):
        image = picture("RGB" if mode == "P" else "L" if mode == "1" else mode, 40 + len(mode), WIDTH, HEIGHT)
        image = image.quantize(40, dither=0) if mode == "P" else image.convert(mode)
        for compression, other in kinds:
            if mode == "CMYK" and compression != "raw":
                continue
            file = saved(image, "TIFF", compression=compression, strip_size=image.width * 4 * 5)
            # Browsers' rule for inks without a profile is checked elsewhere, and is Pillow's too.
            tolerance = 1 if mode == "CMYK" else 0
            expected = image.convert("RGBA" if mode in ("LA", "RGBA") else "RGB")
            name = f"tiff-{mode}-{compression.removeprefix('tiff_')}"
            yield name, file, tolerance, expected
            if mode != "RGB" and compression not in ("raw", "tiff_lzw"):
                continue
            other = other.removesuffix(":2") if mode in ("P", "1") else other
            for layout, arguments in (
                ("big-endian-strips", ["-s", "-r", "7", "-B"]),
                ("tiles", ["-t", "-w", "16", "-l", "16", "-L"]),
                ("apart", ["-s", "-p", "separate"]),
                ("tiles-apart", ["-t", "-w", "32", "-l", "16", "-p", "separate"]),
            ):
                if "apart" in layout and mode in ("L", "P", "1"):
                    continue
                yield f"{name}-{layout}", copied(file, "-c", other, *arguments), tolerance, expected
    size = (WIDTH, HEIGHT)
    for mode, photometric, extra in (("L", 1, []), ("RGB", 2, []), ("RGBA", 2, [(338, 3, [2])])):
        data, expected = deep(picture(mode, 50, *size))
        file = written(described(size, [16] * len(mode), photometric, *extra), data)
        yield f"tiff-16-{mode}", file, 0, expected
        for compression in ("lzw:2", "zip:2", "none"):
            for layout, arguments in (("strips", ["-s", "-r", "4", "-L"]), ("tiles", ["-t", "-w", "16", "-l", "16"])):
                other = copied(file, "-c", compression, *arguments)
                yield f"tiff-16-{mode}-{compression[:3]}-{layout}", other, 0, expected
    yield from odd(picture, saved, size)


def odd(picture, saved, size):
    """What only some programs write."""
    grey = picture("L", 60, *size)
    inverted = Image.frombytes("L", size, bytes(255 - sample for sample in grey.tobytes()))
    yield "tiff-white-is-zero", written(described(size, [8], 0), inverted.tobytes()), 0, grey
    for bits in (2, 4):
        shift, largest = 8 - bits, (1 << bits) - 1
        rows, shown = b"", b""
        for y in range(size[1]):
            row = [sample >> shift for sample in grey.tobytes()[y * size[0] : (y + 1) * size[0]]]
            shown += bytes(sample * 255 // largest for sample in row)
            number = "".join(format(sample, f"0{bits}b") for sample in row)
            number += "0" * (-len(number) % 8)
            rows += bytes(int(number[at : at + 8], 2) for at in range(0, len(number), 8))
        yield f"tiff-{bits}", written(described(size, [bits], 1), rows), 0, Image.frombytes("L", size, shown)
    colour = picture("RGBA", 61, *size)
    held = bytes(v * p[3] // 255 if i < 3 else v for p in colour.getdata() for i, v in enumerate(p))
    straight = [
        (*(min((v * 255 + p[3] // 2) // p[3], 255) if p[3] else 0 for v in p[:3]), p[3])
        for p in (held[at : at + 4] for at in range(0, len(held), 4))
    ]
    expected = Image.new("RGBA", size)
    expected.putdata(straight)
    yield "tiff-multiplied", written(described(size, [8] * 4, 2, (338, 3, [1])), held), 0, expected
    opaque = colour.convert("RGB")
    yield "tiff-fourth-ignored", written(described(size, [8] * 4, 2, (338, 3, [0])), colour.tobytes()), 0, opaque
    place = picture("L", 62, *size)
    colours = [(i * 7 % 256, i * 13 % 256, i * 29 % 256) for i in range(256)]
    table = [colours[i][channel] for channel in range(3) for i in range(256)]
    shown = Image.new("RGB", size)
    shown.putdata([colours[i] for i in place.tobytes()])
    yield "tiff-palette-of-8-bits", written(described(size, [8], 3, (320, 3, table)), place.tobytes()), 0, shown
    turned = written(described(size, [8], 1, (274, 3, [6])), grey.tobytes())
    yield "tiff-turned", turned, 0, grey.transpose(Image.Transpose.ROTATE_270)
    for mode, subsampling, tolerance in (("L", 0, 1), ("RGB", 0, 3)):
        smooth = picture(mode, 63, 64, 48).resize((80, 40), Image.Resampling.BICUBIC)
        file = saved(smooth, "TIFF", compression="jpeg", quality=90)
        yield f"tiff-jpeg-{mode}", file, tolerance
        tiled = copied(file, "-c", "jpeg:90", "-t", "-w", "32", "-l", "32") if mode == "L" else None
        if tiled:
            yield f"tiff-jpeg-{mode}-tiles", tiled, tolerance
    colour = picture("RGB", 64, 20, 10).resize((80, 40), Image.Resampling.BICUBIC)
    raw = saved(colour, "TIFF", compression="raw")
    for layout, arguments in (("strips", ["-s", "-r", "16"]), ("tiles", ["-t", "-w", "32", "-l", "16"])):
        yield f"tiff-jpeg-ycbcr-{layout}", copied(raw, "-c", "jpeg:90", *arguments), 12
        yield f"tiff-jpeg-rgb-{layout}", copied(raw, "-c", "jpeg:r:90", *arguments), 3
