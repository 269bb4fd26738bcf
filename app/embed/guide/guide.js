// What the form does without a script, at once: the same page is asked for, and its result put in place.
"use strict";
(() => {
  const { copy, copied } = document.body.dataset;

  const withCopyButtons = () => {
    for (const code of document.querySelectorAll("pre[data-copy]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = copy;
      button.setAttribute("aria-describedby", code.id);
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = copied;
        setTimeout(() => (button.textContent = copy), 3000);
      });
      code.after(button);
    }
  };

  const dressed = () => {
    const preview = document.querySelector("#preview");
    if (preview.dataset.accent) preview.firstElementChild.style.setProperty("--stodkatalog-accent", preview.dataset.accent);
    withCopyButtons();
  };

  let turn = 0;
  const form = document.querySelector("form");
  const ask = async () => {
    const own = ++turn;
    const address = `?${new URLSearchParams(new FormData(form))}`;
    const answer = await fetch(address, { credentials: "omit" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const result = page.querySelector("#result");
    if (own !== turn || !result) return;
    history.replaceState(null, "", address);
    document.querySelector("#result").replaceWith(document.adoptNode(result));
    dressed();
  };
  form.addEventListener("change", ask);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  dressed();
})();
