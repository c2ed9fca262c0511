"""Writes effects.tsv: what the options that change pixels give, computed with NumPy and SciPy alone.

    pip install numpy scipy
    python tests/golden/effects.py

Nothing here is taken from the Rust sources: colours follow the formulas of CSS filters (W3C Filter
Effects 1) and blend modes (W3C Compositing 1), the blur is SciPy's Gaussian in doubles, and shapes are
counted in 32 x 32 samples a pixel of pictures that are functions of the place.

What is an approximation by design is there twice: against the ideal, which tells how good it is, and
against what it says that it is (three extended boxes, a kernel of five, splines at a position), in
doubles and to a level or two, which tells whether that is what happens.

First come the sources: `source`, name, pixels. Then the results: options, the name of the source, the
largest and the mean difference that is allowed, pixels. Pixels are WIDTHxHEIGHTxCHANNELS:HEX. Differences
of colours count as far as they are seen.
"""

import math
import pathlib

import numpy as np
from scipy.ndimage import gaussian_filter

LUMA = np.array([0.2126, 0.7152, 0.0722])
FINE = 32


def picture(width, height, channels, at=None):
    """A smooth picture with one hard edge: a function of the place, so that it can be asked anywhere."""
    y, x = np.mgrid[0:height, 0:width] + 0.5 if at is None else at
    u, v = x / width, y / height
    red = 130 + 110 * np.sin(5.1 * u + 1.7 * v)
    green = 120 + 100 * np.cos(3.3 * v - 2.2 * u * u)
    blue = 40 + 200 * u * v
    if channels == 1:
        return np.stack([red], -1)
    alpha = np.clip(300 * (1 - u) * (0.3 + v), 0, 255)
    return np.stack([red, green, blue] + ([alpha] if channels == 4 else []), -1)


