// The page of an evening: what is said is shown and kept on the device at once, then sent. It opens without network.
//
// What is on screen = the list as the server last gave it, and over it the changes that wait, in order.

import {Sending} from "./evening_sending.js";
import {Store} from "./evening_store.js";

const SCOPE = location.pathname.replace(/[^/]*$/, "");
const WORDS = {present: "présence", absent: "absence", excused: "absence excusée"};
const root = document.querySelector("[data-evening]");
const over = document.querySelector("[data-evening-over]");
const $ = (name) => root.querySelector(`[data-${name}]`);
const $$ = (name) => root.querySelectorAll(`[data-${name}]`);
const say = (n, one, many) => `${n}\u00a0${n > 1 ? many : one}`;
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae");
const letters = (text) => fold(text).replace(/[^\p{L}\p{N}]/gu, "");
const hour = (at) => `${at.getHours()}\u00a0h\u00a0${String(at.getMinutes()).padStart(2, "0")}`;
const uuid = () => crypto.randomUUID();

function element(tag, words = "", attributes = {}) {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(words);
  return made;
}

function flash(kind, words, ...more) {
  const inside = element("div");
  inside.append(element("p", words), ...more);
  const box = element("div", "", {className: `flash ${kind}`});
  box.append(inside);
  return box;
}

/** The last screen of an evening: nothing is left on the device, or only what was never sent. */
async function finish(place, store, sentence, unsent) {
  const left = await store.changes();
  delete place.dataset.state;
  place.replaceChildren(element("h1", "Présences", {tabIndex: -1}));
  place.firstChild.focus();
  if (!left.length) {
    await store.wipe();
    place.append(element("p", sentence, {className: "lead"}));
    return;
  }
  const list = element("ul");
  list.append(...left.map((change) => element("li", change.label)));
  const forget = element("button", "Effacer de cet appareil", {type: "button", className: "quiet"});
  forget.addEventListener("click", async () => {
    await store.wipe();
    place.replaceChildren(element("h1", "Présences"), element("p", "La liste est effacée de cet appareil."));
  });
  place.append(flash("warn", unsent), element("h2", "Ce qui n’est pas enregistré", {className: "h3"}), list, forget);
}

class Evening {
  #store;
  #sending;
  #state;
  #offset = 0; // how many milliseconds the server is ahead
  #device;
  #changes = [];
  #line = null; // what the line of state says: [kind, words], null while there is nothing to say
  #rows = new Map(); // id of a person -> her line

  constructor(store, state, device, offset) {
    Object.assign(this, {});
    this.#store = store;
    this.#state = state;
    this.#device = device;
    this.#offset = offset;
  }

  static async start() {
    const store = await Store.open(SCOPE);
    const shown = JSON.parse(root.dataset.state);
    const kept = await store.get("state");
    const device = (await store.get("device")) ?? uuid();
    await store.set("device", device);
    const evening = new Evening(store, kept?.now > shown.now ? kept : shown, device, (await store.get("offset")) ?? 0);
    await evening.#open();
  }

  async #open() {
    for (const line of $("people").children) this.#rows.set(line.dataset.id, line);
    this.#listen();
    $("search").hidden = this.#state.people.length < 6;
    $("save").hidden = true;
    $("all").type = "button"; // no longer what Enter presses: it may stand above the list
    $("marks").before($("all"));
    this.#sending = new Sending(this.#store, this.#device, (news) => this.#hear(news));
    await this.#draw();
    setInterval(() => this.#draw(), 30_000);
    this.#install();
    await this.#sending.soon();
  }

  /** Make the page open without network. */
  async #install() {
    navigator.storage?.persist?.();
    if (!navigator.serviceWorker) return;
    try {
      await navigator.serviceWorker.register(root.dataset.worker, {scope: SCOPE});
      await navigator.serviceWorker.ready;
      if (!this.#line || this.#line[0] === "info") this.#tell("ok", `Prête hors ligne. Liste du ${this.#state.list}.`);
    } catch {
      // no service worker here: the page needs the network to open, what is said is kept all the same
    }
  }

