"""The page of a visitor: reading, writing and pressing with plain forms, and with the script."""

import asyncio
import re
from string import Formatter
from typing import Any

from bot.channels.web.labels import LABELS
from flows.events import DECODER, Desk, Opened, Press, Text
from forms.language import LANGUAGES
from tests.bot.channels.web.site import ORIGIN, Site, Visitor

HOSTILE = '<img src=x onerror=alert(1)> "kutip" & {{7*7}} </div><script>x</script>'


async def heard(site: Site, chat: str) -> list[Any]:
    """What arrived from a visitor, oldest first."""
    rows = await site.rows("web_chat_heard", chat=chat, limit=99)
    return [DECODER.decode(row["body"]) for row in reversed(rows)]


async def test_the_first_page_greets_and_offers_the_menu(site: Site) -> None:
    visitor = site.visitor()
    page = await visitor.open()
    assert page.status_code == 200
    assert visitor.last.startswith("Selamat pagi, Bapak/Ibu. Saya CHIKA")
    assert "1. Urus administrasi" in visitor.buttons


async def test_the_answer_to_a_post_is_shown_from_what_was_sent_last(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    await visitor.say("1")
    answer = await visitor.say("G")
    assert answer.url == f"{ORIGIN}/chat#baru"
    [marked] = re.findall(r'id="baru"><span class="sr">Anda: </span>(.*?)</div>', visitor.page)
    assert marked == "G"


async def test_a_reload_greets_nobody_again(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    await visitor.open()
    assert len(visitor.bubbles) == 1


async def test_what_is_typed_is_answered_on_the_next_page(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    answer = await visitor.say("1")
    assert [came.status_code for came in answer.history] == [303]
    assert visitor.bubbles[1] == "Anda: 1"
    assert "G. Pindah faskes" in visitor.buttons


async def test_a_button_says_a_long_name_once(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    who = ("1", "G", "setuju", "1", "ya", "Siti Aminah", "7171016703569901", "27-03-1956")
    for words in (*who, "081200000142", "Puskesmas Sario", "mandao"):
        await visitor.say(words)
    assert "Kab. Bengkulu Selatan</button>" in visitor.page


async def test_a_press_is_shown_by_its_label(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    await visitor.press("1. Urus administrasi")
    assert visitor.bubbles[1] == "Anda: Urus administrasi"
    await visitor.press("G. Pindah faskes")
    assert "Setuju?" in visitor.last


async def test_the_page_around_speaks_the_language_of_the_chat(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    assert '<html lang="id">' in visitor.page
    await visitor.say("english")
    assert '<html lang="en">' in visitor.page
    assert 'placeholder="Write a message"' in visitor.page
    assert visitor.bubbles[1] == "You: english"


async def test_the_script_gets_a_fresh_nonce_and_the_fragment(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    answer = await visitor.say("1", Accept="application/json")
    assert list(answer.json()) == ["nonce"]
    fragment = ""
    async with asyncio.timeout(10):  # the page asks again as soon as it hears of the answer
        while "G. Pindah faskes" not in fragment:
            fragment = (await visitor.client.get("/chat/isi")).text
    assert fragment.startswith('<div id="log"')


async def test_the_same_form_posted_twice_counts_once(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    await visitor.say("1", nonce="abcdefgh1234")
    await visitor.say("1", nonce="abcdefgh1234")
    assert await heard(site, visitor.chat) == [Opened(), Text("1")]


async def test_the_same_words_sent_again_count_again(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    await visitor.say("sama")
    await visitor.say("sama")
    assert await heard(site, visitor.chat) == [Opened(), Text("sama"), Text("sama")]


async def test_a_button_tapped_twice_counts_once(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    button = visitor.buttons["1. Urus administrasi"]
    await visitor.post({"press": button})
    await visitor.post({"press": button})
    pressed = await heard(site, visitor.chat)
    assert pressed == [Opened(), Press("urus", int(button.split("|")[0]))]


async def test_buttons_stay_while_their_question_is_open(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    for _ in range(2):
        after = re.findall(r'name="setelah" value="([^"]+)"', visitor.page)[0]
        button = visitor.buttons["8. Bicara dengan petugas"]
        for _ in range(2):  # a double tap
            await visitor.post({"press": button, "setelah": after})
    pressed = await heard(site, visitor.chat)
    assert pressed == [Opened()] + [Press("petugas", int(button.split("|")[0]))] * 2


async def test_an_old_button_is_answered_kindly_and_does_nothing(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    old = visitor.buttons["3. Cek status peserta"]
    await visitor.press("1. Urus administrasi")
    await visitor.post({"press": old})
    assert "Tombol ini sudah lewat." in visitor.last
    assert "G. Pindah faskes" in visitor.buttons


async def test_a_made_up_button_does_nothing(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    for made_up in ("x", "9999999999999|urus", "1|<b>", "|", "1|" + "x" * 5000):
        answer = await visitor.post({"press": made_up})
        assert answer.status_code == 200
    assert "Tombol ini sudah lewat." in visitor.last


async def test_an_answer_without_choices_takes_the_old_ones_away(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    for words in ("G", "setuju", "saya", "ya"):
        await visitor.say(words)
    assert "Nama lengkap peserta?" in visitor.last
    assert visitor.buttons == {}


async def test_what_an_officer_says_leaves_the_question_open(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    said = Desk("replied", "MND-G-0001", "G", "KC-MANADO", officer="Rina K.", text="Halo, Bu.")
    await site.from_the_desk(visitor.chat, said)
    while "Halo, Bu." not in visitor.page:
        await visitor.open()
    assert "1. Urus administrasi" in visitor.buttons


async def test_hostile_text_is_shown_and_never_runs(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    await visitor.say(HOSTILE)
    assert visitor.bubbles[1] == f"Anda: {HOSTILE}"
    assert "<img" not in visitor.page
    assert len(re.findall("<script", visitor.page)) == 1


async def test_marks_and_controls_in_what_is_typed_are_not_shown(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    await visitor.say("a\x02b\x03c\u202ed\x1b[1m")
    assert visitor.bubbles[1] == "Anda: abcd[1m"
    assert "<b>b" not in visitor.page


async def test_what_we_say_in_bold_is_bold(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    await visitor.say("G")
    assert "<b>Pindah faskes</b>" in visitor.page


async def test_fifty_thousand_characters_arrive_cut(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    answer = await visitor.say("é" * 50_000)
    assert answer.status_code == 200
    assert (await heard(site, visitor.chat))[1] == Text("é" * 4096)


async def test_an_empty_message_is_answered(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    await visitor.say("   ")
    assert len(visitor.bubbles) == 2


async def test_a_link_chooses_a_service_for_new_and_known_visitors(site: Site) -> None:
    visitor = site.visitor()
    page = await visitor.open("/chat?mulai=kc_manado_G")
    assert page.url == f"{ORIGIN}/chat"
    assert "Pindah faskes" in visitor.last
    await visitor.say("MENU")
    await visitor.open("/chat?mulai=E")
    assert "Ubah data diri" in visitor.last or "Setuju?" in visitor.last
    before = len(visitor.bubbles)
    await visitor.open()
    assert len(visitor.bubbles) == before


async def test_every_answer_forbids_foreign_content(site: Site) -> None:
    visitor = site.visitor()
    page = await visitor.open()
    fragment = await visitor.client.get("/chat/isi")
    for answer in (page, fragment):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


async def test_a_busy_store_loses_nothing_that_was_typed(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    site.refusals = 1
    answer = await visitor.say("7171 <kota>", nonce="abcdefgh1234")
    assert answer.status_code == 503
    assert visitor.notice == "Pesan belum tersimpan. Tunggu sebentar, lalu kirim lagi."
    assert visitor.typed == "7171 <kota>"
    assert visitor.nonce == "abcdefgh1234"
    await visitor.say(visitor.typed)
    assert await heard(site, visitor.chat) == [Opened(), Text("7171 <kota>")]


async def test_a_busy_store_tells_the_script_so(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    site.refusals = 1
    answer = await visitor.say("halo", Accept="application/json")
    assert answer.status_code == 503
    assert answer.text == "Pesan belum tersimpan. Tunggu sebentar, lalu kirim lagi."


async def test_what_was_not_stored_is_told_in_the_language_of_the_chat(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    await visitor.say("english")
    site.refusals = 2
    await visitor.say("hello")
    assert visitor.notice == "The message is not stored yet. Wait a moment, then send it again."
    answer = await visitor.say("hello", Accept="application/json")
    assert answer.text == "The message is not stored yet. Wait a moment, then send it again."


def test_every_label_is_written_in_every_language() -> None:
    for name, label in LABELS.items():
        assert isinstance(label, dict), name
        assert label.keys() == set(LANGUAGES), name
        assert len({*map(named, label.values())}) == 1, name


def named(label: str) -> frozenset[str | None]:
    """The values that a label names."""
    return frozenset(name for _, name, _, _ in Formatter().parse(label))


async def test_a_busy_store_at_the_first_visit_says_so(site: Site) -> None:
    visitor = site.visitor()
    site.refusals = 1
    answer = await visitor.open()
    assert answer.status_code == 503
    assert visitor.notice.startswith("Obrolan belum siap.")
    assert (await visitor.open()).status_code == 200


async def test_an_open_page_hears_which_language_the_chat_has_now(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    before = await visitor.client.get("/chat/isi")

    await visitor.say("english")
    after = await visitor.client.get("/chat/isi")

    assert before.headers["Content-Language"] == "id"
    assert after.headers["Content-Language"] == "en"


def steering(visitor: Visitor) -> list[dict[str, str]]:
    """The fields that the ways out below a question post, in their order."""
    found = re.findall(
        r'<form method="post" action="/chat"><input type="hidden" name="nonce" value="([^"]+)">'
        r'<button name="text" value="([^"]+)">',
        visitor.page.partition('class="kendali"')[2],
    )
    return [{"nonce": nonce, "text": text} for nonce, text in found]


async def test_while_a_form_is_open_one_can_go_back_and_cancel_without_typing(site: Site) -> None:
    visitor = site.visitor()
    await visitor.open()
    assert steering(visitor) == []
    await visitor.say("G")
    await visitor.say("setuju")
    await visitor.say("1")
    asked = visitor.last
    back, cancel = steering(visitor)
    assert (back["text"], cancel["text"]) == ("0", "BATAL")

    for _ in range(2):  # pressed twice it counts once
        await visitor.post(back)
    assert visitor.bubbles.count("Anda: Kembali") == 1
    assert visitor.last != asked
    await visitor.post(steering(visitor)[1])
    assert "1. Simpan dulu" in visitor.buttons
    await visitor.press("2. Hapus isian")
    assert steering(visitor) == []
