"""Writes metadata/: small pictures with all kinds of metadata, by Pillow and exiftool.

    pip install pillow; apt-get install libimage-exiftool-perl
    python tests/golden/metadata.py

full.* have EXIF with a place, a thumbnail and a turn, XMP and a profile; xmp-only.* say whose they are in XMP
alone. gain-map.jpg is an Ultra HDR file: a picture, XMP and MPF segments that tell of a second one, and that
one, a gain map, behind the first; gain-map-base.png is that picture.
"""

import io
import pathlib
import struct
import subprocess

from PIL import Image

import colours

HERE = pathlib.Path(__file__).parent / "metadata"
RIGHTS = ["-Artist=A. Maker", "-Copyright=© 2026 A. Owner"]
XMP = ["-XMP-dc:Rights=© 2026 An Owner & Sons", "-XMP-dc:Creator=One", "-XMP-dc:Creator=Two"]
MORE = ["-Make=Maker", "-Model=Model", "-Orientation#=6", "-GPSLatitude=48.2", "-GPSLatitudeRef=N"]
MORE += ["-GPSLongitude=16.4", "-GPSLongitudeRef=E", "-XMP-tiff:Orientation#=6", "-XMP-xmp:Rating=5"]


def picture(width=24, height=16):
    image = Image.new("RGB", (width, height))
    image.putdata([(x * 10, y * 15, 90) for y in range(height) for x in range(width)])
    return image


def tagged(path, *arguments):
    subprocess.run(["exiftool", "-q", "-overwrite_original", "-E", *arguments, str(path)], check=True)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def segment(marker, payload):
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def gain_map():
    """The first picture's segments tell where the second one is (CIPA DC-007 §5.2), and what it is."""
    second = saved(Image.new("L", (12, 8), 255), "JPEG", quality=90)
    first = saved(picture(), "JPEG", quality=95, subsampling=0)
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0" '
        'xmlns:Container="http://ns.google.com/photos/1.0/container/"/></rdf:RDF></x:xmpmeta>'
    )
    xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp.encode())
    iso = segment(0xE2, b"urn:iso:std:iso:ts:21496:-1\0" + bytes(4))
    entries = 3
    head = b"MM\0*\0\0\0\x08" + struct.pack(">H", entries)
    head += struct.pack(">HHI4s", 0xB000, 7, 4, b"0100") + struct.pack(">HHII", 0xB001, 4, 1, 2)
    head += struct.pack(">HHII", 0xB002, 7, 32, 8 + 2 + 12 * entries + 4) + bytes(4)
    # Lengths are of whole files; places count from the head of this structure.
    mpf = len(head) + 32 + 4 + 4
    length = len(first) + len(xmp) + len(iso) + mpf
    offset = length - (2 + len(xmp) + len(iso) + 8)
    head += struct.pack(">IIIHH", 0x030000, length, 0, 0, 0)
    head += struct.pack(">IIIHH", 0, len(second), offset, 0, 0)
    return first[:2] + xmp + iso + segment(0xE2, b"MPF\0" + head) + first[2:] + second


def main():
    HERE.mkdir(exist_ok=True)
    icc = colours.shaper(2, "Adobe", colours.ADOBE, colours.curv(563))
    thumbnail = HERE / "thumbnail"
    thumbnail.write_bytes(saved(picture(8, 6), "JPEG"))
    for kind, options in [("JPEG", {"quality": 95, "subsampling": 0}), ("PNG", {}), ("WEBP", {"lossless": True})]:
        name = {"JPEG": "jpg"}.get(kind, kind.lower())
        (HERE / f"full.{name}").write_bytes(saved(picture(), kind, icc_profile=icc, **options))
        tagged(HERE / f"full.{name}", *RIGHTS, *XMP, *MORE, f"-ThumbnailImage<={thumbnail}")
        (HERE / f"xmp-only.{name}").write_bytes(saved(picture(), kind, **options))
        tagged(HERE / f"xmp-only.{name}", *XMP)
    thumbnail.unlink()
    (HERE / "gain-map.jpg").write_bytes(gain_map())
    (HERE / "gain-map-base.png").write_bytes(saved(Image.open(io.BytesIO(gain_map())).convert("RGB"), "PNG"))


if __name__ == "__main__":
    main()
