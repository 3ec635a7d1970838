"""What the page itself says around the conversation, in the language of the chat."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from forms.language import Words, words

LABELS: Final[Mapping[str, Words]] = {
    "judul": {"id": "Obrolan JKN", "en": "JKN chat"},
    "lewati": {"id": "Langsung ke kotak tulis", "en": "Go to the text box"},
    "asisten": {"id": "Asisten otomatis JKN", "en": "Automatic assistant of JKN"},
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
    "dikirim": {"id": "Berkas dikirim", "en": "File sent"},
    "tombol": {"id": "Tombol", "en": "Button"},
}


def labels(language: str) -> Callable[[str], str]:
    """The label of each name in *language*."""
    return partial(_label, language)


def _label(language: str, name: str) -> str:
    return words(LABELS[name], language)
