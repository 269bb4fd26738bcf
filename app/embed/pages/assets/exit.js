// "Exit this page", after GOV.UK's component: the links work without this script; with it, three Shifts leave too,
// and the page is blank before the next one has loaded. Escape is left alone: it would stop that very loading.
// A mark in the tab's session memory says that somebody has left: who then goes back is taken away again at once.
(() => {
  const MARK = "stodkatalog-left";
  const neutral = document.currentScript.dataset.neutral;

  // Session memory may be switched off; then Back shows the earlier pages.
  const memory = (act) => {
    try {
      return act(window.sessionStorage);
    } catch {
      return null;
    }
  };
  const hasLeft = () => memory((store) => store.getItem(MARK)) !== null;
  const leave = (target) => {
    memory((store) => store.setItem(MARK, ""));
    document.documentElement.classList.add("leaving");
    document.title = "…";
    window.location.replace(target);
  };

  const [entry] = performance.getEntriesByType("navigation");
  if (hasLeft() && entry && entry.type === "back_forward") return leave(neutral);
  // Who comes here on purpose stays.
  memory((store) => store.removeItem(MARK));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && hasLeft()) leave(neutral);
  });

  const listen = () => {
    const button = document.querySelector("[data-once]");
    if (!button) return;
    const heard = document.createElement("span");
    heard.setAttribute("role", "status");
    heard.className = "unseen";
    button.parentElement.append(heard);
    // A device with a mouse or a trackpad has a keyboard; a phone has no Shift to press three times.
    const hasKeyboard = window.matchMedia("(any-pointer: fine)").matches;
    for (const hint of document.querySelectorAll("[data-exit-hint]")) hint.hidden = !hasKeyboard;

    let presses = 0;
    let alone = true; // Shift together with another key is a capital letter or a shortcut, not a signal
    let timer;
    const forget = () => {
      clearTimeout(timer);
      presses = 0;
      heard.textContent = "";
    };
    for (const link of document.querySelectorAll("[data-exit]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        leave(button.href);
      });
    }
    document.addEventListener("keydown", (event) => {
      alone = event.key === "Shift" && !event.ctrlKey && !event.altKey && !event.metaKey;
      if (!alone) forget();
    });
    document.addEventListener("keyup", (event) => {
      if (event.key !== "Shift" || !alone) return;
      presses += 1;
      if (presses === 3) return leave(button.href);
      heard.textContent = presses === 1 ? button.dataset.once : button.dataset.twice;
      clearTimeout(timer);
      timer = setTimeout(forget, 5000);
    });
  };
  document.addEventListener("DOMContentLoaded", listen);
})();
