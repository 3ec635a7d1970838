"""What somebody with bad intentions may try at the page, against the site as it is served."""

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from itsdangerous import URLSafeSerializer

from tests.bot.channels.web.site import SECRET, Visitor
from tests.desk import RINA
from tests.house import House, open_house, photo


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


async def opened(house: House) -> Visitor:
    visitor = await house.visitor()
    await visitor.open()
    return visitor


PLANTED = ["", "x", "a.b", "web:1", '"1"', "é", "x" * 5000]


async def test_a_cookie_that_we_did_not_sign_is_replaced(house: House) -> None:
    for cookie in PLANTED:
        async with house.browser() as browser:
            answer = await browser.get("/chat", headers={b"Cookie": f"chika={cookie}".encode()})

        [given] = answer.headers.get_list("set-cookie")
        assert f"chika={cookie};" not in given


async def test_a_signed_cookie_of_another_purpose_is_no_visitor(house: House) -> None:
    planted = URLSafeSerializer(SECRET, salt="another purpose").dumps("planted")
    async with house.browser() as browser:
        answer = await browser.get("/chat/isi", headers={"Cookie": f"chika={planted}"})

    assert answer.status_code == 403


async def test_a_session_of_the_console_is_no_visitor_and_a_visitor_no_session(
    house: House,
) -> None:
    rina, visitor = await house.officer(RINA), await opened(house)
    officer, chat = rina.cookies["chika_petugas"], visitor.client.cookies["chika"]
    async with house.browser() as browser:
        page = await browser.get("/chat/isi", headers={"Cookie": f"chika={officer}"})
        queue = await browser.get("/admin/antrean", headers={"Cookie": f"chika_petugas={chat}"})

    assert page.status_code == 403
    assert queue.headers["location"] == "/admin/masuk"


async def test_neither_page_is_sent_the_cookie_of_the_other(house: House) -> None:
    rina, visitor = await house.officer(RINA), await opened(house)
    for browser, path in ((rina, "/admin"), (visitor.client, "/chat")):
        [cookie] = browser.cookies.jar
        assert cookie.path == path
        assert cookie.has_nonstandard_attr("HttpOnly")


ADDRESSES = [
    "/",
    "/chat",
    "/chat/isi",
    "/chat/static/chat.css",
    "/chat/static/none",
    "/admin/masuk",
    "/admin/antrean",
    "/admin/static/konsol.css",
    "/livez",
    "/readyz",
    "/nowhere",
]


async def test_no_answer_may_be_framed_sniffed_or_run_foreign_scripts(house: House) -> None:
    async with house.browser() as browser:
        for path in ADDRESSES:
            headers = (await browser.get(path)).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy, path
            assert "frame-ancestors 'none'" in policy, path
            assert "unsafe" not in policy, path
            assert re.search(r"script-src (?!'self'(;|$))", policy) is None, path
            assert headers["x-content-type-options"] == "nosniff", path
            assert headers["x-frame-options"] == "DENY", path
            assert headers["referrer-policy"] == "same-origin", path


async def test_no_page_has_a_script_or_a_style_of_its_own(house: House) -> None:
    rina, visitor = await house.officer(RINA), await opened(house)
    pages = [
        visitor.page,
        (await visitor.say("1")).text,
        (await rina.get("/admin/antrean")).text,
        (await rina.get("/admin/masuk?kunci=x")).text,
    ]

    for page in pages:
        found = _Inline()
        found.feed(page)
        assert found.seen
        assert found.inline == []


OUTSIDE = [
    "/chat/static/../routes.py",
    "/chat/static/%2e%2e/routes.py",
    "/chat/static/..%2froutes.py",
    "/chat/static/..%5croutes.py",
    "/chat/static//etc/passwd",
    "/chat/static/%00",
    "/static/chat.css",
    "/var/secret",
    "/incoming",
    "/documents",
]


