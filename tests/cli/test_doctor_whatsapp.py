"""``doctor --online``: what is wrong with WhatsApp, and how to mend it."""

import hashlib
import hmac
from collections.abc import Callable

import httpx
import pytest
from msgspec.structs import replace

from bot.channels.graph.webhook import SIGNATURE_HEADER, sign
from bot.cli.doctor_whatsapp import examine
from bot.config import Config, Secret
from bot.config.settings import Web, WhatsApp
from bot.texts.templates import load_templates

TOKEN, SECRET, VERIFY = "EAAcanaryTOKENcanaryTOKEN", "0123456789abcdef", "token-verifikasi"
CONFIG = Config(
    web=Web(base_url="https://chika.example"),
    whatsapp=WhatsApp(
        "1098765432",
        "2098765432",
        token=Secret(TOKEN),
        app_secret=Secret(SECRET),
        verify_token=Secret(VERIFY),
    ),
)
APPROVED = [
    {"name": name, "language": language, "status": "APPROVED", "category": "UTILITY"}
    for name, template in load_templates().by_name.items()
    for language in template.body
]
Answer = Callable[[httpx.Request], httpx.Response]


def refuse(code: int, subcode: int = 0) -> httpx.Response:
    return httpx.Response(400, json={"error": {"code": code, "error_subcode": subcode}})


def meta(request: httpx.Request) -> httpx.Response:
    """The Graph API, and our own webhook, when everything is right."""
    asked = request.url.params
    if request.url.host == "chika.example":
        if request.method == "POST":
            right = request.headers[SIGNATURE_HEADER] == sign(request.content, SECRET.encode())
            return httpx.Response(200 if right else 403)
        right = asked["hub.verify_token"] == VERIFY
        return httpx.Response(200, text=asked["hub.challenge"]) if right else httpx.Response(403)
    if request.headers["Authorization"] != f"Bearer {TOKEN}":
        return refuse(190)
    if request.url.path.endswith("/2098765432/message_templates"):
        return httpx.Response(200, json={"data": APPROVED})
    if not request.url.path.endswith("/1098765432"):
        return refuse(100, 33)
    proof = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
    right = asked.get("appsecret_proof", proof) == proof
    return httpx.Response(200, json={"id": "1098765432"}) if right else refuse(100)


def told(answer: Answer = meta, config: Config = CONFIG) -> list[str]:
    return examine(config, transport=httpx.MockTransport(answer))


def other(**changed: str) -> Config:
    plain = ("phone_number_id", "account_id")
    values = {name: v if name in plain else Secret(v) for name, v in changed.items()}
    return replace(CONFIG, whatsapp=replace(CONFIG.whatsapp, **values))


def down(host: str) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == host:
            raise httpx.ConnectError("x")
        return meta(request)

    return answer


def elsewhere(request: httpx.Request) -> httpx.Response:
    ours = request.url.host == "chika.example"
    return httpx.Response(200, text="<html>") if ours else meta(request)


def test_nothing_is_wrong_and_nobody_is_asked_when_it_is_off() -> None:
    assert told() == []
    assert told(down("graph.facebook.com"), Config()) == []


def blind(request: httpx.Request) -> httpx.Response:
    """The token has no right to the number."""
    ours = request.url.path.endswith("/1098765432")
    return refuse(200) if ours else meta(request)


