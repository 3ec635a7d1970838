// The window of a network counts down while the page is open, by the server's clock.
(() => {
  const LATE = 2 * 60; // minutes, as services/windows.py SHUTTING
  const began = new WeakMap(); // when each line came into the page: it may come anew

  function words(minutes) {
    if (minutes < 1) return "kurang dari 1 menit";
    const hours = Math.floor(minutes / 60);
    const rest = minutes % 60;
    return [hours && `${hours} jam`, (rest || !hours) && `${rest} menit`].filter(Boolean).join(" ");
  }
  function tick() {
    const line = document.querySelector(".jendela[data-sampai]");
    if (!line) return;
    if (!began.has(line)) began.set(line, Date.now());
    const now = Number(line.dataset.kini) + (Date.now() - began.get(line));
    const left = Number(line.dataset.sampai) - now;
    const minutes = Math.floor(left / 60000);
    const text = left > 0 ? `Bisa dibalas bebas ${words(minutes)} lagi.` : line.dataset.nanti;
    const shown = line.querySelector("span");
    if (shown.textContent !== text) shown.textContent = text;
    line.className = `jendela ${left <= 0 ? "lewat" : minutes < LATE ? "segera" : ""}`;
  }
  tick();
  setInterval(tick, 5000);
})();
