// "Exit this page", after GOV.UK's component: the links work without this script; with it, three Shifts leave too,
// and the page is blank before the next one has loaded. Escape is left alone: it would stop that very loading.
(() => {
  const links = document.querySelectorAll("[data-exit]");
  const button = document.querySelector("[data-once]");
  if (!button) return;
  const heard = document.createElement("span");
  heard.setAttribute("role", "status");
  heard.className = "unseen";
  button.parentElement.append(heard);
  for (const hint of document.querySelectorAll("[data-exit-hint]")) hint.hidden = false;

  let presses = 0;
  let alone = true; // Shift together with another key is a capital letter or a shortcut, not a signal
  let timer;

  const forget = () => {
    clearTimeout(timer);
    presses = 0;
    heard.textContent = "";
  };
  const leave = () => {
    forget();
    document.documentElement.classList.add("leaving");
    document.title = "…";
    window.location.replace(button.href);
  };
  const title = document.title;

  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  }
  document.addEventListener("keydown", (event) => {
    alone = event.key === "Shift" && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!alone) forget();
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    presses += 1;
    if (presses === 3) return leave();
    heard.textContent = presses === 1 ? button.dataset.once : button.dataset.twice;
    clearTimeout(timer);
    timer = setTimeout(forget, 5000);
  });
  // Who goes back finds the page, not a blank one.
  window.addEventListener("pageshow", () => {
    document.documentElement.classList.remove("leaving");
    document.title = title;
    forget();
  });
})();
