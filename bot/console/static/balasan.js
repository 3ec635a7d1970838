// Counts the words of the longest sentence while a quick reply is written.
(() => {
  for (const box of document.querySelectorAll("[data-periksa]")) {
    const told = box.form.querySelector("[data-hitung]");
    const most = Number(told.dataset.kata);
    const count = () => {
      const sentences = box.value.split(/[.?!;:]\s+|\n/);
      const longest = Math.max(...sentences.map((one) => one.split(/\s+/).filter(Boolean).length));
      const size = `${box.value.length} huruf, kalimat terpanjang ${longest} kata`;
      told.textContent = longest > most ? `${size}: bagi dua supaya mudah dibaca.` : `${size}.`;
    };
    box.addEventListener("input", count);
    if (box.value) count();
  }
})();
