"""How options are offered on a network: as buttons, as a list, or as numbered lines. Pure.

A network says what it has (`Form`); the same question then takes the first form that holds it. What
is typed always works too, so whatever cannot be seen at once is numbered in the text, and nothing
that a title leaves out is lost.
"""

from collections.abc import Sequence

import msgspec

from bot.channels import layout
from bot.channels.button_data import write_data
from bot.runtime.messages import Outbound
from forms.choices import Option

LONGEST_PAIRED_TITLE = 15
"""Letters of a button that still leaves room for another beside it (ux.md 1.2)."""

MORE = "…"


class Form(msgspec.Struct, frozen=True):
    """One way in which a network lets people pick.

    *name* is the network's own word. It holds *most* options below a text of *body* characters;
    *title* and *note* are the characters of an option's two lines, *note* 0 where it has one only.
    *rows* tells that titles are those of lists (``G. Pindah faskes``), *seen* how many options are
    in sight at once: where there are more, the text numbers them too.
    """

    name: str
    most: int
    title: int
    body: int
    note: int = 0
    rows: bool = False
    seen: int = 0


class Choice(msgspec.Struct, frozen=True):
    """One option as it is shown; *data* is what its button brings back."""

    data: str
    title: str
    note: str = ""


class Offer(msgspec.Struct, frozen=True):
    """A message in its network's shape: *texts* in order, with the choices below the last one.

    *form* is None where there is nothing to press.
    """

    texts: Sequence[str]
    form: Form | None = None
    choices: Sequence[Choice] = ()


def offer(message: Outbound, forms: Sequence[Form], longest: int = layout.LONGEST_TEXT) -> Offer:
    """*message* in the first of *forms* that holds its options as they are called.

    Where none does, titles are cut and numbered; where there are too many options for any form,
    only the numbered lines are left. Texts above *longest* characters go in parts.
    """
    text = layout.bold_by_line(message.text)
    fitting = [form for form in forms if 0 < len(message.options) <= form.most]
    form = next((one for one in fitting if _whole(message.options, one)), None)
    cut = form is None
    if form is None and fitting:
        form = fitting[0]
    if form is None or cut or len(message.options) > form.seen:
        text = _with_lines(text, message)
    if form is None:
        return Offer(layout.parts(text, longest))
    texts = layout.parts(text, longest, last=form.body)
    return Offer(texts, form, choices(message, form))


def choices(message: Outbound, form: Form | None = None) -> list[Choice]:
    """The options of *message* as *form* shows them; without one, with room for everything."""
    options = message.options
    titles = [_title(option, form) for option in options]
    if form and not _whole(options, form):
        titles = [
            shortened(f"{n}. {_title(option, form)}", form.title)
            for n, option in enumerate(options, 1)
        ]
    return [
        Choice(
            write_data(option, n, message.put),
            title,
            _note(option, title, form.note if form else 0),
        )
        for n, (option, title) in enumerate(zip(options, titles, strict=True), 1)
    ]


def columns(shown: Sequence[Choice]) -> list[list[Choice]]:
    """Buttons in rows: one column when a title is long, else two."""
    width = 1 if any(len(one.title) > LONGEST_PAIRED_TITLE for one in shown) else 2
    return [list(shown[at : at + width]) for at in range(0, len(shown), width)]


def shortened(text: str, room: int) -> str:
    """*text* within *room* characters; where it is cut, it ends with ``…``."""
    return text if len(text) <= room else text[: room - len(MORE)].rstrip() + MORE


def _whole(options: Sequence[Option], form: Form) -> bool:
    """Whether all titles fit *form*, none is empty and no two are the same."""
    titles = [_title(option, form) for option in options]
    different = len({title.casefold() for title in titles}) == len(titles)
    return different and all(0 < len(title) <= form.title for title in titles)


def _title(option: Option, form: Form | None) -> str:
    called = option.label if form and not form.rows else layout.title(option)
    return layout.unmarked(called).strip()


def _note(option: Option, title: str, room: int) -> str:
    """The second line; the whole name where the title was cut and nothing else stands here.

    What the title says already is not said again.
    """
    whole = layout.title(option)
    told = option.note or whole
    told = "" if told in title else told
    return shortened(layout.unmarked(told).strip(), room) if room else ""


def _with_lines(text: str, message: Outbound) -> str:
    if message.listed or not message.options:
        return text
    return "\n".join([text, *layout.numbered(message.options)])
