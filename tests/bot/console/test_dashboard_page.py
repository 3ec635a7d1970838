"""The dashboard in the console: numbers, charts with their tables, files, and the wall."""

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import force_setattr

from bot.console import charts
from bot.console.deps import Deps
from bot.console.words import minutes
from data.instants import to_us
from data.template_prices import Price, TemplatePrices
from services import conversation, endings, figures_keeping
from tests.bot.console.conftest import SignIn
from tests.desk import ADMIN, BENNY, CALENDAR, HENKY, RINA, RULES, TIO, TONDANO, WATI, Desk

STYLED = re.compile(r"\sstyle=|<style|<script>|\son\w+=")


async def serve(desk: Desk) -> None:
    """A request that waited 7 minutes and was finished after 5 more; one that waits."""
    ticket = await desk.file()
    desk.clock.at += timedelta(minutes=7)
    await desk.claim(RINA, ticket.number)
    await desk.do(conversation.reply, RINA, ticket.number, "Baik.", rules=RULES)
    desk.clock.at += timedelta(minutes=5)
    await desk.do(endings.finish, RINA, ticket.number, outcome="Sudah.")
    await desk.file()
    await figures_keeping.follow(desk.store, CALENDAR)


async def left(desk: Desk) -> None:
    row = {"branch": "KC-MANADO", "service": "G", "step": "nik", "how": "expired"}
    await desk.store.write(lambda tx: tx.run("abandoned_add", at=to_us(desk.clock.at), **row))


async def test_on_the_first_day_it_says_when_numbers_come(desk: Desk, signed_in: SignIn) -> None:
    await desk.file()
    await figures_keeping.follow(desk.store, CALENDAR)
    page = (await (await signed_in(BENNY)).get("/admin/dasbor")).text

    assert "Belum ada data." in page
    assert "Angka muncul setelah tiket pertama selesai." in page
    assert "<svg" not in page


async def test_a_branch_has_numbers_and_charts_each_with_a_table(
    desk: Desk, signed_in: SignIn
) -> None:
    await serve(desk)
    await left(desk)
    page = (await (await signed_in(BENNY)).get("/admin/dasbor")).text

    assert "7 mnt / 7 mnt" in page
    assert page.count("<svg") == 3
    for title in (
        *("Per layanan", "Per petugas", "Masuk dan berakhir tiap hari", "Menunggu sekarang"),
        *("Permintaan masuk menurut hari dan jam", "Formulir yang tidak dikirim"),
    ):
        assert f'<caption class="sembunyi">{title}</caption>' in page
    assert "Rina K." in page
    assert "NIK" in page  # the label of the question at which somebody stopped
    assert not STYLED.search(page)


@pytest.mark.parametrize("officer", [ADMIN, TIO, WATI], ids=lambda one: one.role)
async def test_who_has_several_branches_sees_a_line_for_each(
    desk: Desk, signed_in: SignIn, officer: object
) -> None:
    await serve(desk)
    await desk.file(branch=TONDANO)
    page = (await (await signed_in(officer)).get("/admin/dasbor")).text  # type: ignore[arg-type]

    assert "Per cabang" in page
    assert "KC Manado" in page.partition("<table")[2]
    assert "KC Tondano" in page.partition("<table")[2]


async def test_another_branch_is_not_there(desk: Desk, signed_in: SignIn) -> None:
    browser = await signed_in(HENKY)
    for path in ("/admin/dasbor", "/admin/dasbor/unduh"):
        assert (await browser.get(f"{path}?cabang=KC-MANADO&tabel=hari")).status_code == 404
    assert (await (await signed_in(RINA)).get("/admin/dasbor")).status_code == 404


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("layanan", "G. Pindah faskes"),
        ("petugas", "Seluruh cabang"),
        ("menunggu", "G. Pindah faskes"),
        ("berhenti", "G. Pindah faskes"),
        ("jam", "10.00"),
        ("jam-masuk", "10.00"),
        ("hari", "27 Oktober 2026"),
    ],
)
async def test_each_table_is_a_file_that_the_trail_knows(
    desk: Desk, signed_in: SignIn, name: str, first: str
) -> None:
    await serve(desk)
    await left(desk)
    answer = await (await signed_in(BENNY)).get(f"/admin/dasbor/unduh?tabel={name}")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert answer.headers["content-type"].startswith("text/csv")
    assert lines[1][0] == first
    assert (await desk.trail(BENNY.id))[-1] == "figures_taken"


async def test_a_table_that_is_none_is_not_there(desk: Desk, signed_in: SignIn) -> None:
    browser = await signed_in(BENNY)

    assert (await browser.get("/admin/dasbor/unduh?tabel=siapa")).status_code == 404
    assert "figures_taken" not in await desk.trail(BENNY.id)


async def test_the_wall_is_shown_anew_by_itself_and_names_nobody(
    desk: Desk, signed_in: SignIn
) -> None:
    await serve(desk)
    answer = await (await signed_in(BENNY)).get("/admin/dasbor?layar=1")

    assert answer.headers["refresh"] == "60"
    assert "Siti" not in answer.text
    assert "Rina" not in answer.text
    assert "MND-G-" not in answer.text
    assert "<dt>Menunggu</dt><dd>1</dd>" in answer.text


async def test_a_wrong_day_is_told(signed_in: SignIn) -> None:
    page = await (await signed_in(BENNY)).get("/admin/dasbor?dari=besok")

    assert page.status_code == 200
    assert 'role="alert"' in page.text


@pytest.mark.parametrize(
    ("count", "told"),
    [(None, "-"), (0, "0 mnt"), (59, "59 mnt"), (60, "1 jam"), (125, "2 jam 5 mnt")],
)
def test_minutes_are_told_in_words(count: int | None, told: str) -> None:
    assert minutes(count) == told


def test_bars_of_nothing_have_no_length() -> None:
    [bar] = charts.bars([("A", None, None, "belum ada")]).bars

    assert (bar.length, bar.end) == (0, 0)


async def test_message_templates_have_their_number_and_cost(
    desk: Desk, signed_in: SignIn, deps: Deps
) -> None:
    prices = TemplatePrices([Price(date(2026, 1, 1), Decimal("0.02"), Decimal(330))])
    force_setattr(deps, "prices", prices)
    for n in (1, 2):
        values = {"template": "jawaban_siap", "chat": "whatsapp:x", "branch": "KC-MANADO"}
        at = to_us(desk.clock.at)
        await desk.store.write(
            lambda tx, n=n, at=at, values=values: tx.run(
                "template_used", outbox=n, at=at, provider_ref="", **values
            )
        )
    page = (await (await signed_in(BENNY)).get("/admin/dasbor")).text

    assert "Templat pesan dan biayanya" in page
    assert '<td class="n">660</td>' in page
    assert "0.04" in page
