// The directory on somebody else's page. What stands inside an element is its fallback: it stays until there is something
// better to show. Texts come as text only; a state is worked out when it is read, from the spans that the feed holds.
const HOUR = 36e5;
const ATTRIBUTES = ["lang", "municipality", "audience", "limit", "heading-level", "quick-exit"];
const shown = new Set();
let told;
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host { display: block }
:host([hidden]) { display: none }
.embed {
  all: initial; color-scheme: inherit; display: block; overflow-wrap: anywhere;
  --text: var(--stodkatalog-text, light-dark(#17262a, #e9f0f0));
  --muted: var(--stodkatalog-muted, light-dark(#4a5b60, #aebcbf));
  --accent: var(--stodkatalog-accent, light-dark(#0a5560, #8fd3dc));
  --border: var(--stodkatalog-border, light-dark(#c5d1d2, #3b4c50));
  --alarm: var(--stodkatalog-alarm, light-dark(#b3211f, #ff9c9c));
  font-family: var(--stodkatalog-font, system-ui, sans-serif);
  font-size: var(--stodkatalog-size, max(1rem, 16px)); line-height: 1.5;
  color: var(--text); background: var(--stodkatalog-background, light-dark(#fff, #10191b));
  border: 1px solid var(--border); border-radius: var(--stodkatalog-radius, .5em); padding: 1em;
}
h1, h2, h3, h4, h5, h6 { font-size: 1.125em; line-height: 1.3; margin: 0; unicode-bidi: isolate }
[part=title] { font-size: 1.375em; margin-block-end: .5em }
p { margin: .25em 0 0 }
ul { list-style: none; margin: 0; padding: 0 }
li { border-block-start: 1px solid var(--border); padding-block: .875em; margin: 0 }
li:last-child { padding-block-end: 0 }
a { color: var(--accent); text-underline-offset: .15em }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px }
[part=number] { display: inline-block; min-block-size: 24px; font-weight: 700; font-size: 1.125em }
[part=emergency] { border-inline-start: .25em solid var(--alarm); padding-inline-start: .75em; margin-block-end: 1em }
[part=emergency] [part=number] { color: var(--alarm); font-size: 1.5em; line-height: 1.2; margin-inline-end: .35em }
[part~=state] { font-weight: 600; display: block }
[part~=state]::before { content: "○ " / "" }
[part~=open]::before { content: "● " / "" }
[part~=unknown]::before { content: "◐ " / "" }
[part~=not_stated]::before { content: none }
[part~=not_stated], [part=label], [part=stated], [part=facts], [part=source], [part=hint] { color: var(--muted); font-weight: 400 }
[part=source], [part=hint] { font-size: .875em }
[part=source] a { display: inline-block; min-block-size: 24px; margin-inline-end: .5em }
[part=exit] {
  display: inline-block; padding: .5em 1em; font-weight: 700; text-decoration: none; border-radius: .25em;
  color: light-dark(#fff, #10191b); background: var(--alarm);
}
[part=leave] { margin-block-end: 1em }
@media print { [part~=state], [part=leave] { display: none } }
`);

class Wrong extends Error {}

const make = (tag, part, ...inside) => {
  const node = document.createElement(tag);
  if (part) node.setAttribute("part", part);
  node.append(...inside.filter((one) => one));
  return node;
};

const link = (uri, text, part) => {
  if (!/^(https?|tel|sms|mailto):/i.test(uri)) return make("bdi", part, text);
  const node = make("a", part, make("bdi", "", text));
  node.href = uri;
  node.rel = "noopener noreferrer";
  return node;
};

const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);

// The same, with one value as a node.
const around = (text, name, node) => {
  const [before, after] = text.split(`{${name}}`);
  return [before, node, after];
};

const stockholm = (seconds, lang, options) =>
  new Intl.DateTimeFormat(lang === "en" ? "en-GB" : "sv-SE", { timeZone: "Europe/Stockholm", ...options })
    .format(seconds * 1e3);

const day = (seconds) => Date.parse(stockholm(seconds, "sv", {})) / 864e5;

const clock = (seconds, now, { lang, words }) => {
  const [hour, minute] = stockholm(seconds, lang, { hour: "2-digit", minute: "2-digit" }).split(":");
  const time = fill(words.clock, { hour, minute });
  const away = day(seconds) - day(now);
  const date = away < 7 ? {} : { day: "numeric", month: "long" };
  return away ? `${stockholm(seconds, lang, { weekday: "long", ...date })} ${time}` : time;
};

const stateOf = ({ spans, always }, feed, now) => {
  const { words, until } = feed;
  if (!spans) return ["not_stated", words.not_stated];
  const [span, next] = spans.filter(([, end]) => end > now);
  if (!span || span[0] > now) return ["unknown", words.unknown];
  const [, end, state, comment] = span;
  if (state === "unknown") return [state, words.perhaps + (comment ? ` (${comment})` : "")];
  if (always) return [state, words.always];
  const time = clock(end, now, feed);
  if (state === "open") return [state, end < until ? fill(words.open_until, { time }) : words.open];
  return [state, next ? fill(next[2] === "open" ? words.opens : words.perhaps_from, { time }) : words.closed];
};

const read = async (address) => {
  const answer = await fetch(address, {
    credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(1e4),
  });
  const body = await answer.json();
  if (answer.status === 422) throw new Wrong(body.detail);
  if (!answer.ok) throw new Error(answer.status);
  return body;
};

// Blank first: a slow site elsewhere would leave this one in view.
let left = false;
const leave = (address = "about:blank") => {
  left = true;
  document.documentElement.style.setProperty("display", "none", "important");
  const meta = make("meta");
  meta.name = "referrer";
  meta.content = "no-referrer";
  document.head.append(meta);
  location.replace(address);
};
const stay = () => {
  if (left) document.documentElement.style.removeProperty("display");
  left = false;
};

let shifts = 0;
let pressed = 0;
addEventListener("keydown", ({ key, repeat, timeStamp }) => {
  if (repeat) return;
  shifts = key === "Shift" ? (timeStamp - pressed < 5e3 ? shifts : 0) + 1 : 0;
  pressed = timeStamp;
  const way = shifts === 3 && [...shown].map((one) => one.shadowRoot.querySelector("[part=exit]")).find((one) => one);
  if (way) leave(way.href);
});

class Embed extends HTMLElement {
  static observedAttributes = ATTRIBUTES;
  #feed; #text; #points; #tried; #wrong; #turn = 0;

  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    shown.add(this);
    this.#begin();
  }

  disconnectedCallback() {
    shown.delete(this);
    this.#turn++;
  }

  attributeChangedCallback() {
    if (shown.has(this)) this.#begin();
  }

  // Once, however many attributes change together.
  async #begin() {
    const turn = ++this.#turn;
    this.#feed = this.#text = this.#wrong = null;
    this.shadowRoot.replaceChildren(make("slot"));
    await 0;
    if (turn === this.#turn) this.#load();
  }

  async #load() {
    const turn = ++this.#turn;
    this.#tried = Date.now();
    try {
      const feed = await read(this.#address());
      if (turn === this.#turn) this.#show(feed);
    } catch (error) {
      if (turn !== this.#turn || !(error instanceof Wrong)) return;
      this.#wrong = true;
      console.error(`<${this.localName}> ${error.message}`);
    }
  }

  #address() {
    const own = this.getAttribute("lang");
    const lang = (own ?? this.closest("[lang]")?.lang ?? "sv").slice(0, 2).toLowerCase();
    const known = /^(sv|en)$/.test(lang);
    if (own !== null && !known) throw new Wrong(`lang: "${own}" is not one of: sv, en`);
    for (const [name, allowed, told] of [
      ["heading-level", /^[1-6]$/, "1 to 6"], ["quick-exit", /^(|true|false)$/, "true, false"],
    ]) {
      const value = this.getAttribute(name);
      if (value !== null && !allowed.test(value)) throw new Wrong(`${name}: "${value}" is not one of: ${told}`);
    }
    const address = new URL(`${this.constructor.feed}.json`, import.meta.url);
    address.searchParams.set("lang", known ? lang : "en");
    for (const name of ["municipality", "audience", "limit"]) {
      if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
    }
    return address;
  }

  #show(feed) {
    const text = JSON.stringify(feed);
    if (text === this.#text) return;
    this.#compare(feed.pasted);
    this.#points = [];
    const whole = this.#whole(feed);
    this.#feed = feed;
    this.#text = text;
    this.tick();
    this.shadowRoot.replaceChildren(whole);
  }

  // The lines on the page keep the numbers of the day on which they were made.
  #compare(today) {
    const list = this.querySelector("[data-stodkatalog]");
    if (!list || !today || told) return;
    const pasted = [...list.querySelectorAll("a")].map((one) => one.getAttribute("href"));
    told = pasted.length !== today.length || pasted.some((one) => !today.includes(one));
    if (told) console.warn(`<${this.localName}> pasted numbers have changed: ${new URL("../guide", import.meta.url)}`);
  }

  #whole(feed) {
    const { words, entries, emergency } = feed;
    const level = +(this.getAttribute("heading-level") ?? 2);
    if (!emergency.length) throw new Error("no emergency number");
    const whole = make(
      "div", "embed",
      make(`h${level}`, "title", feed.title),
      ...emergency.map((one) => make("p", "emergency", link(one.uri, one.display, "number"), one.text)),
      this.#leave(words),
      entries.length ? make("ul", "list", ...entries.map((one) => this.#entry(one, feed, Math.min(level + 1, 6)))) : "",
      ...[...(entries.length ? [] : [words.empty]), ...feed.notices].map((one) => make("p", "notice", one)),
    );
    whole.className = "embed";
    whole.lang = feed.lang;
    whole.dir = "ltr";
    whole.querySelector("ul")?.setAttribute("role", "list");
    return whole;
  }

  #leave(words) {
    const wanted = this.getAttribute("quick-exit");
    if (wanted === null || wanted === "false") return "";
    const way = link(words.leave_url, words.leave, "exit");
    way.onclick = (event) => {
      event.preventDefault();
      leave(way.href);
    };
    return make("div", "leave", way, make("p", "hint", words.leave_hint));
  }

  #entry({ name, text, facts, points, source, url }, feed, level) {
    const { words } = feed;
    const told = source && fill(words.source, { source: source.name, date: source.date });
    return make(
      "li", "entry",
      make(`h${level}`, "name", name),
      make("p", "text", text),
      facts.length ? make("p", "facts", facts.join(" · ")) : "",
      ...points.map((point) => this.#point(point, words)),
      make("p", "source", told && link(source.url, told), " ", link(url, fill(words.more, { name }))),
    );
  }

  #point(point, words) {
    const { label, display, uri, stated } = point;
    const node = make("div", "point", make("span", "label", display ? `${label}: ` : `${label} (${words.missing})`));
    if (display) node.append(link(uri, display, "number"));
    if (point.spans || (display && /^(tel|sms):/.test(uri))) {
      const state = make("span", "state");
      node.append(state);
      this.#points.push([state, point]);
    }
    if (stated) {
      const quoted = make("q", "", stated);
      quoted.lang = "sv";
      node.append(make("span", "stated", ...around(words.stated, "stated", quoted)));
    }
    return node;
  }

  // Every minute, and when the reader comes back.
  tick() {
    const now = Date.now() / 1e3;
    for (const [node, point] of (this.#feed && this.#points) ?? []) {
      const [state, sentence] = stateOf(point, this.#feed, now);
      if (node.textContent !== sentence) node.textContent = sentence;
      node.setAttribute("part", `state ${state}`);
    }
    const age = Date.now() - this.#tried;
    if (!this.#wrong && !document.hidden && (age > HOUR || (age > HOUR / 12 && !(now < this.#feed?.until)))) this.#load();
  }
}

const tick = () => shown.forEach((one) => one.tick());
const minutely = () => {
  tick();
  setTimeout(minutely, 6e4 - (Date.now() % 6e4));
};
minutely();
addEventListener("visibilitychange", tick);
addEventListener("pageshow", () => {
  stay();
  tick();
});

for (const [name, feed] of Object.entries({
  hotlines: "hotlines", coordinator: "coordinators", courses: "courses", referral: "referral",
})) {
  const tag = `stodkatalog-${name}`;
  if (!customElements.get(tag)) customElements.define(tag, class extends Embed { static feed = feed; });
}
