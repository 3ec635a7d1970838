"""A small world for conversations: two services, a few places, a chat that can be driven."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import structs

from flows.assets import Assets, Settings
from flows.events import DECODER as EVENTS
from flows.events import ENCODER as EVENT_JSON
from flows.events import Contact, Desk, Event, Press, Sent, Text
from flows.facts import Fact, Say
from flows.journey import Journeys
from flows.load import load
from flows.menus import Menus
from flows.menus_file import read_menus
from flows.session import DECODER, ENCODER, Put, Session
from flows.source import Source
from flows.spec import Flow
from flows.turn import Turn, turn
from forms.choices import Option
from forms.fields import ContactCard, Document

MOVE = """
code: G
title: Pindah faskes
menu: {order: 2, row: Pindah faskes}
source: {key: S3, date: 2024-07-24}
rules:
  tunggu: {value: 3, source: FAQ, date: 2025}
documents:
  kk: {name: Kartu Keluarga, source: FAQ, date: 2025}
consent: {data: NIK dan foto KK}
prepare: {minutes: 5, items: [KTP]}
derive:
  bulan: {months_since: sejak}
  cocok: {nik_matches: [nik, lahir]}
flags:
  tidak_cocok: {when: {cek: benar}, say: NIK dan tanggal lahir berbeda}
steps:
  alasan:
    type: choice
    label: Alasan
    skippable: no
    ask: "Apa alasan pindah?"
    help: Pilih satu.
    options:
      dinas: {label: Tugas dinas}
      biasa: {label: Lain-lain}
  sejak:
    type: date
    label: Sejak
    when: {alasan: biasa}
    ask: "Sejak kapan?"
  mobile:
    result: referral
    when: {alasan: biasa, bulan: {at_least: tunggu}}
    say: Lewat aplikasi, setelah {{ tunggu }} bulan.
    source: {key: FAQ, date: 2025}
  nama: {type: name, label: Nama, ask: "Nama lengkap?", again: Tulis nama saja.}
  nik: {type: nik, label: NIK, ask: "NIK {{ nama }}?"}
  lahir: {type: date, label: Tanggal lahir, ask: "Tanggal lahir?"}
  cek:
    type: choice
    when: {cocok: tidak}
    ask: "Mana yang keliru?"
    options:
      nik: {label: NIK, redo: [nik]}
      benar: {label: Keduanya benar}
  surel: {type: email, label: Email, optional: yes, ask: "Alamat email?"}
  kota: {type: regency, label: Kota, ask: "Tinggal di mana?"}
  kantor: {type: branch, from: kota, label: Kantor, ask: "Kantor mana?"}
  foto: {type: photo, document: kk, label: Foto KK, ask: Kirim foto KK.}
report: g.txt.j2
"""

CHANGES = """
code: E
title: Ubah data
menu: {order: 1, row: Ubah data identitas}
source: {key: S3, date: 2024-07-24}
steps:
  nama: {type: name, label: Nama, ask: "Nama lengkap?"}
  ubah:
    type: group
    label: Perubahan
    max: 3
    more: "Ada lagi?"
    steps:
      apa:
        type: choice
        label: Yang diubah
        ask: "Apa yang diubah?"
        options: {nama: {label: Nama baru}, hp: {label: Nomor HP}}
      nama_baru: {type: name, label: Nama, when: {apa: nama}, ask: "Nama baru?"}
      hp_baru: {type: phone, label: HP, when: {apa: hp}, ask: "Nomor baru?"}
  kota: {type: regency, label: Kota, ask: "Tinggal di mana?"}
  kantor: {type: branch, from: kota, label: Kantor, ask: "Kantor mana?"}
report: e.txt.j2
"""

JOINS = """
code: A
title: Daftar baru
menu: {order: 0, row: Daftar baru}
source: {key: S3, date: 2024-07-24}
consent: {data: nama}
steps:
  nama: {type: name, label: Nama, ask: "Siapa namanya?"}
  kota: {type: regency, label: Kota, ask: "Tinggal di mana?"}
  kantor: {type: branch, from: kota, label: Kantor, ask: "Kantor mana?"}
report: a.txt.j2
"""

MENUS = """
kecil:
  source: {key: S4, date: 2020-11-01}
  items:
    urus: {label: Urus administrasi, services: [others]}
    status: {label: Cek status peserta, info: cek_status}
    tagihan: {label: Cek tagihan, info: cek_tagihan}
    tiket: {label: Cek nomor tiket, does: tiket}
    lokasi: {label: Cari kantor, info: lokasi}
    keluhan: {label: Sampaikan keluhan, info: pengaduan}
    petugas: {label: Bicara petugas, does: petugas}
