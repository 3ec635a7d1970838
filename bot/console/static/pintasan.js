// Single keys, never while somebody writes; the sheet "?" lists them.
(() => {
  if (!("pintasan" in document.body.dataset)) return;
  const sheet = document.getElementById("pintasan");
  const byId = (id) => document.getElementById(id);
  const rows = () => [...document.querySelectorAll("a.nomor")];
  let after = "";

  function open(details, field) {
    const box = byId(details);
    if (!box) return;
    box.open = true;
    (box.querySelector(field) || box).focus();
  }
  function step(by) {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))]?.focus();
  }
  function claim() {
    const row = document.activeElement?.closest("tr");
    (row?.querySelector("form button") || byId("ambil"))?.click();
  }
  async function copy() {
    const number = byId("nomor")?.textContent;
    if (!number) return;
    await navigator.clipboard?.writeText(number).catch(() => {});
    const told = byId("hitungan");
    if (told) told.textContent = `${number} disalin`;
  }
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    a: claim,
    n: () => byId("berikutnya")?.click(),
    b: () => byId("balasan")?.focus(),
    c: () => open("d-catatan", "textarea"),
    "/": () => open("cepat", "button"),
    s: () => open("d-selesai", "select"),
    p: () => open("d-pindah", "input:not([type=hidden])"),
    u: () => byId("akan")?.hidden === false && byId("urungkan").click(),
    ".": copy,
    "?": () => sheet?.showModal(),
  };
  const going = { a: "/admin/antrean" };
  const figures = "/admin/dasbor";
  if (document.querySelector(`a[href="${figures}"]`)) going.d = figures;

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const composer = target.id === "balasan" && event.key === "/" && !target.value;
    if (target.closest?.("input, textarea, select, [contenteditable]") && !composer) {
      if (event.key === "Escape") target.blur();
      return;
    }
    if (document.querySelector("dialog:modal")) return;
    const led = after === "g" && going[event.key];
    after = event.key;
    if (led) {
      event.preventDefault();
      location.href = led;
    } else if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
})();
