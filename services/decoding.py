"""Decode one picture from strangers, in a process of its own that may not take much.

Run as a program by `services.documents`: rules as JSON in the first argument, the file's bytes on
standard input. Answers one line of JSON, ``{"why": ""}`` or a word of `flows.events.Unfit`, with
``doubt`` as in `forms.fields.Document`, and then the picture as a clean JPEG. A file that cannot be
decoded ends the process with an error.
"""

import io
import json
import resource
import sys
import warnings
from typing import Any

from PIL import Image, ImageChops, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
JUDGED_SIDE = 1000
"""Pictures are judged at this size, so that sharpness does not depend on the camera."""

LIGHTEST = 0.98
"""Paper in a dark photo is still among the lightest fiftieth; a lamp in the corner is less."""
EXTREME = 0.002
"""Ink and paper are the darkest and lightest part that is not mere specks."""
STEEPEST = 0.997
"""The edges of a few lines of writing are at least so rare among all pixels."""
WAYS = ((1, 0), (0, 1), (1, 1), (1, -1))
"""Neighbours whose difference is an edge: a hand that shakes blurs the edges of one way only."""
NOISE = 4
"""How far beyond its median the noise of a camera reaches as rarely as `STEEPEST`."""
MOST_NOISE = 12
"""A larger median is no noise but print all over the picture."""
PALE = 200
"""A picture without writing is overexposed where even its darkest part is lighter."""


def main() -> None:
    rules = json.loads(sys.argv[1])
    confine(rules["memory_bytes"], rules["seconds"])
    verdict, jpeg = decode(sys.stdin.buffer.read(), rules)
    sys.stdout.buffer.write(json.dumps(verdict).encode() + b"\n" + jpeg)


def confine(memory: int, seconds: int) -> None:
    """Let this process have so much address space and CPU time, and write no file."""
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def decode(data: bytes, rules: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    """The verdict, and the picture: upright, without metadata, as JPEG."""
    Image.MAX_IMAGE_PIXELS = rules["max_pixels"]
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        picture: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"why": "too_many_pixels"}, b""
    side = rules["longest_side"]
    picture.draft("RGB", (side, side))
    picture = _on_white(ImageOps.exif_transpose(picture))
    picture.thumbnail((side, side))
    return {"why": "", "doubt": doubt(picture, rules)}, _jpeg(picture, rules["quality"])


def doubt(picture: Image.Image, rules: dict[str, Any]) -> str:
    """``small``, ``dark``, ``bright``, ``blurred`` or '': a rough look for what is unreadable."""
    if max(picture.size) < rules["small_below"]:
        return "small"
    grey = picture.convert("L")
    grey.thumbnail((JUDGED_SIDE, JUDGED_SIDE))
    tones = grey.histogram()
    if level(tones, LIGHTEST) < rules["dark_below"]:
        return "dark"
    ink, paper = level(tones, EXTREME), level(tones, 1 - EXTREME)
    if paper - ink < rules["faint_below"]:
        return "bright" if ink > PALE else "blurred"
    steepest = min(edge(grey, across, down) for across, down in WAYS)
    return "blurred" if steepest < rules["blurred_below"] * (paper - ink) else ""


def edge(grey: Image.Image, across: int, down: int) -> int:
    """The difference of neighbours at the steepest edges, less what the noise of a camera does."""
    width, height = grey.size
    left, upper = max(0, across), max(0, down)
    right, lower = width + min(0, across), height + min(0, down)
    here = grey.crop((left, upper, right, lower))
    there = grey.crop((left - across, upper - down, right - across, lower - down))
    steps = ImageChops.difference(here, there).histogram()
    return max(0, level(steps, STEEPEST) - NOISE * min(level(steps, 0.5), MOST_NOISE))


def level(histogram: list[int], share: float) -> int:
    """The tone below which this share of the pixels lies."""
    wanted = share * sum(histogram)
    for tone, count in enumerate(histogram):
        wanted -= count
        if wanted <= 0:
            return tone
    return 255


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
