"""Writes colours.tsv: colours as CSS writes them, and what each is in sRGB of eight bits.

The oracle is ColorAide (https://pypi.org/project/coloraide/), in floats, clipped channel by channel.
What lies so near to the middle of two values that another way to compute may round it otherwise is
left out. Run it with ColorAide 8:

    python3 tests/vectors/colours.py > tests/vectors/colours.tsv
"""

import random

from coloraide.everything import ColorAll as Color

# Angles are kept to a millionth of a turn for hsl() and hwb(), which is 0.0015 of a channel.
NEAR = {"hsl": 0.002, "hwb": 0.002}

FIXED = """lab(0% 0 0)|lab(100% 0 0)|lab(50% 0 0)|lab(7.9 0 0)|lab(8.1 0 0)|lab(29.2345% 39.3825 20.0664)|
lab(52.2345% 40.1645 59.9971)|lab(120% 0 0)|lab(-5 0 0)|lab(50% 100% -100%)|lab(50 +9 -.5)|
lab(none none none)|lab(50 20 none / 0.5)|lch(52.2345% 72.2 56.2)|lch(60 80 -30)|lch(60 80 390deg)|
lch(60% 50% 0.25turn)|lch(60% 50% 100grad)|lch(60 40 2.5rad)|lch(50 30 none / 25%)|
oklab(59% 0.1 0.1)|oklab(0.59 0.1 -0.1)|oklab(1 0 0)|oklab(0 0 0)|oklab(60% 50% -50%)|
oklch(40.1% 0.123 21.57)|oklch(0.7 0.4 150)|oklch(100% 0.4 30)|oklch(0.5 20% 12.5grad / 0.1)|
color(srgb 1 0.5 0)|color(srgb 25% 50% 75% / 50%)|color(srgb -1 2 0.5)|color(srgb none 0 1)|
color(srgb-linear 0.5 0.002 1)|color(display-p3 1 0.5 0)|color(display-p3 0.3 0.4 0.5)|
color(display-p3 -0.1 0.02 1.1)|color(a98-rgb 0.2 0.5 0.7)|color(prophoto-rgb 0.42 0.01 0.7)|
color(prophoto-rgb 0.031 0.02 0.04)|color(rec2020 0.42 0.47 0.6)|color(xyz 0.3 0.4 0.5)|
color(xyz-d65 0.3 0.4 0.5)|color(xyz-d50 0.3 0.4 0.5)|hsl(120 100 25)|hsl(120deg 100% 25% / 0.3)|
hsl(-50.5 33.3% 60%)|hwb(194 0 0)|hwb(90 10% 10% / none)|rgb(10 20 30 / 40%)|
lab(50 99999 -99999)|lab(50 -99999 99999)|lch(50 99999 30)|oklab(0.5 99999 0)|oklab(0.5 -99999 99999)|
oklch(0.5 99999 20)|color(xyz 99999 -99999 3)|color(a98-rgb 9 0 -9)|
color(display-p3 -99999 99999 0)|color(prophoto-rgb 99999 99999 99999)|color(rec2020 99999 0 0)|rgb(none 50% 7.5%)"""


def numbers(draw):
    """One colour of each function, drawn at random."""
    within = lambda low, high, digits=4: f"{draw.uniform(low, high):.{digits}f}"
    yield f"lab({within(0, 100)} {within(-128, 128)} {within(-128, 128)})"
    yield f"lch({within(0, 100)}% {within(0, 150)} {within(-720, 720)})"
    yield f"oklab({within(0, 1, 6)} {within(-0.4, 0.4, 6)} {within(-0.4, 0.4, 6)})"
    yield f"oklch({within(0, 1, 6)} {within(0, 0.4, 6)} {within(0, 360)})"
    yield f"hsl({within(-400, 400, 2)} {within(0, 100, 2)}% {within(0, 100, 2)}%)"
    yield f"hwb({within(-400, 400, 2)} {within(0, 100, 2)} {within(0, 100, 2)})"
    for space in ("srgb-linear", "display-p3", "a98-rgb", "prophoto-rgb", "rec2020", "xyz", "xyz-d50"):
        yield f"color({space} {within(-0.1, 1.1)} {within(-0.1, 1.1)} {within(-0.1, 1.1)})"


def clipped(value):
    return min(max(value, 0.0), 1.0) * 255


def hexadecimal(text):
    """`#rrggbb`, or `#rrggbbaa` unless opaque; None if rounding decides."""
    colour = Color(text)
    channels = [0.0 if value != value else value for value in colour.convert("srgb").coords()]
    alpha = colour.alpha(nans=False)
    near = NEAR.get(text.split("(")[0], 1e-4)
    values = [clipped(value) for value in channels]
    if any(abs(value % 1 - 0.5) < near for value in values):
        return None
    if colour.alpha(nans=False) != 1:
        values.append(int(clipped(alpha) + 0.5))
    return "#" + "".join(f"{int(value + 0.5):02x}" for value in values)


def main():
    draw = random.Random(5)
    texts = [text.strip() for text in FIXED.replace("\n", "").split("|")]
    texts += [text for _ in range(60) for text in numbers(draw)]
    print("# Written by colours.py: a colour, and what it is in sRGB.")
    for text in texts:
        value = hexadecimal(text)
        if value is not None:
            print(f"{text}\t{value}")


if __name__ == "__main__":
    main()
