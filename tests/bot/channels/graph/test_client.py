"""Asking the Graph API: what its answers mean, and where files may be fetched from."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from bot.channels import posting
from bot.channels.graph.client import Account, GraphApi
from bot.runtime.ports import Failing, FetchFailed, Throttled, Uncertain, Unreachable
from tests.bot.channels.stalled import Stalled

Answer = Callable[[httpx.Request], httpx.Response]
PHOTO = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"


class Meta:
    """Answers as told and remembers who was asked."""

    def __init__(self) -> None:
        self.answer: Answer = lambda request: httpx.Response(200, json={"id": "1"})
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.answer(request)


@pytest.fixture
def meta() -> Meta:
    return Meta()


@pytest.fixture
async def api(meta: Meta) -> AsyncIterator[GraphApi]:
    found = GraphApi(Account("TOKEN"), "whatsapp", transport=httpx.MockTransport(meta))
    yield found
    await found.aclose()


def refusal(code: int, subcode: int = 0, status: int = 400, **more: Any) -> Answer:
    error = {"message": "rahasia", "code": code, "error_subcode": subcode, **more}
    return lambda request: httpx.Response(status, json={"error": error})


async def test_a_post_carries_the_token_where_no_log_shows_it(api: GraphApi, meta: Meta) -> None:
    assert await api.post("17/messages", {"to": "62"}) == {"id": "1"}
    assert str(meta.asked[0].url) == "https://graph.facebook.com/v24.0/17/messages"
    assert meta.asked[0].headers["Authorization"] == "Bearer TOKEN"
    assert "TOKEN" not in repr(Account("TOKEN"))


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        (refusal(131056), Throttled),
        (refusal(130429, status=429), Throttled),
        (refusal(80007), Throttled),
        (refusal(131000, status=500), Failing),
        (refusal(2), Failing),
        (refusal(99, status=503), Failing),
        (refusal(99, is_transient=True), Failing),
        (refusal(99, status=504), Uncertain),
        (refusal(99, is_transient=False), "refused"),
        (refusal(131026, status=500), "undeliverable"),
        (refusal(190, status=401), Throttled),
        (refusal(100, 33), Throttled),
        (lambda request: httpx.Response(429), Throttled),
        (lambda request: httpx.Response(404, text="nothing here"), Throttled),
        (refusal(131026), "undeliverable"),
        (refusal(131047), "window_closed"),
        (refusal(10, 2018278), "window_closed"),
        (refusal(100, 2018001), "unknown_person"),
        (refusal(131009), "refused"),
        (lambda request: httpx.Response(500), Uncertain),
        (lambda request: httpx.Response(502, text="<html>"), Failing),
        (lambda request: httpx.Response(503, text="<html>"), Failing),
        (lambda request: httpx.Response(504, text="<html>"), Uncertain),
        (lambda request: httpx.Response(503, stream=Stalled()), Failing),
    ],
)
async def test_each_refusal_has_one_meaning(
    api: GraphApi, meta: Meta, answer: Answer, meant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "SECONDS_TO_READ", 0.05)
    meta.answer = answer
    with pytest.raises((Throttled, Failing, Uncertain, Unreachable)) as refused:
        await api.post("17/messages", {})
    if isinstance(meant, str):
        assert isinstance(refused.value, Unreachable)
        assert refused.value.reason == meant
    else:
        assert isinstance(refused.value, meant)
    assert "rahasia" not in str(refused.value)


@pytest.mark.parametrize(
    ("problem", "meant"),
    [(httpx.ConnectError("x"), Throttled), (httpx.ReadTimeout("x"), Uncertain)],
)
async def test_only_what_was_written_is_uncertain(
    api: GraphApi, meta: Meta, problem: Exception, meant: type[Exception]
) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise problem

    meta.answer = broken
    with pytest.raises(meant):
        await api.post("17/messages", {})


async def test_an_unreadable_yes_is_a_yes(api: GraphApi, meta: Meta) -> None:
    meta.answer = lambda request: httpx.Response(200, text="<html>")
    assert await api.post("17/messages", {}) == {}


async def test_a_yes_whose_rest_never_comes_is_not_posted_again(
    api: GraphApi, meta: Meta, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SECONDS_TO_SEND", "SECONDS_TO_READ"):
        monkeypatch.setattr(posting, name, 0.05)
    meta.answer = lambda request: httpx.Response(200, stream=Stalled())
    assert await api.post("17/messages", {}) == {}
    assert len(meta.asked) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://lookaside.fbsbx.com/a",
        "https://lookaside.fbsbx.com.example/a",
        "https://lookaside.fbsbx.com:8443/a",
        "https://fbcdn.net.example/a",
        "https://user@127.0.0.1/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://[::1",
        "file:///etc/passwd",
        "http://graph.facebook.com/a",
        "",
    ],
)
async def test_no_other_host_is_ever_asked_for_a_file(api: GraphApi, meta: Meta, url: str) -> None:
    with pytest.raises(FetchFailed) as refused:
        await api.download(url, 10)
    assert refused.value.final
    assert meta.asked == []


async def test_a_redirect_leads_nowhere(api: GraphApi, meta: Meta) -> None:
    meta.answer = lambda request: httpx.Response(302, headers={"Location": "https://127.0.0.1/"})
    with pytest.raises(FetchFailed):
        await api.download(PHOTO, 10)
    assert [request.url.host for request in meta.asked] == ["lookaside.fbsbx.com"]


async def test_a_file_is_read_up_to_its_limit(api: GraphApi, meta: Meta) -> None:
    meta.answer = lambda request: httpx.Response(200, content=b"x" * 10)
    assert await api.download(PHOTO, 10) == b"x" * 10
    with pytest.raises(FetchFailed) as refused:
        await api.download(PHOTO, 9)
    assert refused.value.why == "too_big"


@pytest.mark.parametrize(("status", "final"), [(404, True), (500, False), (401, False)])
async def test_a_file_that_may_come_back_is_asked_for_again(
    api: GraphApi, meta: Meta, status: int, final: bool
) -> None:
    meta.answer = lambda request: httpx.Response(status)
    with pytest.raises(FetchFailed) as refused:
        await api.download(PHOTO, 10)
    assert refused.value.final is final
