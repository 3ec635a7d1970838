"""From Friday 16.59 to Tuesday on WhatsApp: the whole way, signed deliveries in, posts out."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.bootstrap import Product, build_runtime, read_product
from bot.channels.graph.webhook import Proof
from bot.channels.whatsapp.channel import WhatsApp, WhatsAppSettings
from bot.config import Config
from data.instants import to_us
from tests.bot.runtime.windowed import FRIDAY, TUESDAY, Branch
from tests.desk import MANADO, RINA, Desk, sqlite_desk
from tests.fakes.graph_api import ACCOUNT, SECRET, TOKEN, VERIFY, FakeGraphApi
from tests.fakes.whatsapp_person import WhatsAppPerson, delivery


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    return read_product(Config(root=tmp_path_factory.mktemp("product")))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with sqlite_desk(tmp_path) as desk:
        yield desk


@pytest.fixture
async def branch(desk: Desk, api: FakeGraphApi, product: Product) -> AsyncIterator[Branch]:
    """The product behind Meta's webhook, on a Friday afternoon."""
    desk.clock.at = FRIDAY
    settings = WhatsAppSettings(TOKEN, ACCOUNT, Proof(SECRET, VERIFY), "Lihat pilihan")
    channel = WhatsApp(settings, desk.store, desk.clock, product.templates, transport=api.transport)
    runtime = build_runtime(product, desk.store, [channel], desk.clock)
    await desk.store.heartbeat(runtime.owner, to_us(FRIDAY))
    transport = httpx.ASGITransport(Starlette(routes=channel.webhook_routes(runtime.receive)))
    async with httpx.AsyncClient(transport=transport, base_url="https://chika.example") as client:
        api.hook(client, "/whatsapp")
        yield Branch(desk, runtime, None)  # type: ignore[arg-type]
    await channel.aclose()


class Ana(WhatsAppPerson):
    """Writes at the clock of the branch; her network's clock agrees."""

    def __init__(self, api: FakeGraphApi, branch: Branch) -> None:
        super().__init__(api)
        self.branch = branch

    async def say(self, text: str) -> int:
        self.second = int(self.branch.desk.clock.at.timestamp())
        status = await super().say(text)
        await self.branch.settle()
        return status


@pytest.fixture
async def ana(api: FakeGraphApi, branch: Branch) -> Ana:
    """Somebody whose request is claimed on Friday at 16.59; it is Tuesday now."""
    person = Ana(api, branch)
    await person.say("halo")
    async with branch.desk.store.read() as tx:
        found = await tx.one("identity_known", channel="whatsapp", first="bsuid:ID.81", second="")
    assert found is not None
    number = (await branch.desk.file(chat=found["chat"])).number
    assert number == "MND-G-0001"
    branch.desk.clock.at += timedelta(minutes=9)
    await branch.desk.claim(RINA, number)
    await branch.settle()
    assert "Rina" in person.texts[-1]
    api.taken.clear()
    branch.desk.clock.at = TUESDAY
    return person


def template(post: dict[str, object]) -> tuple[str, str, list[str]]:
    """Name, language and parameters of a template as it was posted."""
    body = post["template"]
    assert isinstance(body, dict)
    [component] = body["components"]
    said = [one["text"] for one in component["parameters"]]
    return body["name"], body["language"]["code"], said


async def test_an_answer_of_tuesday_is_announced_and_read_before_anything_else(
    branch: Branch, ana: Ana
) -> None:
    await branch.reply("MND-G-0001", "Sudah pindah mulai 1 September.")
    await branch.reply("MND-G-0001", "Kartu tidak perlu diganti.")

    [post] = ana.read
    assert (post["type"], post["recipient"]) == ("template", "ID.81")
    assert template(post) == ("jawaban_siap", "id", ["MND-G-0001", MANADO.name])
    branch.desk.clock.at += timedelta(hours=2)
    await ana.say("STATUS")
    first, second, answer = ana.texts[1:]
    assert "Sudah pindah" in first and "Kartu tidak perlu" in second
    assert "MND-G-0001" in answer


