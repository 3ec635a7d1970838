"""What the page itself says around the conversation, in the language of the chat."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from forms.language import Words, words

LABELS: Final[Mapping[str, Words]] = {
    "judul": {"id": "Obrolan JKN", "en": "JKN chat"},
    "lewati": {"id": "Langsung ke kotak tulis", "en": "Go to the text box"},
    "asisten": {"id": "Asisten otomatis JKN", "en": "Automatic JKN assistant"},
    "contoh": {"id": "Contoh", "en": "Demo"},
    "besar": {"id": "Perbesar tulisan", "en": "Larger letters"},
    "baru": {"id": "Lihat balasan baru", "en": "See new answers"},
    "tulis": {"id": "Tulis pesan", "en": "Write a message"},
    "berkas": {"id": "Kirim foto atau PDF", "en": "Send a photo or PDF"},
    "kirim": {"id": "Kirim", "en": "Send"},
    "percakapan": {"id": "Percakapan", "en": "Conversation"},
    "anda": {"id": "Anda", "en": "You"},
    "sebentar": {"id": "Sebentar…", "en": "One moment…"},
    "pilihan": {"id": "Pilihan", "en": "Choices"},
    "isian": {"id": "Isian ini", "en": "This form"},
    "kembali": {"id": "Kembali", "en": "Back"},
    "batal": {"id": "Batal", "en": "Cancel"},
    "dikirim": {"id": "Berkas dikirim", "en": "File sent"},
    "tombol": {"id": "Tombol", "en": "Button"},
    # why nothing was stored, and what to do; seconds to wait, files in one post
    "cookie": {
        "id": "Obrolan ini perlu cookie. Izinkan cookie, lalu muat ulang halaman ini.",
        "en": "This chat needs cookies. Allow them, then load this page again.",
    },
    "asing": {
        "id": "Kiriman ini datang dari situs lain. Buka halaman obrolan, lalu kirim dari sana.",
        "en": "That came from another site. Open the page of the chat and send it from there.",
    },
    "sibuk": {
        "id": "Pesan belum tersimpan. Tunggu sebentar, lalu kirim lagi.",
        "en": "The message is not stored yet. Wait a moment, then send it again.",
    },
    "belum_siap": {
        "id": "Obrolan belum siap. Tunggu sebentar, lalu muat ulang halaman ini.",
        "en": "The chat is not ready yet. Wait a moment, then load this page again.",
    },
    "terlalu_cepat": {
        "id": "Terlalu cepat. Tunggu {seconds} detik, lalu kirim lagi.",
        "en": "Too fast. Wait {seconds} seconds, then send it again.",
    },
    "terlalu_besar": {
        "id": "Kiriman terlalu besar. Kirim berkas satu per satu.",
        "en": "That is too large. Send the files one by one.",
    },
    "terlalu_banyak": {
        "id": "Paling banyak {files} berkas sekali kirim.",
        "en": "At most {files} files at a time.",
    },
    "tak_terbaca": {
        "id": "Kiriman tidak terbaca. Muat ulang halaman ini, lalu kirim lagi.",
        "en": "That cannot be read. Load this page again, then send it again.",
    },
    "putus": {
        "id": "Tidak ada sambungan. Pesan belum terkirim, kirim lagi nanti.",
        "en": "No connection. The message is not sent yet, send it again later.",
    },
}


def labels(language: str) -> Callable[[str], str]:
    """The label of each name in *language*."""
    return partial(_label, language)


def _label(language: str, name: str) -> str:
    return words(LABELS[name], language)
