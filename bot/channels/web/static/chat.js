"use strict";
// Everything here only makes the page livelier: without it the same forms reload the page.
(() => {
  const isi = document.getElementById("isi");
  const kirim = document.getElementById("kirim");
  const tulis = document.getElementById("tulis");
  const berkas = kirim.querySelector("input[type=file]");
  const besar = document.getElementById("besar");

  const ukuran = (on) => {
    document.documentElement.classList.toggle("besar", on);
    besar.setAttribute("aria-pressed", String(on));
  };
  try { ukuran(localStorage.getItem("besar") === "1"); } catch { /* private window */ }
  besar.addEventListener("click", () => {
    const on = !document.documentElement.classList.contains("besar");
    ukuran(on);
    try { localStorage.setItem("besar", on ? "1" : "0"); } catch { /* private window */ }
  });

  const keBawah = () => {
    const akhir = isi.querySelector(".pilihan") || isi.querySelector("#log > :last-child");
    if (akhir) akhir.scrollIntoView({ block: "end" });
    window.scrollTo(0, document.body.scrollHeight);
  };
  const segarkan = async () => {
    const jawaban = await fetch(isi.dataset.endpoint, { headers: { Accept: "text/html" } });
    if (!jawaban.ok) return;
    const html = await jawaban.text();
    if (html !== isi.innerHTML) { isi.innerHTML = html; keBawah(); }
  };

  document.addEventListener("submit", async (peristiwa) => {
    const form = peristiwa.target;
    const data = new FormData(form, peristiwa.submitter);
    if (form === kirim && !tulis.value.trim() && !berkas.files.length) { peristiwa.preventDefault(); return; }
    peristiwa.preventDefault();
    const tombol = form.querySelectorAll("button");
    tombol.forEach((b) => { b.disabled = true; });
    try {
      const jawaban = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
      if (jawaban.ok) {
        if (form === kirim) {
          kirim.reset();
          berkas.parentElement.classList.remove("ada");
        }
        const { nonce } = await jawaban.json();
        document.querySelectorAll("input[name=nonce]").forEach((i) => { i.value = nonce; });
        await segarkan();
        tulis.focus();
      } else {
        tulis.setCustomValidity(await jawaban.text());
        tulis.reportValidity();
        tulis.setCustomValidity("");
      }
    } finally {
      tombol.forEach((b) => { b.disabled = false; });
    }
  });
  berkas.addEventListener("change", () => {
    berkas.parentElement.classList.toggle("ada", berkas.files.length > 0);
    if (berkas.files.length) kirim.requestSubmit();
  });

  const peristiwa = new EventSource("/chat/peristiwa");
  peristiwa.addEventListener("baru", segarkan);
  keBawah();
})();