"""


FEW = 8
"""Compiled services that are kept: 5 MB each."""


def flow(text: str) -> Flow:
    """The flow that *text* declares; fails when it is not right."""
    made, problems = load("test_flow.yaml", text)
    assert made is not None, "\n".join(str(problem) for problem in problems)
    return made


@lru_cache(FEW)
def journeys(*texts: str) -> Journeys:
    """Compiled services of flow texts; nothing in them changes, so the tests share them."""
    flows = [flow(text) for text in texts or (MOVE, CHANGES, JOINS)]
    return Journeys({one.code: one for one in flows})


@lru_cache(FEW)
def read_in(services: Journeys, text: str = MENUS) -> Menus:
    """The menus of *text* over some services."""
    return read_menus(Source.read("menus.yaml", text), services)


@dataclass(frozen=True)
class Office:
    id: str
    name: str
    zone: ZoneInfo


@dataclass(frozen=True)
class Town:
    code: str
    name: str
    score: float = 100


MANADO = Office("KC-MANADO", "Manado", ZoneInfo("Asia/Makassar"))


class SmallFacts:
    """One province with one town and one branch."""

    def find_regencies(self, text: str) -> Sequence[Town]:
        return [Town("7171", "Kota Manado")] if "manado" in text.lower() else []

    def regency_name(self, code: str) -> str:
        return "Kota Manado" if code == "7171" else ""

    def provinces(self) -> Sequence[Town]:
        return [Town("71", "Sulawesi Utara")]

    def branches_in(self, province: str) -> Sequence[Office]:
        return [MANADO]

    def branches_for(self, regency: str) -> Sequence[Office]:
        return [MANADO] if regency == "7171" else []

    def branch(self, branch_id: str) -> Office | None:
        return MANADO if branch_id == MANADO.id else None

    def hours_text(self, branch_id: str, day: date) -> str:
        return "Senin-Jumat, 08.00-17.00 WITA"

    def find_facilities(self, text: str, regency: str) -> Sequence[Town]:
        return []

    def facility_name(self, code: str) -> str:
        return ""


SETTINGS = Settings("kecil", ZoneInfo("Asia/Jakarta"), 7, 120, "08:00", "20:00", 30, 10, 24, 14, 2)
START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

NIK = "7171012703569901"
BORN = "27-03-1956"


class Chat:
    """One chat: every turn goes through JSON, and only one reply is answered at a time."""

    def __init__(
        self, services: Journeys | None = None, menus: str = MENUS, greets: str = "kecil"
    ) -> None:
        self.services = services or journeys()
        self.menus = menus
        self.settings = structs.replace(SETTINGS, menu=greets)
        self.session = Session()
        self.now = START
        self.facts: list[Fact] = []
        self.turns: list[Turn] = []

    def happen(self, event: Event, received: datetime | None = None) -> list[Fact]:
        """Let an event happen; its facts are returned and kept."""
        session = DECODER.decode(ENCODER.encode(self.session))
        event = EVENTS.decode(EVENT_JSON.encode(event))
        made = turn(session, event, self.assets(received))
        self.session = DECODER.decode(ENCODER.encode(made.session))
        self.facts = made.facts
        self.turns.append(made)
        return made.facts

    def assets(self, received: datetime | None = None) -> Assets:
        menus = read_in(self.services, self.menus)
        return Assets(
            self.now, received or self.now, SmallFacts(), self.services, menus, self.settings
        )

    def say(self, *texts: str) -> list[str]:
        """The participant types; the keys that were said in the last turn are returned."""
        for text in texts:
            self.happen(Text(text))
        return self.keys

    def press(self, value: str) -> list[str]:
        """A button of the question on the table is pressed."""
        self.happen(Press(value, self.put.serial))
        return self.keys

    def send(self, sha256: str = "a" * 64, album: str = "") -> list[str]:
        """A picture is sent."""
        self.happen(Sent(Document(sha256, "image/jpeg", 1000, album=album)))
        return self.keys

    def contact(self, phone: str) -> list[str]:
        self.happen(Contact(ContactCard(phone, own=True)))
        return self.keys

    def desk(self, action: str, **more: Any) -> list[str]:
        """An officer does something."""
        given = {"ticket": "MND-G-0001", "service": "G", "branch": "KC-MANADO", "officer": "Rina"}
        self.happen(Desk(action, **{**given, **more}))
        return self.keys

    def begin(self, code: str = "G") -> "Chat":
        """From the first word to the first question."""
        self.say("halo", "1", code, "setuju")
        return self

    def fill(self) -> "Chat":
        """Service G up to the review."""
        self.begin().say("dinas", "Siti Aminah", NIK, BORN, "lewati", "manado", "1")
        self.send()
        assert self.session.phase == "review", self.keys
        return self

    def upgrade(self, *texts: str) -> None:
        """The flow files change while the chat goes on."""
        self.services = journeys(*texts)

    def pass_time(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    @property
    def says(self) -> list[Say]:
        return [fact for fact in self.facts if isinstance(fact, Say)]

    @property
    def keys(self) -> list[str]:
        return [say.key for say in self.says]

    @property
    def put(self) -> Put:
        assert self.session.put is not None
        return self.session.put

    @property
    def options(self) -> tuple[Option, ...]:
        return self.says[-1].options

    @property
    def answers(self) -> Mapping[str, Any]:
        assert self.session.journey is not None
        return self.session.journey.answers

    def made(self, kind: type) -> list[Any]:
        """The facts of the last turn of one kind."""
        return [fact for fact in self.facts if isinstance(fact, kind)]


def without(text: str, step: str) -> str:
    """A flow text without the one-line step."""
    lines = text.splitlines()
    kept = [line for line in lines if not line.startswith(f"  {step}: ")]
    assert len(kept) == len(lines) - 1
    return "\n".join(kept)
