"""The questions that can lie on the table: put for the first time, and said again."""

from typing import Any

from flows import asking
from flows.facts import Line
from flows.journey import At
from flows.menus import MOST_ROWS
from flows.moves import REVIEW
from flows.session import Journey
from flows.talk import Talk
from forms.choices import Option

FIX = "fix"
"""The value of the menu item that leads to a correction an officer asked for."""

BACK = "kembali"
"""The value of the button that leads to the list above."""


def main_menu(talk: Talk) -> None:
    """Put the menu that greets; a correction that waits is its last item."""
    name = talk.assets.settings.menu
    waiting = [Option(FIX, f"{one.ticket}", key="LANJUT") for one in talk.session.corrections[:1]]
    options = talk.assets.menus.options(name, talk.session.language)
    talk.put("menu", "menu.utama", (*options, *waiting), {}, state=name)


def menu_list(talk: Talk, name: str) -> None:
    """Put the list *name* of a menu, the menu that greets where that is none.

    A full list leaves no room for the way back, which can be typed.
    """
    menus, language = talk.assets.menus, talk.session.language
    if name not in menus.above:
        main_menu(talk)
        return
    options = menus.options(name, language)
    back = talk.buttons(BACK) if len(options) < MOST_ROWS else ()
    key = "menu.layanan" if menus.by_letter(name) else "menu.daftar"
    values = {"judul": menus.title(name, language)}
    talk.put("menu", key, (*options, *back), values, state=name)


def menu_above(talk: Talk) -> None:
    """Put the list above the one on the table."""
    menu_list(talk, talk.assets.menus.above.get(menu_name(talk), ""))


def menu_name(talk: Talk) -> str:
    """The name of the menu or list on the table, '' where something else lies there."""
    put = talk.session.put
    return put.state if put is not None and put.kind == "menu" else ""


def ask(talk: Talk, journey: Journey, at: At) -> None:
    """Put the question at which the journey stands."""
    state = at.service.states[at.state]
    journey.state, journey.item = at.state, at.item
    options = asking.offered(talk, state, at)
    talk.lay("step", options, state=at.state, item=at.item)
    _pose_step(talk, journey, at)


def _pose_step(talk: Talk, journey: Journey, at: At) -> None:
    state = at.service.states[at.state]
    numbered = talk.session.phase == "filling" and not journey.editing
    number = asking.number_of(at, journey.given) if numbered else ""
    key, values = asking.question(at, number)
    talk.pose(key, values, state.field.expects)


def review(talk: Talk, journey: Journey) -> None:
    """Put the review of a complete journey."""
    journey.state, journey.item = REVIEW, 0
    talk.lay("review", talk.buttons("KIRIM", "UBAH", "SIMPAN"))
    _pose_review(talk, journey)


def _pose_review(talk: Talk, journey: Journey) -> None:
    title = talk.title(journey.service)
    talk.pose("periksa", {"judul": title, "baris": [line for line, _, _ in listed(talk, journey)]})


def change(talk: Talk, journey: Journey) -> None:
    """Ask which line of the review to change."""
    talk.lay("change")
    _pose_change(talk, journey)


def _pose_change(talk: Talk, journey: Journey) -> None:
    talk.pose("periksa.ubah", {"baris": [line for line, _, _ in listed(talk, journey)]})


def listed(talk: Talk, journey: Journey) -> list[tuple[Line, str, int]]:
    """The lines of the review, each with its state and item."""
    at = talk.at(journey)
    return asking.lines(talk, at, at.service.walk(at))


def again(talk: Talk) -> None:
    """Say the question on the table once more, under the serial that it has."""
    put, journey = talk.session.put, talk.active
    if put is None:
        if talk.session.phase == "menu":
            main_menu(talk)
    elif put.kind == "step" and journey is not None:
        at = talk.at(journey)
        at.state, at.item = put.state, put.item
        _pose_step(talk, journey, at)
    elif put.kind == "review" and journey is not None:
        _pose_review(talk, journey)
    elif put.kind == "change" and journey is not None:
        _pose_change(talk, journey)
    else:
        talk.pose(put.key, put.values)


def refused(talk: Talk, key: str, values: dict[str, Any]) -> None:
    """Say why a reply to the present question of a journey cannot be taken, nothing else."""
    put, journey = talk.session.put, talk.active
    expects = ""
    if put is not None and journey is not None and put.kind == "step":
        at = talk.at(journey)
        at.state, at.item = put.state, put.item
        state = at.service.states[put.state]
        put.options = asking.offered(talk, state, at)
        expects = state.field.expects
    talk.pose(key, values, expects)
