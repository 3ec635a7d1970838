// The ticket page: time that runs, who else looks, the preview as a dialog.
(() => {
  const body = document.body.dataset;
  const csrf = document.querySelector("[name=csrf]")?.value;
  const began = Date.now();

  // The clock of the page is the server's: it goes on from what the page was drawn with.
  function left(box) {
    const now = Number(box.dataset.kini) + (Date.now() - began);
    return Number(box.dataset.sampai) - now;
  }
  const lease = document.getElementById("sewa");
  function gone(unsent) {
    unsent.querySelector("p").textContent = unsent.dataset.lalu;
    unsent.querySelector("form").remove();
    unsent.classList.remove("akan");
  }
  setInterval(() => {
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
  }, 500);

  // Keeping the claim leaves the page, and what is being written, as it is.
  document.getElementById("tahan")?.addEventListener("click", async (event) => {
    event.preventDefault();
    const sent = await fetch(event.target.formAction, {
      method: "POST", redirect: "manual", body: new URLSearchParams({ csrf }),
    });
    if (sent.type !== "opaqueredirect") return location.reload();
    const now = Number(lease.dataset.kini) + (Date.now() - began);
    lease.dataset.sampai = now + Number(lease.dataset.lama);
    lease.hidden = true;
  });

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
