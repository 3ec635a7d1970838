"use strict";
// Everything here only makes the page livelier: without it the same forms reload the page.
(() => {
  const isi = document.getElementById("isi");
  const kirim = document.getElementById("kirim");
  const tulis = document.getElementById("tulis");
  const kabar = document.getElementById("kabar");
  const besar = document.getElementById("besar");
  const berkas = kirim.querySelector("input[type=file]");

  // A+: three sizes in turn, remembered on this device
  const UKURAN = ["", "besar", "besar-sekali"];
  let ukuran = 0;
  const pakaiUkuran = (n) => {
    ukuran = n % UKURAN.length;
    document.documentElement.className = UKURAN[ukuran];
  };
  try { pakaiUkuran(Number(localStorage.getItem("ukuran")) || 0); } catch { /* private window */ }
  besar.hidden = false;
  besar.addEventListener("click", () => {
    pakaiUkuran(ukuran + 1);
    try { localStorage.setItem("ukuran", String(ukuran)); } catch { /* private window */ }
  });

  // To the end, but never past the beginning of what is new.
  const gulir = (awal) => (awal || isi).scrollIntoView({ block: "start" });

  // New bubbles are added one by one: a screen reader reads only those aloud.
  const pasang = (html) => {
    const baru = document.createElement("template");
    baru.innerHTML = html;
    const log = isi.querySelector("#log");
    log.querySelector(".titik")?.remove();
    let awal = null;
    let berubah = false;
    for (const b of baru.content.querySelectorAll("#log > .b")) {
      if (b.dataset.n && log.querySelector(`[data-n="${b.dataset.n}"]`)) continue;
      b.removeAttribute("id");
      log.append(b);
      awal ||= b;
    }
    const lama = isi.querySelector("#jawab");
    const jawab = baru.content.querySelector("#jawab");
    if ((lama ? lama.outerHTML : "") !== (jawab ? jawab.outerHTML : "")) {
      lama?.remove();
      if (jawab) isi.append(jawab);
      berubah = true;
    }
    if (awal || berubah) gulir(awal || log.lastElementChild);
  };
  const bacaUlang = async () => {
    const jawaban = await fetch(isi.dataset.endpoint);
    if (!jawaban.ok) return;
    // another language: the words around the conversation change, too
    if (jawaban.headers.get("Content-Language") !== document.documentElement.lang) location.reload();
    else pasang(await jawaban.text());
  };
  // one after the other: an older answer must not take the place of a newer one
  let membaca = null;
  let lagi = false;
  const segarkan = () => {
    lagi = true;
    membaca ||= (async () => {
      try {
        while (lagi) {
          lagi = false;
          await bacaUlang();
        }
      } finally {
        membaca = null;
      }
    })();
    return membaca;
  };

  const kirimkan = async (form, data) => {
    const jawaban = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
    if (!jawaban.ok) return jawaban.text();
    if (form === kirim) kirim.reset();
    const { nonce } = await jawaban.json();
    // those below a question name it: pressed twice they count once
    for (const i of document.querySelectorAll("input[name=nonce]")) if (!i.closest("#jawab")) i.value = nonce;
    await segarkan();
    return "";
  };
  document.addEventListener("submit", async (peristiwa) => {
    peristiwa.preventDefault();
    const form = peristiwa.target;
    if (form === kirim && !tulis.value.trim() && !berkas.files.length) return;
    const data = new FormData(form, peristiwa.submitter);
    const tombol = form.querySelectorAll("button");
    for (const b of tombol) b.disabled = true;
    try {
      kabar.textContent = await kirimkan(form, data);
    } catch {
      kabar.textContent = kabar.dataset.putus;
    } finally {
      for (const b of tombol) b.disabled = false;
    }
    if (kabar.textContent) kabar.scrollIntoView({ block: "end" });
    // on a telephone the keyboard would cover the choices
    if (form === kirim || matchMedia("(pointer: fine)").matches) tulis.focus();
  });
  berkas.addEventListener("change", () => {
    if (berkas.files.length) kirim.requestSubmit();
  });

  new EventSource("/chat/peristiwa").addEventListener("baru", segarkan);
  gulir(document.getElementById("baru"));
})();
