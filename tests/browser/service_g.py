"""Service G in a browser: the same conversation clicked, and typed on a page without scripts."""

from pathlib import Path

from tests.browser.person import Person

NIK = "7171016703569901"


def click_through(person: Person, photo: Path) -> str:
    """File G by clicking wherever something can be clicked; the ticket's number."""
    person.click("Urus administrasi")
    person.click("G. Pindah faskes")
    person.click("Setuju")
    person.click("Saya sendiri")
    person.is_told("Peserta TNI, Polri, atau keluarganya?")
    person.click("Ya")
    answer(person, "Nama lengkap peserta?", "Siti Aminah")
    answer(person, "Nomor NIK peserta?", NIK)
    answer(person, "Tanggal lahir peserta?", "27 maret 1956")
    answer(person, "Nomor HP", "0812 0000 0142")
    answer(person, "Nama faskes yang sekarang?", "Puskesmas Sario")
    answer(person, "kabupaten atau kota", "manado")
    person.is_told("Kantor Cabang Manado")
    person.click("Ya, benar")
    answer(person, "dokter yang baru?", "Puskesmas Bahu")
    person.is_told("Kirim foto Kartu Keluarga")
    person.choose_files(photo)
    person.is_told("Kirim foto kartu JKN")
    person.choose_files(photo)
    person.is_told("Permintaan belum terkirim")
    person.click("Kirim sekarang")
    return ticket(person)


def type_through(person: Person, photo: Path) -> str:
    """File G by typing alone, photos by the form; the ticket's number."""
    for question, words in (
        ("Pilih dengan menekan tombol", "1"),
        ("Apa yang ingin diurus?", "G"),
        ("Setuju?", "setuju"),
        ("Siapa yang pindah faskes?", "1"),
        ("Peserta TNI", "ya"),
        ("Nama lengkap peserta?", "Siti Aminah"),
        ("Nomor NIK peserta?", NIK),
        ("Tanggal lahir peserta?", "27-03-1956"),
        ("Nomor HP", "081200000142"),
        ("Nama faskes yang sekarang?", "Puskesmas Sario"),
        ("kabupaten atau kota", "manado"),
        ("Kantor Cabang Manado", "1"),
        ("dokter yang baru?", "Puskesmas Bahu"),
    ):
        answer(person, question, words)
    for question in ("Kirim foto Kartu Keluarga", "Kirim foto kartu JKN"):
        person.is_told(question)
        person.choose_files(photo)
        person.click("Kirim")
        read_again(person)
    answer(person, "Permintaan belum terkirim", "KIRIM")
    return ticket(person)


def answer(person: Person, question: str, words: str) -> None:
    person.is_told(question)
    person.write(words)


def read_again(person: Person) -> None:
    """What a page without scripts asks for: follow the link until the answer is there."""

    def answered() -> bool:
        if "Sebentar…" not in person.text:
            return True
        person.click("Lihat balasan baru")
        return False

    person.until(answered, "the answer to the photo")


def ticket(person: Person) -> str:
    person.is_told("MND-G-")
    [number] = {word.strip(".") for word in person.bubbles[-1].split() if word.startswith("MND-G-")}
    return number
