// The page of an evening: what is said is shown and kept on the device at once, then sent. It opens without network.
//
// What is on screen = the list as the server last gave it, and over it the changes that wait, in order. The sentences
// come with the page (cpts_sessions/web/public/evening_words.py).

import {Sending} from "./evening_sending.js";
import {Store} from "./evening_store.js";

const SCOPE = location.pathname.replace(/[^/]*$/, "");
const root = document.querySelector("[data-words]");
const WORDS = JSON.parse(root.dataset.words);
const $ = (name) => root.querySelector(`[data-${name}]`);
const $$ = (name) => root.querySelectorAll(`[data-${name}]`);
const WHOLE = {œ: "oe", æ: "ae", ß: "ss", ł: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ı: "i", þ: "th"};
const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const fold = (text) => bare(text).replace(/[œæßłøđðħıþ]/g, (one) => WHOLE[one]).replace(/[-'’]/g, " ");
const letters = (text) => fold(text).replace(/[^\p{L}\p{N}]/gu, "");

/** A sentence, its form chosen by `values.n` when it counts. */
function say(key, values = {}) {
  const {n} = values;
  const text = n === undefined ? WORDS[key] : (WORDS[`${key}.${n > 1 ? "n" : n}`] ?? "");
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function element(tag, attributes, ...inside) {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...inside);
  return made;
}

const flash = (kind, words, ...more) =>
  element("div", {className: `flash ${kind}`}, element("div", {}, element("p", {}, words), ...more));

const button = (words, act) => element("button", {type: "button", className: "quiet", onclick: act}, words);

const list = (changes) => element("ul", {}, ...changes.map(({label}) => element("li", {}, label)));

/** The last screen of an evening: nothing is left on the device, or only what was never sent. */
async function finish(store, sentence, unsent) {
  const left = await store.changes();
  const title = element("h1", {tabIndex: -1}, say("title"));
  delete root.dataset.state;
  document.querySelector(".top nav")?.remove();
  if (left.length) {
    const wipe = button(say("wipe"), async () => {
      await store.wipe();
      root.replaceChildren(title, say("wiped"));
    });
    const about = element("h2", {className: "h3"}, say("unsent"));
    root.replaceChildren(title, flash("warn", unsent), about, list(left), wipe);
  } else {
    await store.wipe();
    root.replaceChildren(title, element("p", {className: "lead"}, sentence));
  }
  title.focus();
}

class Evening {
  #store;
  #sending;
  #state;
  #offset; // how many milliseconds the server is ahead
  #device;
  #changes = [];
  #people = [];
  #line = ["info", ""]; // what the line of state says
  #rows = new Map(); // id of a person -> her line

  async open() {
    this.#store = await Store.open(SCOPE);
    const shown = JSON.parse(root.dataset.state);
    const kept = await this.#store.get("state");
    this.#state = kept?.now > shown.now ? kept : shown;
    this.#offset = (await this.#store.get("offset")) ?? 0;
    this.#device = (await this.#store.get("device")) ?? crypto.randomUUID();
    await this.#store.set("device", this.#device);
    for (const row of $("people").children) this.#rows.set(row.dataset.id, row);
    this.#listen();
    this.#sending = new Sending(this.#store, this.#device, (news) => this.#hear(news));
    await this.#draw();
    setInterval(() => this.#draw(), 30_000); // the hour opens the list, and ends the session
    this.#sending.soon();
    await this.#install();
  }

  /** Make the page open without network. Where that cannot be, what is said is kept all the same. */
  async #install() {
    navigator.storage?.persist?.();
    const worker = navigator.serviceWorker?.register(root.dataset.worker, {scope: SCOPE});
    if (!(await worker?.catch(() => null)) || !(await navigator.serviceWorker.ready) || !this.#store.isOpen) return;
    if (this.#line[0] === "info") this.#tell("ok", say("ready", this.#state));
  }

  #listen() {
    const close = root.querySelector("#clore");
    $("save").hidden = true;
    $("search").hidden = this.#state.people.length < 6;
    $("all").type = "button"; // no longer what Enter presses: it may stand above the list
    $("marks").before($("all"));
    $("marks").onsubmit = (event) => event.preventDefault();
    $("people").onchange = ({target}) => this.#mark([target.closest("li").dataset.id], target.value);
    $("all").onclick = () => this.#mark(this.#people.filter(({mark}) => !mark).map(({id}) => id), "present");
    $("add").querySelector("form").onsubmit = (event) => this.#add(event);
    $("counts").onsubmit = (event) => this.#count(event);
    $("search").oninput = () => this.#draw();
    $("search").onkeydown = ({key}) => {
      if (key === "Enter") $("people").querySelector("li:not([hidden]) input")?.focus();
    };
    $("to-close").onclick = () => setTimeout(() => close.firstElementChild.focus());
    document.querySelector("[href='#qr']").onclick = () => ($("check-in").open = true);
    const bar = $("bar"); // in the way once its button has led where it leads
    new IntersectionObserver(([{isIntersecting}]) => bar.classList.toggle("over", isIntersecting)).observe(close);
    for (const form of $$("end")) form.onsubmit = (event) => this.#end(event);
    $("undo").onclick = () => this.#drop(this.#ending());
  }

  get #now() {
    return Date.now() + this.#offset;
  }

  #ending() {
    return this.#changes.filter(({refusal, kind}) => !refusal && (kind === "close" || kind === "nobody"));
  }

  /** Keep changes on the device, show them, send them; their label is what is read of them if they are refused. */
  async #keep(...changes) {
    const at = Date.now();
    const clock = new Date(at).toLocaleTimeString("fr", {hour: "numeric", minute: "2-digit"});
    const hour = clock.replace(":", "\u00a0h\u00a0");
    const labelled = ({about, ...change}) => ({...change, label: say(`label.${change.kind}`, {...about, hour})});
    await this.#store.add(changes.map((change) => ({key: crypto.randomUUID(), at, ...labelled(change)})));
    await this.#draw();
    this.#sending.soon();
  }

  async #drop(changes) {
    await this.#store.settle(changes.map(({key}) => ({key})));
    await this.#draw();
  }

  #mark(ids, mark) {
    const people = this.#people.filter(({id}) => ids.includes(id));
    const change = ({id, name, at}) => ({kind: "mark", person: id, mark, seen: at, about: {name, mark: say(mark)}});
    return this.#keep(...people.map(change));
  }

  async #add(event) {
    event.preventDefault();
    const form = event.target;
    const {prenom, nom, profession, email} = form.elements;
    prenom.required = nom.required = true;
    profession.setCustomValidity(profession.value ? "" : say("profession"));
    if (!form.reportValidity()) return;
    const [first, last] = [prenom.value.trim(), nom.value.trim()];
    const words = profession.selectedOptions[0].textContent;
    const name = `${first} ${last}`;
    const change = {kind: "walk_in", first, last, email: email.value.trim(), profession: profession.value, words};
    const known = this.#people.some((person) => letters(person.name) === letters(name));
    form.reset();
    $("add").open = false;
    await this.#keep({...change, about: {name, profession: words}});
    this.#news(known ? "already" : this.#state.isFull ? "full" : "added", {name});
  }

  #count(event) {
    event.preventDefault();
    const row = event.submitter.closest("li");
    const step = event.submitter.value.endsWith(":plus") ? 1 : -1;
    const about = {profession: row.querySelector("span").textContent, step: step > 0 ? "+1" : "−1"};
    return this.#keep({kind: "tally", profession: row.dataset.slug, step, about});
  }

  #end(event) {
    event.preventDefault();
    return this.#keep({kind: event.target.dataset.end, early: this.#now < this.#state.endsAt});
  }

  /** The list with what waits over it. */
  #overlaid() {
    const people = this.#state.people.map((person) => ({...person}));
    for (const change of this.#changes.filter(({refusal}) => !refusal)) {
      const {kind, key, mark, words: profession} = change;
      const is = (id) => people.find((person) => person.id === id || person.keys.includes(id));
      if (kind === "mark") Object.assign(is(change.person) ?? {}, {mark});
      if (kind !== "walk_in") continue;
      const name = `${change.first} ${change.last}`;
      const known = is(key) ?? people.find((person) => letters(person.name) === letters(name));
      if (known) Object.assign(known, {mark: "present", keys: [...known.keys, key]});
      else people.push({id: key, keys: [], name, profession, mark: "present", at: null, unannounced: true, words: []});
    }
    return people;
  }

  async #draw() {
    if (!this.#store.isOpen) return;
    this.#changes = await this.#store.changes();
    this.#people = this.#overlaid();
    const isOpen = this.#now >= this.#state.notesFrom;
    const isEnding = this.#ending().length > 0;
    for (const part of $$("open")) part.disabled = !isOpen || isEnding;
    $("early").hidden = isOpen;
    $("before-end").hidden = !isOpen || isEnding || this.#now >= this.#state.endsAt;
    $("closing").hidden = !isEnding;
    const having = (mark) => this.#people.filter((person) => person.mark === mark).length;
    $("count").textContent = say("count", {n: having("present"), total: this.#people.length});
    const missing = having(null);
    $("to-note").hidden = $("all").hidden = $("missing").hidden = !missing;
    $("to-note").firstChild.textContent = missing;
    $("missing").textContent = say("missing", {n: missing});
    $("nobody").hidden = this.#people.length > 0;
    this.#drawList();
    this.#drawCounts();
    this.#drawRefused();
    this.#drawDisagreements();
    this.#drawLine();
  }

  #drawList() {
    const rows = new Map();
    for (const person of this.#people) {
      const known = [person.id, ...person.keys].find((id) => this.#rows.has(id));
      rows.set(person.id, this.#fill(this.#rows.get(known) ?? this.#row(person), person));
    }
    for (const row of this.#rows.values()) if (![...rows.values()].includes(row)) row.remove();
    this.#rows = rows;
    const all = $("people").children;
    [...rows.values()].forEach((row, place) => all[place] === row || $("people").insertBefore(row, all[place] ?? null));
    this.#search();
  }

  #row({id}) {
    const row = $("line-of-list").content.firstElementChild.cloneNode(true);
    row.querySelector("h2").id = `nom-${id}`;
    row.querySelector(".seg").setAttribute("aria-labelledby", `nom-${id}`);
    for (const radio of row.querySelectorAll("input")) radio.name = `presence_${id}`;
    return row;
  }

  #fill(row, {id, name, profession, unannounced, mark}) {
    row.dataset.id = id;
    row.querySelector("h2").textContent = name;
    row.querySelector("p").textContent = profession + (unannounced ? say("unannounced") : "");
    for (const radio of row.querySelectorAll("[type=radio]")) radio.checked = radio.value === mark;
    return row;
  }

  #drawCounts() {
    const counts = {...this.#state.counts};
    for (const {kind, refusal, profession, step} of this.#changes) {
      if (kind === "tally" && !refusal) counts[profession] = Math.max(0, (counts[profession] ?? 0) + step);
    }
    for (const row of $$("slug")) {
      const n = counts[row.dataset.slug] ?? 0;
      row.querySelector("b").textContent = n;
      row.querySelector("button").disabled = !n;
    }
    const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
    $("nameless-total").hidden = !total;
    $("nameless-total").textContent = total;
  }

  #drawRefused() {
    const refused = this.#changes.filter(({refusal}) => refusal);
    const why = [...new Set(refused.map(({refusal}) => refusal.replace(/\.$/, "")))].join(". ");
    const settled = button(say("settled"), () => this.#drop(refused));
    const told = () => flash("bad", say("refused", {n: refused.length, why}), list(refused), settled);
    $("refused").replaceChildren(...(refused.length ? [told()] : []));
  }

  #drawDisagreements() {
    const concerned = this.#people.filter(({words}) => words.some(({device}) => device === this.#device));
    const boxes = concerned.map(({id, name, mark, words}) => {
      const here = words.find(({device}) => device === this.#device);
      const there = words.find((word) => word !== here);
      const values = {name, here: say(here.mark), hereAt: here.hour, there: say(there.mark), thereAt: there.hour};
      const right = button(say("right"), () => this.#mark([id], mark));
      const change = button(say("change"), () => this.#rows.get(id).querySelector("input:checked")?.focus());
      const acts = element("p", {className: "row"}, right, change);
      return flash("warn", say("disagreement", {...values, kept: say(mark)}), acts);
    });
    $("disagreements").replaceChildren(...boxes);
  }

  #search() {
    const asked = ` ${fold(root.querySelector("#chercher").value.trim())}`;
    const rows = [...$("people").children];
    if (asked.trim()) $("all").hidden = true; // it says everybody
    for (const row of rows) row.hidden = !` ${fold(row.querySelector("h2").textContent)}`.includes(asked);
    $("not-found").hidden = !rows.length || rows.some((row) => !row.hidden);
  }

  #news(key, values) {
    $("news").replaceChildren(flash(key === "added" ? "ok" : "info", values ? say(key, values) : key));
  }

  #tell(kind, words) {
    this.#line = [kind, words];
    this.#drawLine();
  }

  #drawLine() {
    const n = this.#changes.filter(({refusal}) => !refusal).length;
    const [kind, told] = this.#line;
    const words = kind === "off" ? say("offline", {n}) : told;
    $("line").hidden = !words;
    $("line").dataset.is = kind;
    const spoken = $("line").lastElementChild;
    if (spoken.textContent !== words) spoken.textContent = words;
    $("keep").hidden = kind !== "off" || !n;
  }

  async #hear({sending, offline, over, unsent, state, answers}) {
    if (sending) return this.#tell("wait", say("sending", {n: sending}));
    if (offline) return this.#tell("off");
    if (over) return this.#finish(over, unsent);
    const applied = answers.filter(({refusal}) => !refusal).map(({key}) => key);
    const isMine = this.#ending().some(({key, kind}) => kind === "close" && applied.includes(key));
    const ended = isMine ? say("closed", {n: state.present}) : state.ended;
    if (state.ended) return this.#finish(`${ended} ${say("wiped")}`, state.ended);
    this.#state = state;
    this.#offset = state.now - Date.now();
    await this.#store.set("offset", this.#offset);
    for (const {sentence} of answers) if (sentence) this.#news(sentence);
    if (answers.length || this.#line[0] === "off") this.#line = ["ok", say("sent")];
    return this.#draw();
  }

  #finish(sentence, unsent) {
    this.#sending.stop();
    return finish(this.#store, sentence, unsent);
  }
}

/** The server shows no list any more: nothing of it stays here either, but what was never sent. */
async function settle() {
  const store = await Store.open(SCOPE);
  if ((await store.changes()).length) await finish(store, "", root.dataset.unsent);
  else await store.wipe();
}

if (globalThis.indexedDB && crypto.randomUUID) await (root.dataset.state ? new Evening().open() : settle());
