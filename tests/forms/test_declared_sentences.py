"""Every sentence that a field type asks for is listed where the texts are written from."""

import re
from pathlib import Path

import forms.types

FOLDER = Path(forms.types.__file__).parent
KEY = re.compile(r"\b(?:salah|pasti|soal)\.[a-z_]+")


def test_the_table_lists_exactly_the_sentences_that_are_used():
    sources = [*FOLDER.glob("*.py"), *FOLDER.parent.glob("*.py")]
    used = {
        key
        for source in sources
        if source.name != "__init__.py"
        for key in re.findall(r'"((?:salah|pasti|soal)\.[a-z_]+)"', source.read_text("utf-8"))
    }

    assert set(KEY.findall(forms.types.__doc__ or "")) == used
