// Live counts, and care for what is being written; without this file pages still work.
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
    if (!list && now.here > Number(document.body.dataset.dibaca))
      status.textContent = "Ada pesan baru. Muat ulang halaman.";
    before = now;
  }

  let sending = null;

  // A second press sends nothing; leaving with words that were not sent asks first.
  document.addEventListener("submit", (event) => {
    if (sending === event.target) event.preventDefault();
    sending = event.target;
    setTimeout(() => (sending = null), 3000);
  });
  window.addEventListener("beforeunload", (event) => {
    const boxes = [...document.querySelectorAll("textarea:not([readonly])")];
    const unsent = (box) => box.value && (box.value !== box.defaultValue || box.autofocus);
    if (boxes.some((box) => box.form !== sending && unsent(box))) event.preventDefault();
  });
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
