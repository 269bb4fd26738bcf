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

  // In an inert document: nothing of what is pasted runs or is fetched.
  const check = () => {
    const section = document.querySelector("#check");
    const { numbers, none, right, wrong, missing, gone } = section.dataset;
    const lines = new DOMParser().parseFromString(section.querySelector("textarea").value, "text/html");
    const pasted = [...lines.querySelectorAll("[data-stodkatalog] a")].map((one) => one.getAttribute("href"));
    const current = numbers.split(" ");
    const digits = (uris) => uris.map((uri) => uri.replace(/^tel:/, "")).join(", ");
    const absent = current.filter((uri) => !pasted.includes(uri));
    const former = pasted.filter((uri) => !current.includes(uri));
    const told = absent.length || former.length
      ? [wrong, absent.length && `${missing} ${digits(absent)}.`, former.length && `${gone} ${digits(former)}.`]
      : [right];
    section.querySelector("[role=status]").textContent = (pasted.length ? told : [none]).filter((one) => one).join(" ");
  };
  document.querySelector("#check").hidden = false;
  document.querySelector("#check button").addEventListener("click", check);

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
