// Live counts: the list is fetched again when a count changes; without this file pages still work.
(() => {
  const address = document.body.dataset.langsung;
  const list = document.getElementById("daftar");
  const status = document.getElementById("hitungan");
  const title = document.title;
  let before = null;
  let lost = 0;

  async function refresh() {
    const answer = await fetch(list.dataset.isi, { redirect: "error" });
    if (!answer.ok) return;
    const focused = document.activeElement && document.activeElement.id;
    list.innerHTML = await answer.text();
    if (focused) document.getElementById(focused)?.focus();
  }

  function counted(event) {
    const now = JSON.parse(event.data);
    status.textContent = `${now.waiting} menunggu`;
    document.title = now.waiting ? `(${now.waiting}) ${title}` : title;
    if (list && before !== null) refresh().catch(() => {});
    if (!list && before !== null && now.heard > before.heard)
      status.textContent = "Ada pesan baru. Muat ulang halaman.";
    before = now;
  }

  const source = new EventSource(address);
  source.addEventListener("antrean", counted);
  source.onopen = () => clearTimeout(lost);
  source.onerror = () => {
    clearTimeout(lost);
    lost = setTimeout(() => {
      status.textContent = "Sambungan terputus. Menyambung lagi…";
    }, 1500);
  };
})();
