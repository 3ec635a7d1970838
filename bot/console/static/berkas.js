// The viewer: turning without a new page, zooming, dragging, pinching, and its keys.
(() => {
  const viewer = document.querySelector(".penampil");
  const canvas = viewer?.querySelector(".kanvas");
  const picture = canvas?.querySelector("img");
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
  const press = (selector) => viewer?.querySelector(selector)?.click();
  let scale = 1, x = 0, y = 0;

  function draw() {
    picture.style.scale = scale;
    picture.style.translate = "";
    const base = picture.className.match(/putar-[13]/) ? "-50%" : "0px";
    picture.style.translate = `calc(${base} + ${x}px) calc(${base} + ${y}px)`;
    canvas.classList.toggle("besar", scale > 1);
  }
  function zoom(by) {
    scale = by === "0" ? 1 : Math.min(8, Math.max(1, scale * (by === "+" ? 1.4 : 1 / 1.4)));
    if (scale === 1) x = y = 0;
    draw();
  }
  async function turn(way) {
    const sent = await fetch(viewer.dataset.putar, {
      method: "POST", redirect: "manual",
      body: new URLSearchParams({ csrf: viewer.dataset.csrf, arah: way }),
    });
    if (sent.type !== "opaqueredirect") return location.reload();
    const now = Number(picture.className.slice(-1));
    picture.className = `putar-${(now + (way === "kanan" ? 1 : 3)) % 4}`;
    x = y = 0;
    draw();
  }

  if (picture) {
    viewer.querySelectorAll("[data-zum]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => zoom(button.dataset.zum));
    });
    viewer.querySelector(".putaran").addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      turn(event.submitter.value);
    });
    const fingers = new Map();
    let apart = 0;
    const distance = () => {
      const [a, b] = [...fingers.values()];
      return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, event);
      if (fingers.size === 2) apart = distance();
    });
    canvas.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      fingers.set(event.pointerId, event);
      if (fingers.size === 2) {
        const now = distance();
        scale = Math.min(8, Math.max(1, (scale * now) / apart));
        apart = now;
      } else if (scale > 1) {
        x += event.clientX - before.clientX;
        y += event.clientY - before.clientY;
      }
      draw();
    });
    for (const end of ["pointerup", "pointercancel"])
      canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
    canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? "+" : "-");
    }, { passive: false });
  }

  if (!("pintasan" in document.body.dataset)) return;
  document.addEventListener("keydown", (event) => {
    if (typing(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector("dialog:modal")) return;
    const done = {
      r: () => picture && turn("kanan"), R: () => picture && turn("kiri"),
      "+": () => picture && zoom("+"), "-": () => picture && zoom("-"), 0: () => picture && zoom("0"),
      "[": () => press('[data-berkas="["]'), "]": () => press('[data-berkas="]"]'),
      d: () => document.body.classList.contains("layar") && press("[data-unduh]"),
      Escape: () => press("[data-tutup]"),
    }[event.key];
    if (done) done();
  });
})();
