// Inside the iframe. A classic script: a module does not run in the opaque origin of a sandbox.
"use strict";
(() => {
  const tellHeight = () => {
    const value = Math.ceil(document.documentElement.getBoundingClientRect().height);
    parent.postMessage({ message: "height", value }, "*");
  };
  // WordPress gives a frame of somebody it does not know a secret. As soon as it is told a height with it, it hides the
  // numbers beside the frame, which can be dialled, and shows the frame, in which its sandbox stops that. It is not told.
  if (!/[#?&]secret=/.test(location.hash)) {
    new ResizeObserver(tellHeight).observe(document.body);
    addEventListener("message", ({ data }) => {
      if (data?.message === "ready") tellHeight();
    });
  }

  // A state is never shown past its time: it becomes unknown, and the page is fetched anew.
  let tried = Date.now();
  const renew = async () => {
    tried = Date.now();
    try {
      const answer = await fetch(location.href, { credentials: "omit", signal: AbortSignal.timeout(10000) });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
      if (fresh) document.querySelector("main").replaceWith(document.adoptNode(fresh));
      tick();
    } catch {
      // The numbers stay; the next minute tries again.
    }
  };
  const tick = () => {
    const unknown = document.querySelector("[data-unknown]")?.dataset.unknown;
    for (const state of document.querySelectorAll("[data-until]")) {
      if (Date.now() < state.dataset.until * 1000) continue;
      state.textContent = unknown;
      state.className = "stodkatalog-state stodkatalog-unknown";
      state.removeAttribute("data-until");
      state.dataset.past = "";
    }
    const age = Date.now() - tried;
    if (age > 3600000 || (age > 60000 && document.querySelector("[data-past]"))) renew();
  };
  setInterval(tick, 15000);
  addEventListener("visibilitychange", tick);
})();
