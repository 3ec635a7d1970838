// The conversation while it is open: what is new comes in, and is seen only once it was in view.
(() => {
  const log = document.getElementById("obrolan");
  const notice = document.getElementById("baru");
  if (!log || !notice) return;
  let fresh = null;

  const shown = () => log.firstElementChild;
  const count = (talk) => Number(talk.dataset.jumlah);
  const version = (token) => token.split(".")[0];

  // Nothing moves under the hands of somebody who writes.
  function writes() {
    const boxes = [...document.querySelectorAll("textarea:not([readonly])")];
    return boxes.some((box) => box.value && (box.value !== box.defaultValue || box.autofocus));
  }

  async function read() {
    const answer = await fetch(log.dataset.dari, { redirect: "error" }).catch(() => null);
    if (!answer?.ok) return;
    const box = document.createElement("template");
    box.innerHTML = await answer.text();
    const talk = box.content.firstElementChild;
    if (count(talk) <= count(fresh || shown())) return fresh || arrive(talk);
    fresh = talk;
    tell();
    if (!writes()) show();
  }

  // How far what was said came changes without anything new being written.
  function arrive(talk) {
    const were = shown().querySelectorAll(".sampai, .jendela");
    const are = talk.querySelectorAll(".sampai, .jendela");
    if (were.length !== are.length) return;
    are.forEach((line, n) => line.textContent === were[n].textContent || were[n].replaceWith(line));
  }

  function tell() {
    const last = fresh.querySelector(".gelembung:last-of-type").classList;
    const theirs = last.contains("participant") || last.contains("bot");
    const link = document.createElement("a");
    link.href = "#akhir";
    link.textContent = theirs ? "Pesan baru dari peserta – lihat" : "Tulisan baru – lihat";
    notice.replaceChildren(link);
  }

  function show() {
    const had = count(shown());
    const bubbles = [...fresh.querySelectorAll(".gelembung")];
    bubbles.slice(had).forEach((bubble) => bubble.classList.add("segar"));
    log.replaceChildren(fresh);
    fresh = null;
    log.scrollTop = log.scrollHeight;
    sight.disconnect();
    sight.observe(bubbles.at(-1));
  }

  notice.addEventListener("click", (event) => {
    if (event.target.hash !== "#akhir") return;
    event.preventDefault();
    if (fresh) show();
    log.scrollIntoView({ block: "nearest" });
    log.focus({ preventScroll: true });
  });

  // Forms say what was seen: the newest message from now on, but only of the request that is shown.
  function accept() {
    const token = shown().dataset.dilihat;
    const fields = [...document.querySelectorAll("[name=dilihat]")];
    const same = (field) => version(field.value) === version(token);
    if (fields.every(same)) {
      fields.forEach((field) => (field.value = token));
      notice.replaceChildren();
      return;
    }
    const link = document.createElement("a");
    link.href = location.pathname + location.search;
    link.textContent = "Permintaan ini berubah – muat ulang";
    notice.replaceChildren(link);
  }
  const sight = new IntersectionObserver((entries) => {
    const inView = entries.some((entry) => entry.isIntersecting);
    if (inView && !document.querySelector("dialog:modal")) accept();
  });

  setInterval(() => document.visibilityState === "visible" && read(), 20000);
  document.addEventListener("obrolan", (event) => event.detail > count(fresh || shown()) && read());
})();
