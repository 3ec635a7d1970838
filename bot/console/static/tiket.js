// The ticket page: time that runs, who else looks, the preview as a dialog.
(() => {
  const body = document.body.dataset;
  const csrf = document.querySelector("[name=csrf]")?.value;
  const clocks = new WeakMap();

  // The clock of a box is the server's: it goes on from what the box was drawn with, or anew.
  function left(box) {
    const { kini, sampai } = box.dataset;
    if (clocks.get(box)?.kini !== kini) clocks.set(box, { kini, at: Date.now() });
    return Number(sampai) - Number(kini) - (Date.now() - clocks.get(box).at);
  }
  function gone(unsent) {
    unsent.querySelector("p").textContent = unsent.dataset.lalu;
    unsent.querySelector("form").remove();
    unsent.classList.remove("akan");
  }
  function go() {
    const lease = document.getElementById("sewa");
    if (lease) {
      const ms = left(lease);
      lease.hidden = ms > Number(lease.dataset.awas);
      const minutes = Math.max(1, Math.ceil(ms / 60000));
      const text = `${minutes} menit`;
      const shown = lease.querySelector("b");
      if (shown.textContent !== text) shown.textContent = text;
    }
    for (const unsent of document.querySelectorAll(".akan:not([hidden])")) {
      const seconds = Math.ceil(left(unsent) / 1000);
      if (seconds > 0) unsent.querySelector("span").textContent = `dalam ${seconds} detik`;
      else if (unsent.dataset.lalu) gone(unsent);
      else unsent.hidden = true;
    }
  }
  go();
  setInterval(go, 500);

  const present = document.getElementById("hadir");
  async function look() {
    if (document.visibilityState !== "visible") return;
    const answer = await fetch(body.hadir, {
      method: "POST", redirect: "error", body: new URLSearchParams({ csrf }),
    }).catch(() => null);
    if (answer?.ok) present.textContent = (await answer.text()).trim();
  }
  if (present) {
    look();
    setInterval(look, 20000);
    document.addEventListener("visibilitychange", look);
    document.addEventListener("kehadiran", look);
  }

  // Who goes on writing goes on at the end.
  const box = document.querySelector("textarea[autofocus]");
  box?.setSelectionRange(box.value.length, box.value.length);

  const preview = document.getElementById("pratinjau");
  if (preview) {
    preview.close();
    preview.showModal();
    preview.addEventListener("cancel", (event) => {
      event.preventDefault();
      document.getElementById("ubah").click();
    });
  }
})();
