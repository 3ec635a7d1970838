"""Two officers with a browser each claim the same request, a thousand times over."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from msgspec.structs import replace

from data import statements
from services import queue, requests
from services.officers import Officer
from tests.browser.live import Live
from tests.browser.person import Person
from tests.desk import CALENDAR, DIMAS, MANADO, NIK, RINA, rendered

pytestmark = pytest.mark.slow

SignIn = Callable[[Officer], Person]

ROUNDS = 1000
PLANTED_ROUNDS = 40
CONDITION = "(status = 'waiting' OR (status = 'claimed' AND lease_until"
NONE = CONDITION.replace("= 'waiting'", "> ''")

PRESS = """
const [number, done] = arguments;
const csrf = document.querySelector("[name=csrf]").value;
fetch(`/admin/tiket/${number}/ambil`, {
  method: "POST", redirect: "manual", body: new URLSearchParams({ csrf }),
}).then(async (answer) => {
  const won = answer.type === "opaqueredirect";
  done(won ? "" : (await answer.text()).match(/role="alert">([^<]*)/)[1]);
});
"""
"""Presses *Ambil* as the page does; '' for who wins, else why not."""


def file(live: Live, rounds: int) -> list[str]:
    """So many requests that wait."""
    given = {"service": "G", "digest": "d1", "branch": MANADO, "report": rendered}
    given |= {"answers": {"nama": "Siti Aminah", "nik": NIK}, "calendar": CALENDAR}
    return [
        live.do(
            lambda tx, n=n: queue.file(
                tx, submission=f"balap/{n}", chat=f"web:{n}", now=live.clock.now(), **given
            )
        ).number
        for n in range(rounds)
    ]


@pytest.fixture
def racers(officer: SignIn) -> Iterator[tuple[Person, Person]]:
    """Rina and Dimas, each before the queue."""
    rina, dimas = officer(RINA), officer(DIMAS)
    for person in (rina, dimas):
        person.stay_behind()
        person.sees("Antrean")
    yield rina, dimas


def race(racers: tuple[Person, Person], numbers: list[str]) -> list[tuple[str, str]]:
    """What each of the two was told in each round; both press at the same moment."""
    together = Barrier(2, timeout=60)

    def run(person: Person) -> list[str]:
        told = []
        for number in numbers:
            together.wait()
            told.append(str(person.driver.execute_async_script(PRESS, number)))
        return told

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(run, racers)
    return list(zip(first, second, strict=True))


def test_of_two_browsers_one_wins_each_of_a_thousand_rounds_and_the_other_reads_who(
    live: Live, racers: tuple[Person, Person]
) -> None:
    numbers = file(live, ROUNDS)
    rounds = race(racers, numbers)

    won = {"rina": 0, "dimas": 0}
    for number, told in zip(numbers, rounds, strict=True):
        assert sorted(map(bool, told)) == [False, True], (number, told)
        holder = live.do(lambda tx, number=number: requests.by_number(tx, number)).officer
        winner, loser = ("Rina K.", told[1]) if told[0] == "" else ("Dimas P.", told[0])
        assert f"{number} sudah diambil {winner}" in loser
        assert holder == winner.split()[0].lower()
        won[holder] += 1
    assert min(won.values()) > 0, f"nobody raced: {won}"


def test_without_its_condition_both_browsers_win(
    live: Live, racers: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = statements.load("sqlite")
    claim = known["request_claim"]
    assert CONDITION in claim.sql, claim.sql
    broken = replace(claim, sql=claim.sql.replace(CONDITION, NONE))
    monkeypatch.setitem(known, "request_claim", broken)
    rounds = race(racers, file(live, PLANTED_ROUNDS))

    assert any(told == ("", "") for told in rounds)