def busy(width, height, channels):
    """Edges and noise of a small generator, the same with every version of everything."""
    image = picture(width, height, channels)
    seed, noise = 12345, []
    for _ in range(width * height):
        seed = (1103515245 * seed + 12345) % 2**31
        noise.append(seed >> 20 & 63)
    noise = np.array(noise).reshape(height, width, 1) - 32
    colours = slice(0, 1 if channels == 1 else 3)
    image[..., colours] += noise
    image[height // 3:height // 2, width // 4:width // 2, colours] = 250
    return image


def stored(image):
    return np.clip(np.floor(image + 0.5), 0, 255)


def luma(image):
    return image[..., :3] @ LUMA


def by_colour(change):
    """A change of RGB from 0 to 1, clamped; grey is three times the same, alpha stays."""
    def changed(image):
        grey = image.shape[-1] == 1
        colours = np.repeat(image, 3, -1) if grey else image[..., :3]
        out = np.clip(change(colours / 255), 0, 1) * 255
        if grey and np.ptp(out, axis=-1).max() < 1e-9:
            return out[..., :1]
        return np.concatenate([out, image[..., 3:]], -1)
    return changed


def matrix(rows):
    return by_colour(lambda rgb: rgb @ np.array(rows).T)


def saturation(s):
    return by_colour(lambda rgb: (rgb @ LUMA)[..., None] * (1 - s) + rgb * s)


def hue(degrees):
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return matrix([
        [.213 + c * .787 - s * .213, .715 - c * .715 - s * .715, .072 - c * .072 + s * .928],
        [.213 - c * .213 + s * .143, .715 + c * .285 + s * .140, .072 - c * .072 - s * .283],
        [.213 - c * .213 - s * .787, .715 - c * .715 + s * .715, .072 + c * .928 + s * .072],
    ])


SEPIA = [[.393, .769, .189], [.349, .686, .168], [.272, .534, .131]]


def greyscale(image):
    if image.shape[-1] == 1:
        return image
    return np.concatenate([luma(image)[..., None], image[..., 3:]], -1)


def tint(colour, strength=1.0):
    """SetLum and ClipColor as the specification writes them."""
    def set_lum(rgb):
        out = np.empty_like(rgb)
        for place in np.ndindex(rgb.shape[:2]):
            wanted = rgb[place] @ LUMA
            c = np.array(colour) / 255
            c = c + wanted - c @ LUMA
            lum, low, high = c @ LUMA, c.min(), c.max()
            if low < 0:
                c = lum + (c - lum) * lum / (lum - low)
            if high > 1:
                c = lum + (c - lum) * (1 - lum) / (high - lum)
            out[place] = rgb[place] + (c - rgb[place]) * strength
        return out
    return by_colour(set_lum)


def duotone(dark, light):
    def mixed(rgb):
        share = (rgb @ LUMA)[..., None]
        return (np.array(dark) * (1 - share) + np.array(light) * share) / 255
    return by_colour(mixed)


def weighted(change):
    """Runs a linear change on colours times alpha, and divides again."""
    def changed(image):
        if image.shape[-1] != 4:
            return change(image)
        alpha = image[..., 3:] / 255
        both = change(np.concatenate([image[..., :3] * alpha, image[..., 3:]], -1))
        seen = both[..., 3:] / 255
        colours = np.divide(both[..., :3], seen, out=np.zeros_like(both[..., :3]), where=seen > 0)
        return np.concatenate([colours, both[..., 3:]], -1)
    return changed


def blur(sigma):
    def gaussian(image):
        return np.stack([gaussian_filter(image[..., c], sigma, mode="nearest", truncate=6)
                         for c in range(image.shape[-1])], -1)
    return weighted(gaussian)


def sharpen(amount):
    def changed(image):
        own = luma(image) if image.shape[-1] >= 3 else image[..., 0]
        seen = image[..., 3] / 255 if image.shape[-1] == 4 else np.ones(own.shape)
        smooth = lambda plane: gaussian_filter(plane, 0.75, mode="nearest", truncate=6)
        around = smooth(own * seen) / np.maximum(smooth(seen), 1e-9)
        more = (amount * (own - around))[..., None]
        colours = slice(0, min(3, image.shape[-1]))
        out = image.copy()
        out[..., colours] += more
        return out
    return changed


def convolved(plane, kernel, axis):
    """Along one axis; beyond its ends the picture goes on as it ends."""
    reach = len(kernel) // 2
    widths = [(reach, reach) if a == axis else (0, 0) for a in range(plane.ndim)]
    padded = np.pad(plane, widths, mode="edge")
    return np.apply_along_axis(np.convolve, axis, padded, kernel, "valid")


def boxes(sigma):
    """Three boxes of Gwosdek et al. (2011), whose variance is just that of the Gaussian."""
    variance = sigma**2 / 3
    radius = math.floor((math.sqrt(12 * variance + 1) - 1) / 2)
    whole = 2 * radius + 1
    share = whole * (3 * variance - radius * (radius + 1)) / (6 * ((radius + 1)**2 - variance))
    box = np.array([share] + [1] * whole + [share]) / (whole + 2 * share)
    kernel = np.convolve(np.convolve(box, box), box)
    # Eight bits are kept between rows and columns.
    return weighted(lambda image: convolved(stored(convolved(image, kernel, 1)), kernel, 0))


def masked(amount):
    """Unsharp masking with the kernel of five that stands for a deviation of 3/4."""
    kernel = np.array([4, 56, 136, 56, 4]) / 256
    def changed(image):
        own = luma(image) if image.shape[-1] >= 3 else image[..., 0]
        seen = image[..., 3] / 255 if image.shape[-1] == 4 else np.ones(own.shape)
        smooth = lambda plane: convolved(convolved(plane, kernel, 0), kernel, 1)
        around = smooth(own * seen) / np.maximum(smooth(seen), 1e-9)
        colours = slice(0, min(3, image.shape[-1]))
        out = image.copy()
        out[..., colours] += (amount * (own - around) * (seen > 0))[..., None]
        return out
    return changed


def splines(degrees):
    """Catmull-Rom splines about the place that each pixel's middle comes from, and a pixel across an edge
    as far as that middle is inside."""
    def weights(t):
        return np.stack([-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3,
                         t**3 - t**2]) / 2

    def changed(image):
        height, width, channels = image.shape
        alpha = image[..., 3:] if channels == 4 else np.full((height, width, 1), 255.0)
        weighted = np.concatenate([image[..., :3] * alpha, alpha], -1)
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        wide = math.ceil(width * abs(c) + height * abs(s) - 1 / 256)
        high = math.ceil(width * abs(s) + height * abs(c) - 1 / 256)
        y, x = np.mgrid[0:high, 0:wide] + 0.5
        dx, dy = x - wide / 2, y - high / 2
        at_x, at_y = dx * c + dy * s + width / 2, dy * c - dx * s + height / 2
        seen = (np.clip(at_x + 0.5, 0, 1) * np.clip(width - at_x + 0.5, 0, 1)
                * np.clip(at_y + 0.5, 0, 1) * np.clip(height - at_y + 0.5, 0, 1))[..., None]
        left, top = np.floor(at_x - 0.5).astype(int), np.floor(at_y - 0.5).astype(int)
        across, down = weights(at_x - 0.5 - left), weights(at_y - 0.5 - top)
        sums = np.zeros((high, wide, 4))
        for j in range(4):
            for i in range(4):
                rows = np.clip(top - 1 + j, 0, height - 1)
                columns = np.clip(left - 1 + i, 0, width - 1)
                sums += weighted[rows, columns] * (across[i] * down[j])[..., None]
        total = sums[..., 3:]
        shown = (seen > 0) & (total > 0)
        colours = np.divide(sums[..., :3], total, out=np.zeros_like(sums[..., :3]), where=shown)
        return np.concatenate([colours, np.clip(total, 0, 255) * seen * shown], -1)
    return changed


def pixelate(side):
    def mean(image):
        out = image.copy()
        for y in range(0, image.shape[0], side):
            for x in range(0, image.shape[1], side):
                out[y:y + side, x:x + side] = image[y:y + side, x:x + side].mean((0, 1))
        return out
    return weighted(mean)


def fine(width, height):
    """The places of all samples, as arrays of height x FINE by width x FINE."""
    y, x = np.mgrid[0:height * FINE, 0:width * FINE]
    return (y + 0.5) / FINE, (x + 0.5) / FINE


def pooled(samples):
    height, width = (side // FINE for side in samples.shape[:2])
    return samples.reshape(height, FINE, width, FINE, -1).mean((1, 3))


def inside_corners(width, height, radii):
    y, x = fine(width, height)
    inside = np.ones(x.shape, bool)
    for radius, right, bottom in zip(radii, [0, 1, 1, 0], [0, 0, 1, 1]):
        from_x, from_y = (width - x if right else x), (height - y if bottom else y)
        corner = (from_x < radius) & (from_y < radius)
        inside &= ~corner | ((radius - from_x) ** 2 + (radius - from_y) ** 2 <= radius ** 2)
    return pooled(inside.astype(float))[..., 0]


def corners(*radii):
    def changed(image):
        cover = inside_corners(image.shape[1], image.shape[0], radii)[..., None]
        alpha = image[..., 3:] if image.shape[-1] == 4 else 255.0
        return np.concatenate([image[..., :3], cover * alpha], -1)
    return changed


def rotate(degrees):
    """Each sample asks the function that the picture is for its colour."""
    def changed(image):
        height, width, channels = image.shape
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        wide = math.ceil(width * abs(c) + height * abs(s) - 1 / 256)
        high = math.ceil(width * abs(s) + height * abs(c) - 1 / 256)
        y, x = fine(wide, high)
        dx, dy = x - wide / 2, y - high / 2
        at_x, at_y = dx * c + dy * s + width / 2, dy * c - dx * s + height / 2
        inside = (at_x >= 0) & (at_x <= width) & (at_y >= 0) & (at_y <= height)
        asked = np.clip(picture(width, height, channels, (at_y, at_x)), 0, 255)
        alpha = inside * (asked[..., 3] if channels == 4 else 255.0)
        sums = pooled(np.concatenate([asked[..., :3] * alpha[..., None], alpha[..., None]], -1))
        seen = sums[..., 3:]
        colours = np.divide(sums[..., :3], seen, out=np.zeros_like(sums[..., :3]), where=seen > 0)
        return np.concatenate([colours, seen], -1)
    return changed


def around(top, right, bottom, left, colour):
    def changed(image):
        height, width, channels = image.shape
        out = np.empty((height + top + bottom, width + left + right, channels))
        out[:] = np.array(colour[:channels])
        out[top:top + height, left:left + width] = image
        return out
    return changed


def over(colour):
    def changed(image):
        alpha = image[..., 3:] / 255
        return image[..., :3] * alpha + np.array(colour) * (1 - alpha)
    return changed


def chain(*changes):
    def changed(image):
        for change in changes:
            image = change(image)
        return image
    return changed


# Where a turned picture ends, a pixel's share of it is told from its middle alone: hence 12 of 255.
CASES = [
    # options, change, largest and mean difference, source
    ("brightness=1.5", by_colour(lambda v: v * 1.5), 1, 0.1, "busy-24x16x3"),
    ("contrast=1.8", by_colour(lambda v: (v - 0.5) * 1.8 + 0.5), 1, 0.1, "busy-24x16x1"),
    ("gamma=2.2", by_colour(lambda v: v ** (1 / 2.2)), 1, 0.1, "busy-24x16x4"),
    ("gamma=0.4", by_colour(lambda v: v ** (1 / 0.4)), 1, 0.1, "busy-24x16x3"),
    ("brightness=0.7,contrast=2,gamma=0.8",
     by_colour(lambda v: np.clip((v * 0.7 - 0.5) * 2 + 0.5, 0, 1) ** 1.25), 1, 0.1,
     "busy-24x16x3"),
    ("saturation=0", greyscale, 1, 0.1, "busy-24x16x4"),
    ("saturation=0.4", saturation(0.4), 1, 0.1, "busy-24x16x3"),
    ("saturation=3", saturation(3), 1, 0.1, "busy-24x16x4"),
    ("hue=75", hue(75), 1, 0.1, "busy-24x16x3"),
    ("hue=-120", hue(-120), 1, 0.1, "busy-24x16x4"),
    ("filter=greyscale", greyscale, 1, 0.1, "busy-24x16x3"),
    ("filter=invert", by_colour(lambda v: 1 - v), 1, 0.1, "busy-24x16x4"),
    ("filter=sepia", matrix(SEPIA), 1, 0.1, "busy-24x16x3"),
    ("filter=sepia", matrix(SEPIA), 1, 0.1, "busy-24x16x1"),
    ("tint=teal", tint([0, 128, 128]), 2, 0.8, "busy-24x16x3"),
    ("tint=rgba(255,60,0,0.5)", tint([255, 60, 0], 128 / 255), 2, 0.8, "busy-24x16x4"),
    ("duotone=navy;gold", duotone([0, 0, 128], [255, 215, 0]), 2, 0.6, "busy-24x16x3"),
    ("duotone=navy;gold", duotone([0, 0, 128], [255, 215, 0]), 1, 0.2, "busy-24x16x1"),
    ("blur=0.6", blur(0.6), 6, 1.2, "busy-32x24x3"),
    ("blur=2", blur(2), 3, 0.8, "busy-32x24x3"),
    ("blur=5.5", blur(5.5), 3, 0.8, "busy-32x24x4"),
    ("blur=40", blur(40), 3, 1.0, "busy-24x16x1"),
    ("blur=0.6", boxes(0.6), 1, 0.3, "busy-32x24x3"),
    ("blur=2", boxes(2), 1, 0.3, "busy-32x24x3"),
    ("blur=5.5", boxes(5.5), 2, 0.5, "busy-32x24x4"),
    ("blur=40", boxes(40), 1, 0.3, "busy-24x16x1"),
    ("pixelate=5", pixelate(5), 1, 0.5, "busy-24x16x4"),
    ("pixelate=16", pixelate(16), 1, 0.5, "busy-24x16x3"),
    ("sharpen=1", sharpen(1), 4, 0.7, "busy-32x24x3"),
    ("sharpen=3.5", sharpen(3.5), 12, 2.0, "busy-32x24x4"),
    ("sharpen=1", masked(1), 1, 0.1, "busy-32x24x3"),
    ("sharpen=3.5", masked(3.5), 1, 0.1, "busy-32x24x4"),
    ("sharpen=9", masked(9), 1, 0.1, "busy-24x16x1"),
    ("radius=7", corners(7, 7, 7, 7), 2, 0.1, "picture-24x16x3"),
    ("radius=max", corners(8, 8, 8, 8), 2, 0.1, "picture-24x16x4"),
    ("radius=3;9;0;20,background=white",
     chain(corners(*(r * 16 / 23 for r in (3, 9, 0, 20))), over([255] * 3)), 2, 0.1,
     "picture-24x16x3"),
    ("rotate=20", rotate(20), 12, 0.5, "picture-24x16x3"),
    ("rotate=325", rotate(-35), 12, 0.5, "picture-24x16x4"),
    ("rotate=20,background=navy", chain(rotate(20), over([0, 0, 128])), 12, 0.5,
     "picture-24x16x3"),
    ("rotate=20", splines(20), 1, 0.2, "picture-24x16x3"),
    ("rotate=325", splines(-35), 1, 0.2, "picture-24x16x4"),
    ("rotate=3.25", splines(3.25), 1, 0.2, "busy-32x24x3"),
    ("rotate=170.5", chain(lambda image: image[::-1, ::-1], splines(-9.5)), 1, 0.2,
     "busy-32x24x3"),
    ("width=41,height=16,fit=pad", around(0, 9, 0, 8, [255] * 4), 1, 0.1, "picture-24x16x3"),
    ("width=24,height=31,fit=pad,background=#008080", around(7, 0, 8, 0, [0, 128, 128, 255]), 1, 0.1,
     "picture-24x16x3"),
    ("padding=1;2;3;4,background=teal", around(1, 2, 3, 4, [0, 128, 128, 255]), 1, 0.1,
     "picture-24x16x3"),
    ("padding=2", around(2, 2, 2, 2, [255] * 4), 1, 0.1, "picture-24x16x3"),
    ("padding=2,border=1;3,border.color=red,background=white",
     chain(around(2, 2, 2, 2, [255] * 4), around(1, 3, 1, 3, [255, 0, 0, 255])), 1, 0.1,
     "picture-24x16x3"),
    ("border=4,border.color=lime", around(4, 4, 4, 4, [0, 255, 0, 255]), 1, 0.1,
     "picture-24x16x4"),
    ("blur=1,sharpen=2,saturation=2,radius=4",
     chain(saturation(2), stored, blur(1), stored, sharpen(2), corners(4, 4, 4, 4)), 9, 1.2,
     "busy-24x16x3"),
]


def text(image):
    height, width, channels = image.shape
    return f"{width}x{height}x{channels}:{stored(image).astype(np.uint8).tobytes().hex()}"


def main():
    sources, lines = {}, []
    for options, change, most, mean, name in CASES:
        kind, size = name.split("-")
        sources[name] = stored({"busy": busy, "picture": picture}[kind](*map(int, size.split("x"))))
        result = text(change(sources[name]))
        lines.append("\t".join([options, name, str(most), str(mean), result]))
    lines = [f"source\t{name}\t{text(image)}" for name, image in sources.items()] + lines
    path = pathlib.Path(__file__).with_suffix(".tsv")
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
