// Live counts, and care for what is being written; without this file pages still work.
(() => {
  const address = document.body.dataset.langsung;
  const list = document.getElementById("daftar");
  const status = document.getElementById("hitungan");
  const title = document.title;
  const REST = 400; // ms between two refreshes while much happens; the first comes at once
  let told = null;
  let stale = false;
  let busy = false;
  let began = 0;
  let lost = 0;
  let gone = false;

  // The list is read again through its own page, where permissions and masks are.
  function refresh() {
    if (!list || busy || document.hidden || !stale) return;
    stale = false;
    busy = true;
    began = performance.now();
    list.dispatchEvent(new Event("perbarui"));
  }

  // A list that came slowly is asked for less often: all pages together never drown the server.
  list?.addEventListener("htmx:finally:request", (event) => {
    if (event.target !== list) return;
    const rest = Math.max(REST, 10 * (performance.now() - began));
    setTimeout(() => {
      busy = false;
      refresh();
    }, rest);
  });

  function counted(event) {
    const now = JSON.parse(event.data);
    document.title = now.waiting ? `(${now.waiting}) ${title}` : title;
    status.textContent = `${now.waiting} menunggu`;
    if (now.here) document.dispatchEvent(new CustomEvent("obrolan", { detail: now.here }));
    if (told && now.viewers !== told.viewers) document.dispatchEvent(new Event("kehadiran"));
    stale = told !== null || gone;
    told = now;
    gone = false;
    refresh();
  }

  // An answer from another page, such as the ticket that was just taken, is gone to.
  document.addEventListener("htmx:before:response", (event) => {
    const answer = event.detail.ctx.response.raw;
    if (!answer.redirected) return;
    event.preventDefault();
    location.href = answer.url;
  });
  document.addEventListener("htmx:after:swap", (event) => {
    // Who lost a claim reads why, also when the row has left the list.
    const why = event.detail.ctx.response.status === 409 && document.querySelector("td .pesan");
    if (why) document.getElementById("kabar").textContent = why.textContent;
    // Where the row with the focus has left the list, the focus stays at the list.
    if (list && document.activeElement === document.body) list.focus({ preventScroll: true });
  });
  document.addEventListener("visibilitychange", refresh);

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
  if (!address) return;
  let source = null;

  function connect() {
    source?.close();
    source = new EventSource(address);
    source.addEventListener("antrean", counted);
    source.onopen = () => clearTimeout(lost);
    source.onerror = missed;
  }

  // A short break is nobody's worry. What the browser gave up is tried again by us.
  function missed() {
    clearTimeout(lost);
    lost = setTimeout(() => {
      gone = true;
      status.textContent = "Sambungan terputus. Menyambung lagi…";
      if (source.readyState === EventSource.CLOSED && navigator.onLine) connect();
    }, 1500);
  }

  window.addEventListener("offline", missed);
  window.addEventListener("online", connect);
  connect();
})();
