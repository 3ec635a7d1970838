// A button beside each password that shows it; without this file passwords stay hidden.
for (const box of document.querySelectorAll(".sandi")) {
  const input = box.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  const say = () => {
    const hidden = input.type === "password";
    button.textContent = hidden ? "Tampilkan" : "Sembunyikan";
    button.setAttribute("aria-label", `${button.textContent} sandi`);
  };
  button.addEventListener("click", () => {
    input.type = input.type === "password" ? "text" : "password";
    say();
  });
  input.form.addEventListener("submit", () => (input.type = "password"));
  say();
  box.append(button);
}
