"""Decode one picture from strangers, in a process of its own that may not take much.

Run as a program by `services.documents`: rules as JSON in the first argument, the file's bytes on
standard input. Answers one line of JSON, ``{"why": ""}`` or a word of `flows.events.Unfit`, and
then the picture as a clean JPEG. A file that cannot be decoded ends the process with an error.
"""

import io
import json
import resource
import sys
import warnings
from typing import Any

from PIL import Image, ImageFilter, ImageOps, ImageStat

FORMATS = ("JPEG", "PNG", "WEBP")
JUDGED_SIDE = 1000
"""Pictures are judged at this size, so that sharpness does not depend on the camera."""
LAPLACE = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


def main() -> None:
    rules = json.loads(sys.argv[1])
    confine(rules["memory_bytes"], rules["seconds"])
    why, jpeg = decode(sys.stdin.buffer.read(), rules)
    sys.stdout.buffer.write(json.dumps({"why": why}).encode() + b"\n" + jpeg)


def confine(memory: int, seconds: int) -> None:
    """Let this process have so much address space and CPU time, and write no file."""
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def decode(data: bytes, rules: dict[str, Any]) -> tuple[str, bytes]:
    """Why the picture is unfit, or '' and the picture: upright, without metadata, as JPEG."""
    Image.MAX_IMAGE_PIXELS = rules["max_pixels"]
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        picture: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return "too_many_pixels", b""
    side = rules["longest_side"]
    picture.draft("RGB", (side, side))
    picture = _on_white(ImageOps.exif_transpose(picture))
    picture.thumbnail((side, side))
    return judge(picture, rules), _jpeg(picture, rules["quality"])


def judge(picture: Image.Image, rules: dict[str, Any]) -> str:
    """``dark``, ``blurred`` or '': a rough look that only refuses what is plainly unreadable."""
    grey = picture.convert("L")
    grey.thumbnail((JUDGED_SIDE, JUDGED_SIDE))
    if ImageStat.Stat(grey).mean[0] < rules["dark_below"]:
        return "dark"
    # the filter leaves the outermost pixels as they were
    edges = ImageOps.crop(grey.filter(LAPLACE), 1)
    if ImageStat.Stat(edges).var[0] < rules["blurred_below"]:
        return "blurred"
    return ""


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    # a fresh image carries over pixels only: no EXIF, no comments, no colour profile
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    file = io.BytesIO()
    clean.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    main()
