"""The shared sentences that the conversation says: every key with the values that fill it.

The words themselves live in ``bot/texts``. A service's own sentences come from its flow file:

- ``<CODE>.step.<state>.ask`` (ask and hint), ``.help``, ``.again``; a state of a group is written
  ``group.step``, the loop question ``group.more``
- ``<CODE>.opening`` before consent is asked for
- ``<CODE>.result.<name>`` an early result
- ``<CODE>.closing.<name>`` below the ticket

They get the values that they name (answers as shown, rules, derived values), and every ``.ask``
also ``langkah``: the number of the question, '' where none is shown. One that asks for a document
also gets ``berkas`` and ``dari`` (which of how many, '' for an only one) and ``terbaca``: what must
be legible.

A value is a str, an int, a `datetime.date` (written out by the catalogue), a list of str or a list
of `flows.facts.Line`. An empty str means that there is nothing to tell.
"""

from typing import Final

SHARED: Final[dict[str, tuple[str, ...]]] = {
    # opening and menus; salam is pagi, siang, sore or malam
    "sapa.baru": ("salam",),
    "sapa.kembali": ("salam",),
    "tautan.cabang": ("cabang",),  # the branch that a link named for this form
    "grup.tolak": (),  # in a group, once a day
    "menu.utama": (),
    "menu.layanan": ("judul",),  # a list of services by letter
    "menu.ulang": (),  # the message was not one of the offered things
    "menu.daftar": ("judul",),  # a list inside a menu
    # plain words instead of a choice
    "menu.yang_mana": (),
    "menu.yang_mana_ulang": (),
    "kantor.kota": ("kota", "cabang", "lain", "jam"),  # who serves a town; lain may be ''
    "kantor.tidak_ada": ("text",),
    "menu.petugas": (),  # somebody wants an officer before there is a request
    "menu.nomor": (),  # a number, a date or an address where nothing was asked for
    "obrolan.terima_kasih": (),
    "obrolan.kasar": (),
    "obrolan.layanan_lain": ("judul",),  # in the middle of a form: the service that was meant
    # before the first question; judul is the title of the service
    "persetujuan": ("judul", "data"),
    "persetujuan.rinci": (
        "judul",
        "data",
        "hari",
        "ingat",
    ),  # ingat: days of what is known, 0: none
    "persetujuan.tolak": ("judul",),
    "siapkan": ("barang", "menit", "hari"),  # barang: list of str; hari: days a draft is kept
    # getting about
    "nav.kembali": ("lama", "judul"),  # the old value, masked, and the name of the line
    "nav.tetap_kosong": (),  # TETAP where nothing was answered before
    "nav.lewati_wajib": (),  # LEWATI at a question that needs an answer
    "nav.menyusul_wajib": (),  # MENYUSUL where nothing may come later
    "nav.kirim_belum": (),  # KIRIM or UBAH while questions are open
    "nav.batal_tanya": (),
    "nav.batal_ya": ("judul",),
    "simpan.jeda": ("judul", "sampai"),  # sampai: date until which the draft is kept
    "simpan.lanjut": ("judul",),
    "simpan.terus": ("judul",),  # the parked form goes on
    "simpan.ingat": ("judul", "sampai"),
    "simpan.habis": ("judul", "hari"),
    "simpan.kosong": (),  # LANJUT without a draft
    "formulir.baru": (),  # the form was changed since the question was put
    "formulir.hilang": (),  # the service is not offered here any more
    "privasi": (),
    "bahasa.ganti": (),
    "bahasa.belum": ("judul",),  # the service judul is not translated
    "hapus.cara": (),
    "hapus.kenal": (),  # what was known of earlier requests is forgotten
    # a second need; peserta and kontak: known values as shown, separated by commas
    "kenal.peserta": ("peserta", "kontak"),
    "kenal.kontak": ("kontak",),
    "tiket.masih": ("judul",),  # after the status of a request of the same service
    # what cannot be taken as an answer
    "salah.kosong": (),
    "salah.terlalu_cepat": (),
    # reply: what was sent, '' for what is not repeated; nomor: 'ya' for a long number; sampai: how
    # many options are offered
    "salah.pilihan": ("reply", "nomor", "sampai"),
    "salah.kedua": (),
    "salah.ketiga": ("lewati",),  # lewati: 'ya' when the question may be skipped for now
    "tombol.lewat": (),
    "pesan.diubah": (),
    "pesan.terlalu_banyak": (),  # what came last was not taken
    "darurat": (),
    "suara": (),
    "stiker": (),
    "video": (),
    "lokasi": (),
    "lain": (),
    "kontak.orang_lain": (),
    "kontak.tak_diminta": (),
    "foto.tak_diminta": (),
    "foto.besar": ("ukuran", "batas"),  # values of the event, filled with '' when it has none
    "foto.piksel": ("batas",),
    "foto.jenis": (),
    "foto.buram": (),
    "foto.gelap": (),
    "foto.silau": (),
    "foto.kecil": (),
    "foto.hilang": (),
    "pasti.foto": (),  # it still seems unreadable; yes or no
    "salah.halaman": (),  # something else than one more page
    "foto.terima": ("judul", "kurang"),  # kurang: 'ya' when a page of it may be unreadable
    "foto.halaman": ("judul", "ada"),  # ada: pages so far; more may come
    "foto.menyusul": ("judul", "sampai"),  # promised; sampai: the last day, '' without one
    "foto.cukup": ("batas",),  # more pages than the question takes
    # review; baris: list of Line
    "periksa": ("judul", "baris"),
    "periksa.ubah": ("baris",),
    "periksa.nomor": ("sampai",),
    # officers; teks is what the officer wrote
    "petugas.mulai": ("tiket", "petugas", "cabang"),
    "petugas.balas": ("tiket", "petugas", "teks"),
    # bagian: of several answers each with its reason, list of Line; empty where it is one
    "petugas.perbaikan": ("tiket", "teks", "bagian"),
    "petugas.perbaikan_nanti": ("tiket", "teks", "bagian"),  # in another form: LANJUT later
    "petugas.pindah": ("tiket", "cabang", "teks"),
    "petugas.lepas": ("tiket", "cabang"),
    "petugas.buka_lagi": ("tiket", "petugas", "cabang"),
    "perbaikan.berikut": ("judul", "teks"),  # the next of several answers, and why
    "selesai.ok": ("tiket", "judul", "teks"),
    "selesai.tolak": ("tiket", "judul", "teks"),
    "selesai.lewat": ("tiket", "judul"),
    "nilai.tanya": ("tiket",),
    "nilai.kurang": (),
    "nilai.terima": (),
    # opening an ended request again
    "buka_lagi.tawar": ("tiket",),  # below the status of a request that ended
    "buka_lagi.tanya": ("tiket",),
    "buka_lagi.nanti": ("tiket",),  # another form is open
    "buka_lagi.sudah": ("tiket",),
    "buka_lagi.petugas": ("tiket",),  # only an officer may
    # going on in another chat; tiket: the numbers of what came along
    "sambung.jadi": ("tiket",),
    "sambung.tak_ada_lagi": (),  # everything ended before the code was used
}