async def test_no_path_leads_out_of_the_style_sheets(house: House) -> None:
    async with house.browser() as browser:
        answers = {path: await browser.send(_as_written(browser, path)) for path in OUTSIDE}

    told = {path: answer.status_code for path, answer in answers.items()}
    assert told == dict.fromkeys(OUTSIDE, 404)
    assert not any(b"import" in answer.content for answer in answers.values())


@pytest.mark.parametrize(
    "address", ["/chat?mulai=x%0d%0aSet-Cookie:%20a=b", "/admin/masuk?kunci=%0d%0aX-Evil:%201"]
)
async def test_a_line_break_in_an_address_adds_no_header(house: House, address: str) -> None:
    async with house.browser(follow_redirects=True) as browser:
        answer = await browser.get(address)

    for one in (*answer.history, answer):
        assert "x-evil" not in one.headers
        assert not any(cookie.startswith("a=") for cookie in one.headers.get_list("set-cookie"))


async def test_ten_thousand_bytes_of_headers_are_survived(house: House) -> None:
    visitor = await opened(house)
    answer = await visitor.client.get("/chat", headers={"X-Long": "x" * 10_000})
    assert answer.status_code in {200, 431}
    endless = await visitor.client.get("/chat", headers={"X-Long": "x" * 100_000})
    assert endless.status_code in {200, 400, 431}
    assert (await visitor.open()).status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"nonce=abcdefgh1234&text=" + b"x" * 700_000, b"&".join(b"a%d=b" % n for n in range(50))],
    ids=["a long field", "many fields"],
)
async def test_a_form_that_our_page_never_sends_is_refused(house: House, body: bytes) -> None:
    visitor = await opened(house)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await visitor.client.post("/chat", content=body, headers=kind)

    assert answer.status_code == 400
    assert len(visitor.bubbles) == 1


NAMES = [
    "../../../../etc/passwd",
    "..\\..\\boot.ini",
    "a\x00.jpg",
    '"><script>alert(1)</script>.jpg',
    "\u202egpj.exe",
    "x" * 500 + ".jpg",
    "x\r\nX-Evil: 1.jpg",
]


async def test_the_name_of_a_file_never_names_a_file_of_ours(house: House) -> None:
    visitor = await opened(house)
    before = {path.name for path in house.folder.rglob("*") if path.is_file()}
    for number, name in enumerate(NAMES):
        assert (await visitor.send((name, photo(seed=number)))).status_code == 200
    made = {path.name for path in house.folder.rglob("*") if path.is_file()} - before

    assert len(made) >= len(NAMES)
    assert all(re.fullmatch(r"[0-9a-f]{32}|[0-9a-f]{64}|tmp\w+", one) for one in made)


async def test_many_openings_by_link_cost_no_more_than_posts(house: House) -> None:
    visitor = await opened(house)
    answers = [await visitor.client.get("/chat?mulai=G") for _ in range(40)]
    async with house.app.store.read() as tx:
        heard = await tx.all("web_chat_heard", chat=visitor.chat, limit=99)

    assert {answer.status_code for answer in answers} == {200}
    assert len(heard) <= 32


def _as_written(browser: httpx.AsyncClient, path: str) -> httpx.Request:
    """A request whose path is not tidied up on the way."""
    request = browser.build_request("GET", "/")
    request.url = request.url.copy_with(raw_path=path.encode())
    return request


class _Inline(HTMLParser):
    """Finds scripts, styles and handlers that are written into a page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0
        self.inline: list[str] = []
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen += 1
        given = dict(attrs)
        self._within = tag if tag in {"script", "style"} else ""
        bad = [name for name in given if name == "style" or name.startswith("on")]
        bad += [value for value in given.values() if value and value.startswith("javascript:")]
        self.inline += [f"{tag} {one}" for one in bad]

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within and data.strip():
            self.inline.append(f"{self._within}: {data.strip()[:40]}")