  #listen() {
    $("people").addEventListener("change", ({target}) => this.#mark([target.closest("li").dataset.id], target.value));
    $("marks").addEventListener("submit", (event) => event.preventDefault());
    $("all").addEventListener("click", () => {
      const missing = this.#people().filter((person) => !person.mark);
      this.#mark(missing.map((person) => person.id), "present");
    });
    $("add").querySelector("form").addEventListener("submit", (event) => this.#add(event));
    $("counts").addEventListener("submit", (event) => this.#count(event));
    $("search").addEventListener("input", () => this.#search());
    $("search").addEventListener("keydown", (event) => {
      if (event.key === "Enter") $("people").querySelector("li:not([hidden]) input")?.focus();
    });
    $("to-close").addEventListener("click", () => setTimeout(() => root.querySelector("#clore-titre").focus()));
    for (const form of $$("end")) form.addEventListener("submit", (event) => this.#end(event));
    $("undo").addEventListener("click", async () => {
      for (const change of this.#ending()) await this.#store.remove(change.key);
      await this.#draw();
    });
  }

  #now() {
    return Date.now() + this.#offset;
  }

  #ending() {
    return this.#changes.filter((change) => !change.refusal && ["close", "nobody"].includes(change.kind));
  }

  /** Keep changes on the device, show them, send them. */
  async #keep(...changes) {
    const at = Date.now();
    await this.#store.add(
      changes.map((change) => ({key: uuid(), at, ...change, label: `${change.label}, ${hour(new Date(at))}`})),
    );
    await this.#draw();
    this.#sending.soon();
  }

  #mark(ids, mark) {
    const people = this.#people().filter((person) => ids.includes(person.id));
    return this.#keep(
      ...people.map(({id, name, at}) => ({kind: "mark", person: id, mark, seen: at, label: `${name}\u00a0: ${WORDS[mark]}`})),
    );
  }

  async #add(event) {
    event.preventDefault();
    const form = event.target;
    const field = (name) => form.elements[name];
    field("prenom").required = field("nom").required = field("profession").required = true;
    const reason = "La profession est nécessaire\u00a0: c’est elle que compte le rapport.";
    field("profession").setCustomValidity(field("profession").value ? "" : reason);
    if (!form.reportValidity()) return;
    const [first, last, email] = ["prenom", "nom", "email"].map((name) => field(name).value.trim());
    const profession = field("profession").value;
    const words = field("profession").selectedOptions[0].textContent;
    const known = this.#people().find((person) => letters(person.name) === letters(first + last));
    form.reset();
    $("add").open = false;
    await this.#keep({kind: "walk_in", first, last, email, profession, words, label: `${first} ${last}, ${words}`});
    const full = "Toutes les places sont prises, et cette personne est ajoutée quand même\u00a0: une venue sans inscription n’est jamais refusée.";
    const already = `${first} ${last} est déjà sur la liste\u00a0: sa présence est relevée.`;
    this.#news(known ? "info" : "ok", known ? already : this.#state.isFull ? full : `Ajout fait\u00a0: la présence de ${first} ${last} est relevée.`);
  }

  #count(event) {
    event.preventDefault();
    const line = event.submitter.closest("li");
    const step = event.submitter.value.endsWith(":plus") ? 1 : -1;
    const words = line.querySelector("span").textContent;
    return this.#keep({kind: "tally", profession: line.dataset.slug, step, label: `Sans nom, ${words}\u00a0: ${step > 0 ? "+1" : "−1"}`});
  }

  #end(event) {
    event.preventDefault();
    const kind = event.target.dataset.end;
    const early = this.#now() < this.#state.endsAt;
    return this.#keep({kind, early, label: kind === "close" ? "Clôture de la séance" : "Personne n’est venu"});
  }

  /** The list with what waits over it. */
  #people() {
    const people = this.#state.people.map((person) => ({...person}));
    const find = (id) => people.find((person) => person.id === id || person.keys.includes(id));
    for (const change of this.#changes.filter((one) => !one.refusal)) {
      if (change.kind === "mark") Object.assign(find(change.person) ?? {}, {mark: change.mark});
      if (change.kind !== "walk_in") continue;
      const name = `${change.first} ${change.last}`;
      const known = find(change.key) ?? people.find((person) => letters(person.name) === letters(name));
      if (known) Object.assign(known, {mark: "present", keys: [...known.keys, change.key]});
      else people.push({id: change.key, keys: [], name, profession: change.words, mark: "present", at: null, unannounced: true, words: []});
    }
    return people;
  }

  async #draw() {
    this.#changes = await this.#store.changes();
    const people = this.#people();
    const isOpen = this.#now() >= this.#state.notesFrom;
    const isEnding = this.#ending().length > 0;
    for (const part of $$("open")) part.disabled = !isOpen || isEnding;
    $("early").hidden = isOpen;
    this.#drawList(people);
    this.#drawCounts();
    const missing = people.filter((person) => !person.mark).length;
    const present = people.filter((person) => person.mark === "present").length;
    $("count").textContent = present
      ? `${say(present, "présence relevée", "présences relevées")} sur ${people.length}`
      : "Aucune présence relevée";
    $("to-note").hidden = $("all").hidden = $("missing").hidden = !missing;
    $("to-note").firstChild.textContent = missing;
    $("missing").textContent = say(missing, "personne n’est pas relevée. Elle sera comptée absente.", "personnes ne sont pas relevées. Elles seront comptées absentes.");
    $("nobody").hidden = people.length > 0;
    $("before-end").hidden = !isOpen || isEnding || this.#now() >= this.#state.endsAt;
    $("closing").hidden = !isEnding;
    this.#drawRefused();
    this.#drawDisagreements(people);
    this.#drawLine();
  }

  #drawList(people) {
    const list = $("people");
    const rows = new Map();
    for (const person of people) {
      const known = [person.id, ...person.keys].find((id) => this.#rows.has(id));
      const line = known ? this.#rows.get(known) : this.#line_of(person);
      this.#fill(line, person);
      rows.set(person.id, line);
    }
    for (const [, line] of this.#rows) if (![...rows.values()].includes(line)) line.remove();
    this.#rows = rows;
    [...rows.values()].forEach((line, place) => list.children[place] !== line && list.insertBefore(line, list.children[place] ?? null));
    this.#search();
  }

  #line_of(person) {
    const line = $("line-of-list").content.firstElementChild.cloneNode(true);
    line.querySelector("h2").id = `nom-${person.id}`;
    line.querySelector(".seg").setAttribute("aria-labelledby", `nom-${person.id}`);
    for (const radio of line.querySelectorAll("input")) radio.name = `presence_${person.id}`;
    return line;
  }

  #fill(line, person) {
    line.dataset.id = person.id;
    line.querySelector("h2").textContent = person.name;
    line.querySelector("p").textContent = person.profession + (person.unannounced ? " · sans inscription" : "");
    for (const radio of line.querySelectorAll("input[type=radio]")) radio.checked = radio.value === person.mark;
  }

  #drawCounts() {
    const counts = {...this.#state.counts};
    for (const {kind, refusal, profession, step} of this.#changes) {
      if (kind === "tally" && !refusal) counts[profession] = Math.max(0, (counts[profession] ?? 0) + step);
    }
    for (const line of $("counts").querySelectorAll("li")) {
      const n = counts[line.dataset.slug] ?? 0;
      line.querySelector("b").textContent = n;
      line.querySelector("button").disabled = !n;
    }
    const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
    $("nameless-total").hidden = !total;
    $("nameless-total").textContent = total;
  }

  #drawRefused() {
    const refused = this.#changes.filter((change) => change.refusal);
    $("refused").replaceChildren();
    if (!refused.length) return;
    const why = [...new Set(refused.map((change) => change.refusal.replace(/\.$/, "")))].join(". ");
    const list = element("ul");
    list.append(...refused.map((change) => element("li", change.label)));
    const stays = refused.length > 1 ? "Ils restent affichés ici, rien n’est perdu." : "Il reste affiché ici, rien n’est perdu.";
    const words = `${say(refused.length, "changement refusé", "changements refusés")} par le serveur\u00a0: ${why}. ${stays}`;
    const forget = element("button", "C’est réglé, retirer", {type: "button", className: "quiet"});
    forget.addEventListener("click", async () => {
      for (const change of refused) await this.#store.remove(change.key);
      await this.#draw();
    });
    $("refused").append(flash("bad", words, list, forget));
  }

  #drawDisagreements(people) {
    const boxes = people.filter(({words}) => words.some((word) => word.device === this.#device)).map((person) => {
      const here = person.words.find((word) => word.device === this.#device);
      const there = person.words.find((word) => word !== here);
      const words = `${person.name}\u00a0: ${WORDS[here.mark]} sur cet appareil à ${here.hour}, ${WORDS[there.mark]} sur un autre à ${there.hour}. Le plus récent est retenu\u00a0: ${WORDS[person.mark]}.`;
      const change = element("button", "Changer", {type: "button", className: "quiet"});
      change.addEventListener("click", () => this.#rows.get(person.id).querySelector("input:checked")?.focus());
      const right = element("button", "C’est juste", {type: "button", className: "quiet"});
      right.addEventListener("click", () => this.#mark([person.id], person.mark));
      const acts = element("p", "", {className: "row"});
      acts.append(right, change);
      return flash("warn", words, acts);
    });
    $("disagreements").replaceChildren(...boxes);
  }

  #search() {
    const asked = fold(root.querySelector("#chercher").value.trim());
    let found = 0;
    for (const line of $("people").children) {
      line.hidden = !` ${fold(line.querySelector("h2").textContent).replace(/[-'’]/g, " ")}`.includes(` ${asked.replace(/[-'’]/g, " ")}`);
      found += !line.hidden;
    }
    $("not-found").hidden = found > 0 || !asked;
  }

  #news(kind, words) {
    $("news").replaceChildren(flash(kind, words));
  }

  #tell(kind, words) {
    this.#line = [kind, words];
    this.#drawLine();
  }

  #drawLine() {
    const waiting = this.#changes.filter((change) => !change.refusal).length;
    let [kind, words] = this.#line ?? ["info", ""];
    if (kind === "off") words = waiting ? `Hors ligne\u00a0: ${say(waiting, "changement", "changements")} à envoyer` : "Hors ligne. Rien à envoyer.";
    const line = $("line");
    line.hidden = !words;
    line.dataset.is = kind;
    if (line.lastElementChild.textContent !== words) line.lastElementChild.textContent = words;
    $("keep").hidden = kind !== "off" || !waiting;
  }

  async #hear(news) {
    if (news.sending) return this.#tell("wait", news.sending > 1 ? `Envoi de ${say(news.sending, "", "changements")}…` : "Envoi d’un changement…");
    if (news.offline) {
      this.#line = ["off", ""];
      return this.#draw();
    }
    if (news.over) {
      this.#sending.stop();
      return finish(root, this.#store, news.over, news.unsent);
    }
    this.#state = news.state;
    this.#offset = news.state.now - Date.now();
    await this.#store.set("offset", this.#offset);
    const isMine = this.#ending().some((change) => news.answers.some(({key, refusal}) => key === change.key && !refusal));
    if (news.state.ended) {
      this.#sending.stop();
      const n = news.state.present;
      const thanks = `Séance close. ${n ? say(n, "présence", "présences") : "Aucune présence"}. Merci pour ce temps.`;
      return finish(root, this.#store, `${isMine ? thanks : news.state.ended} La liste est effacée de cet appareil.`, news.state.ended);
    }
    for (const {sentence} of news.answers) if (sentence) this.#news("info", sentence);
    if (news.answers.length) this.#line = ["ok", "Tout est envoyé."];
    else if (this.#line?.[0] === "off") this.#line = ["ok", "Tout est envoyé."];
    return this.#draw();
  }
}

if (root && globalThis.indexedDB && globalThis.crypto?.randomUUID) Evening.start();
if (over && globalThis.indexedDB) Store.open(SCOPE).then((store) => settle(store));

/** The server shows no list any more: nothing of it stays here either, but what was never sent. */
async function settle(store) {
  const left = await store.changes();
  if (left.length) await finish(over, store, "", over.dataset.eveningOver);
  else await store.wipe();
}
