// Ask before a page is left on which something was typed and not sent: browsers keep no text of such pages.
let unsent = document.querySelector("form[data-unsent]") !== null;
addEventListener("input", () => { unsent = true; });
addEventListener("submit", (event) => { unsent &&= event.submitter?.formTarget === "_blank"; });
addEventListener("beforeunload", (event) => { if (unsent) event.preventDefault(); });
