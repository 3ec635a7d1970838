"""Which pictures are doubted: drawn documents, damaged as cameras and hands damage them."""

import io
from collections.abc import Callable
from functools import cache

import msgspec
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from services.decoding import doubt
from services.documents import Rules

RULES = msgspec.to_builtins(Rules())
PRINT = "NIK 7171014703569901 SITI AMINAH MANADO 27-03-1956 KELURAHAN SARIO RT 02 RW 03"

SHAKES = 32
"""Pictures that together are one taken with a shaking hand."""

Damage = Callable[[Image.Image], Image.Image]


def page(size=(1600, 1200), font=22, lines=40, paper=245, ink=20) -> Image.Image:
    """A page of print, *font* pixels high."""
    picture = Image.new("L", size, paper)
    draw = ImageDraw.Draw(picture)
    face = ImageFont.load_default(font)
    for row in range(min(lines, int(size[1] * 0.9 / (font * 1.6)))):
        words = PRINT[row % 9 :] * 2
        draw.text((font, font + row * font * 1.6), words[: int(size[0] / font)], ink, face)
    return picture.convert("RGB")


def identity_card(width: int) -> Image.Image:
    """A bluish card, *width* pixels of a photo 1600 pixels wide, on a table."""
    size = (width, int(width * 0.63))
    card = ImageChops.darker(page(size, width // 28), Image.new("RGB", size, "#a8c8e6"))
    table = Image.new("RGB", (1600, 1200), "#785a3c")
    table.paste(card, ((1600 - width) // 2, 300))
    return table


@cache
def grain(size: tuple[int, int], noise: float) -> Image.Image:
    """What a sensor adds by itself; most of a second for a large picture."""
    return Image.effect_noise(size, noise).convert("RGB")


def camera(picture: Image.Image, noise: float = 6, quality: int = 75) -> Image.Image:
    """What a telephone makes of it: noise and JPEG."""
    file = io.BytesIO()
    ImageChops.add(picture, grain(picture.size, noise), 1, -128).save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def out_of_focus(radius: float) -> Damage:
    return lambda picture: camera(picture.filter(ImageFilter.GaussianBlur(radius)))


def shaken(across: int, down: int) -> Damage:
    """The hand moved so many pixels while the picture was taken."""

    def move(picture: Image.Image) -> Image.Image:
        moved = picture
        for step in range(1, SHAKES):
            shift = ImageChops.offset(picture, across * step // SHAKES, down * step // SHAKES)
            moved = Image.blend(moved, shift, 1 / (step + 1))
        return camera(moved)

    return move


def lit(gain: float, more: int = 0) -> Damage:
    return lambda picture: camera(picture.point(lambda tone: int(tone * gain + more)))


DOCUMENTS: dict[str, Callable[[], Image.Image]] = {
    "a family card": page,
    "an identity card": lambda: identity_card(900),
    "a small identity card": lambda: identity_card(500),
    "a letter of four lines": lambda: page((1600, 2200), 34, lines=4),
}
HARMLESS: dict[str, Damage] = {
    "scanned": lambda picture: picture,
    "photographed": camera,
    "with a cheap camera": lambda picture: camera(picture, noise=12, quality=40),
    "a little soft": out_of_focus(1),
    "in poor light": lit(0.35),
    "in bright light": lit(1, 100),
    "on faint paper": lit(0.3, 140),
}
DAMAGED: dict[str, tuple[Damage, str]] = {
    "out of focus": (out_of_focus(7), "blurred"),
    "out of focus and grainy": (lambda p: camera(out_of_focus(9)(p), 12, 60), "blurred"),
    "shaken sideways": (shaken(48, 0), "blurred"),
    "shaken up and down": (shaken(0, 48), "blurred"),
    "shaken askew": (shaken(48, 48), "blurred"),
    "in the dark": (lit(0.1), "dark"),
    "overexposed": (lit(1, 230), "bright"),
}
OTHERS = {
    "a screenshot": (page((720, 1560), 26, ink=40, paper=255), ""),
    "a dark screenshot": (page((720, 1560), 26, ink=230, paper=12), ""),
    "print all over": (page((2480, 3508), 14, lines=150), ""),
    "a pattern all over": (Image.effect_noise((600, 400), 90), ""),
    "a white wall": (camera(Image.new("RGB", (1600, 1200), "#f0f0f0")), "bright"),
    "a grey wall": (camera(Image.new("RGB", (1600, 1200), "#969696")), "blurred"),
    "a covered lens": (camera(Image.new("RGB", (1600, 1200), "#080808")), "dark"),
    "a preview": (page((320, 240), 12), "small"),
}


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("damage", HARMLESS)
def test_what_people_can_read_is_not_doubted(document: str, damage: str) -> None:
    assert doubt(HARMLESS[damage](DOCUMENTS[document]()), RULES) == ""


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("damage", DAMAGED)
def test_what_nobody_can_read_is_doubted_for_its_reason(document: str, damage: str) -> None:
    damaged, why = DAMAGED[damage]

    assert doubt(damaged(DOCUMENTS[document]()), RULES) == why


@pytest.mark.parametrize("name", OTHERS)
def test_other_pictures(name: str) -> None:
    picture, why = OTHERS[name]

    assert doubt(picture, RULES) == why


@pytest.mark.parametrize("rule", ["small_below", "dark_below", "faint_below", "blurred_below"])
def test_nothing_is_doubted_where_every_rule_is_switched_off_but_one(rule: str) -> None:
    off = dict.fromkeys(("small_below", "dark_below", "faint_below", "blurred_below"), 0)
    bad = {
        "small_below": OTHERS["a preview"][0],
        "dark_below": OTHERS["a covered lens"][0],
        "faint_below": OTHERS["a white wall"][0],
        "blurred_below": out_of_focus(7)(page()),
    }[rule]

    assert doubt(bad, RULES | off) == ""
    assert doubt(bad, RULES | off | {rule: RULES[rule]}) != ""