async def test_metas_own_word_that_the_window_is_shut_counts(
    branch: Branch, ana: Ana, api: FakeGraphApi
) -> None:
    await ana.say("halo")
    api.taken.clear()
    api.shut.add("ID.81")

    await branch.reply("MND-G-0001", "Sudah pindah.")

    assert [post["type"] for post in ana.read] == ["template"]
    api.shut.clear()
    branch.desk.clock.at += timedelta(minutes=1)
    await ana.say("ya?")
    assert "Sudah pindah." in ana.texts[1]


async def test_what_meta_takes_and_refuses_later_is_not_lost(
    branch: Branch, ana: Ana, api: FakeGraphApi
) -> None:
    await ana.say("halo")
    branch.desk.clock.at += timedelta(hours=23, minutes=59)
    await branch.reply("MND-G-0001", "Sudah pindah.")
    refused = api.status(api.taken[-1], "failed", _second(branch.desk.clock.at) + 90, 131047)
    branch.desk.clock.at += timedelta(minutes=2)
    api.taken.clear()

    await api.deliver(delivery(statuses=[refused]))
    await branch.settle()

    assert [post["type"] for post in ana.read] == ["template"]
    await ana.say("ya?")
    assert "Sudah pindah." in ana.texts[1]


@pytest.mark.parametrize(("code", "why"), [(132001, "132001"), (132015, "132015")])
async def test_a_template_that_is_not_approved_loses_nothing_and_is_told(
    branch: Branch, ana: Ana, api: FakeGraphApi, code: int, why: str
) -> None:
    api.fail(code)
    await branch.reply("MND-G-0001", "Sudah pindah.")

    [row] = await branch.desk.all("conversation", request=1)
    assert (row["parked"], row["sending_error"]) == (1, f"template:{why}")
    await ana.say("halo")
    assert "Sudah pindah." in ana.texts[0]


async def test_a_template_that_was_taken_in_spite_of_a_502_is_not_sent_again(
    branch: Branch, ana: Ana, api: FakeGraphApi
) -> None:
    api.take_and_break(status=502)
    await branch.reply("MND-G-0001", "Sudah pindah.")
    [post] = ana.read
    await api.deliver(delivery(statuses=[api.status(post, "delivered", _second(TUESDAY))]))

    branch.desk.clock.at += timedelta(minutes=5)
    await branch.settle()

    assert len(ana.read) == 1
    [row] = await branch.desk.all("conversation", request=1)
    assert row["parked"] == 1
    await ana.say("ya?")
    assert "Sudah pindah." in ana.texts[1]


async def test_a_template_that_never_arrives_is_told(
    branch: Branch, ana: Ana, api: FakeGraphApi
) -> None:
    await branch.reply("MND-G-0001", "Sudah pindah.")
    [post] = ana.read
    failed = api.status(post, "failed", _second(TUESDAY), 131026)

    await api.deliver(delivery(statuses=[failed]))

    [row] = await branch.desk.all("conversation", request=1)
    assert (row["parked"], row["template_error"]) == (1, "undeliverable")
    assert (await branch.desk.all("system_queue", now=0, since=0))[0]["templates_failed"] == 1


async def test_a_parked_answer_says_how_far_it_came_in_the_end(
    branch: Branch, ana: Ana, api: FakeGraphApi
) -> None:
    await branch.reply("MND-G-0001", "Sudah pindah.")
    await ana.say("ya")
    answer = next(post for post in ana.read if "Sudah pindah." in str(post.get("text")))

    read = api.status(answer, "read", _second(branch.desk.clock.at))
    await api.deliver(delivery(statuses=[read]))

    [row, *_] = await branch.desk.all("conversation", request=1)
    assert row["network"] == "read"


async def test_an_outage_of_meta_loses_nothing_and_doubles_nothing(
    branch: Branch, ana: Ana, api: FakeGraphApi
) -> None:
    for status in (502, 503):
        api.lose(status, times=4)
    await ana.say("STATUS")
    for _ in range(7):
        assert ana.texts == []
        branch.desk.clock.at += timedelta(minutes=5)
        await branch.settle()
    assert ana.texts == []
    branch.desk.clock.at += timedelta(minutes=5)
    await branch.settle()

    [answer] = ana.texts
    assert "MND-G-0001" in answer


def _second(at: datetime) -> int:
    return int(at.timestamp())
