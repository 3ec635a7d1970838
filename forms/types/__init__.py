"""The field types. Importing this package fills the registry; one family lives in each file.

The sentences that a type may ask for, with the values that fill them:

==========================  =====================================================================
key                         values and occasion
==========================  =====================================================================
salah.perlu_tulisan         a picture or contact came where words are wanted
salah.kosong                nothing readable (emoji, spaces)
salah.terlalu_panjang       limit, got (characters)
salah.terlalu_pendek        limit, got (characters)
salah.angka_saja            something else than figures where only figures are wanted
salah.sama                  step (name of the step that has the same answer; it must differ)
salah.nama                  not a name: fewer than two letters, or other signs than . ' -
salah.nama_angka            a figure in a name
salah.nama_jawaban          an answer such as yes or thanks, where a name is asked
salah.nik_panjang           got (figures; 16 are wanted)
salah.nik_nol               one figure repeated sixteen times
salah.nik_bentuk            begins with 00 or ends with 0000
salah.nik_tanggal           part (figures 7 to 12, no possible date)
salah.kk_panjang            got (16 are wanted)
salah.kartu_panjang         got (13 are wanted)
salah.nomor_nol             KK or card number of one repeated figure
salah.paspor                got (letters and figures; 6 to 9 are wanted, one figure at least)
salah.tgl                   text (as written); no date in it
salah.tgl_tak_ada           text (``30 Februari``)
salah.tgl_depan             date (``3 Maret 2031``)
salah.tgl_terlalu_depan     date, latest
salah.tgl_lama              date, earliest
pasti.tgl                   date, age (whole years), text; yes or no
salah.tgl_ganda             text (as written), date, age; yes or no
salah.hp                    text; not an Indonesian mobile number
salah.hp_identitas          a number of sixteen figures where a mobile number is asked
salah.kontak_orang_lain     the contact card of somebody else
salah.email                 text
salah.uang                  text
salah.uang_kurang           limit (``Rp1.000``)
salah.uang_lebih            limit
salah.pilihan               reply ('' for a long number), nomor ('ya' for one), sampai (number of
                            the last option)
salah.foto_perlu            document (its key in the flow)
salah.foto_banyak           document, limit (pages)
salah.kota                  text; no such kabupaten or kota
salah.provinsi_tanpa_kantor province; it has no branch office
soal.kota_pilih             text; the best three are offered
soal.kota_ulang             none of them: type the name again, or browse
pasti.kota                  name (``Kota Manado``), text; yes or no
soal.provinsi               page, pages; provinces are offered
soal.provinsi_cabang        province, page, pages; its branches are offered
soal.faskes_pilih           text; the best three are offered
pasti.faskes_tak_dikenal    name; not in our list, keep it as typed? yes or no
==========================  =====================================================================
"""

from forms.types import choice, contact, dates, document, identity, money, passport, place, text

__all__ = [
    "choice",
    "contact",
    "dates",
    "document",
    "identity",
    "money",
    "passport",
    "place",
    "text",
]
