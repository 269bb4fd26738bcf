"use strict";

// The page can be read without this script. With it, calls are made on the page, lines are copied, and the search
// answers while somebody types.
(() => {
  const words = document.currentScript.dataset;

  // Makes a call and shows its answer, with its status and size.
  async function call(address, area) {
    const state = area.querySelector(".state");
    const answer = area.querySelector(".answer");
    state.textContent = words.waiting;
    try {
      const response = await fetch(address);
      const text = await response.text();
      const isJson = /json/.test(response.headers.get("content-type") ?? "");
      answer.textContent = isJson ? JSON.stringify(JSON.parse(text), null, 2) : text;
      state.textContent = `${response.status} ${response.statusText} · ${Math.ceil(text.length / 1024)} kB`;
      answer.hidden = false;
    } catch {
      answer.hidden = true;
      state.textContent = words.failed;
    }
  }

  // The address that a form asks: of its fields, those that are filled.
  function addressOf(form, address) {
    const query = new URLSearchParams();
    for (const field of form.querySelectorAll("[data-place]")) {
      const value = field.value.trim();
      if (field.dataset.place === "path") {
        address = address.replace(`{${field.name}}`, encodeURIComponent(value).replaceAll("'", "%27"));
      } else if (value) query.append(field.name, value);
    }
    return query.size ? `${address}?${query}` : address;
  }

  for (const area of document.querySelectorAll(".try")) {
    const link = area.querySelector("[data-call]");
    link?.addEventListener("click", (event) => {
      event.preventDefault();
      call(link.href, area);
    });
    const form = area.querySelector("form");
    if (!form) continue;
    form.querySelector("button").disabled = false;
    let address = addressOf(form, form.dataset.address);
    form.addEventListener("input", () => {
      const next = addressOf(form, form.dataset.address);
      for (const code of area.querySelectorAll(".snippet code")) code.textContent = code.textContent.replace(address, () => next);
      address = next;
      link.href = addressOf(form, form.dataset.path);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      call(addressOf(form, form.dataset.path), area);
    });
  }

  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
      const label = button.textContent;
      button.textContent = words.copied;
      setTimeout(() => (button.textContent = label), 2000);
    });
  }

  // A link to a type opens it.
  function openTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) target.open = true;
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();

  const field = document.getElementById("q");
  field?.addEventListener("input", () => {
    const asked = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const group of document.querySelectorAll(".group")) {
      const lines = [...group.querySelectorAll("[data-words]")];
      for (const line of lines) line.hidden = !asked.every((word) => line.dataset.words.includes(word));
      const visible = lines.filter((line) => !line.hidden).length;
      group.hidden = visible === 0;
      count += visible;
    }
    document.getElementById("count").textContent = asked.length ? `${field.dataset.count} ${count}` : "";
  });
})();