@pytest.mark.parametrize(
    ("config", "answer", "found"),
    [
        (
            other(token="EAAanotherTOKENanotherTOKEN"),
            meta,
            {
                "whatsapp.token": "set CHIKA_WHATSAPP_TOKEN",
                "whatsapp.account_id": "whatsapp_business_management",
            },
        ),
        (
            other(phone_number_id="62500"),
            meta,
            {"whatsapp.phone_number_id": "copy the id below the number"},
        ),
        (CONFIG, blind, {"whatsapp.phone_number_id": "whatsapp_business_messaging"}),
        (
            other(app_secret="x" * 32),
            meta,
            {
                "whatsapp.app_secret: is not": "App settings, Basic",
                "whatsapp.app_secret: the program": "start it again",
            },
        ),
        (
            other(verify_token="lain-lain"),
            meta,
            {"whatsapp.verify_token": "enter the same in the app dashboard, WhatsApp"},
        ),
        (other(account_id="62501"), meta, {"whatsapp.account_id": "whatsapp_business_management"}),
        (other(account_id=""), meta, {"whatsapp.account_id": "WhatsApp Business Account ID"}),
        (
            CONFIG,
            down("graph.facebook.com"),
            {
                "whatsapp: the Graph API gives no answer": "check whatsapp.api_url",
                "whatsapp: no answer about message": "templates",
            },
        ),
        (CONFIG, down("chika.example"), {"web.base_url: nobody answers": "start the program"}),
        (CONFIG, elsewhere, {"whatsapp.webhook_path": "lead it to this program"}),
    ],
)
def test_each_mistake_is_told_with_its_place_and_how_to_mend_it(
    config: Config, answer: Answer, found: dict[str, str]
) -> None:
    said = told(answer, config)
    for line, (begin, mended) in zip(said, found.items(), strict=True):
        assert line.startswith(begin) and mended in line, line
    for secret in (TOKEN, SECRET, VERIFY):
        assert secret not in "".join(said)


OURS = "https://chika.example/whatsapp"
OTHER = "https://lain.example/hook?kunci=rahasia"


@pytest.mark.parametrize(
    ("entered", "found"),
    [
        ({"application": OURS}, None),
        ({"whatsapp_business_account": "", "application": OURS}, None),
        ({"phone_number": OURS, "application": OTHER}, None),
        ({"application": OTHER}, "another address, at lain.example"),
        ({"phone_number": OTHER, "application": OURS}, "another address, at lain.example"),
        ({"application": f"{OURS}/"}, "another address, at chika.example"),
        ({}, "no address"),
    ],
)
def test_whom_meta_calls_is_told_where_it_is_not_this_program(
    entered: dict[str, str], found: str | None
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params.get("fields") == "webhook_configuration":
            return httpx.Response(200, json={"webhook_configuration": entered, "id": "1098765432"})
        return meta(request)

    begin, mended = f"web.base_url: Meta calls {found}; enter {OURS} in", "what overrides it"
    said = told(answer)
    assert [line.startswith(begin) and mended in line for line in said] == [True] * bool(found)
    assert "rahasia" not in "".join(said)


def templates(*changed: dict[str, str] | None) -> Answer:
    """Meta, with other words about the first templates; None for one that it does not know."""

    def answer(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/message_templates"):
            return meta(request)
        known = [{**one, **(new or {})} for one, new in zip(APPROVED, changed, strict=False)]
        kept = [one for one, new in zip(known, changed, strict=True) if new is not None]
        return httpx.Response(200, json={"data": [*kept, *APPROVED[len(changed) :]]})

    return answer


@pytest.mark.parametrize(
    ("answer", "found", "mended"),
    [
        (templates(None), "jawaban_siap.yaml (id): not handed in", "at WhatsApp Manager"),
        (templates({"status": "REJECTED"}), "jawaban_siap.yaml (id): Meta refused it", "mend the"),
        (templates({"status": "PENDING"}), "still looks at it", "takes up to a day"),
        (templates({"status": "PAUSED"}), "paused it after complaints", "begins again by itself"),
        (templates({"status": "DISABLED"}), "stopped it for good", "under another name"),
        (templates({"category": "MARKETING"}), "calls it MARKETING, which costs more", "word it"),
    ],
)
def test_a_template_that_cannot_be_sent_is_told_with_its_file_and_how_to_mend_it(
    answer: Answer, found: str, mended: str
) -> None:
    [problem] = told(answer)
    assert problem.startswith("bot/texts/templates/")
    assert found in problem and mended in problem
