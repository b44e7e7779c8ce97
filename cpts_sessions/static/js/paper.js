// A signed sheet, ticked without leaving the keyboard: letters find a name, Enter ticks it, Escape comes back.
//
// What it ticks are the radios of the form below it (templates/coordinator/session_paper.html); the form is what is
// sent, and works alone. Nothing is kept here.

const NBSP = "\u00a0";

const WHOLE = {œ: "oe", æ: "ae", ß: "ss", ł: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ı: "i", þ: "th"};
const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const fold = (text) => bare(text).replace(/[œæßłøđðħıþ]/g, (one) => WHOLE[one]);

/** The rows whose name has a word beginning so, those whose last name does first. */
function matching(rows, typed) {
  const wanted = fold(typed).split(/[\s'’-]+/u).filter(Boolean);
  const begins = (name) => {
    const words = fold(name).split(/[\s'’-]+/u);
    return wanted.every((letters) => words.some((word) => word.startsWith(letters)));
  };
  const found = rows.filter((row) => begins(row.dataset.name));
  return [...found.filter((row) => begins(row.dataset.last)), ...found.filter((row) => !begins(row.dataset.last))];
}

function start(card, form) {
  const input = card.querySelector("input");
  const status = card.querySelector("[data-said]");
  const rows = [...form.querySelectorAll("[data-name]")];
  const present = (row) => row.querySelector("input[value=present]");
  const undone = []; // [row, the radio that was chosen before]
  let found = [];
  let at = 0;

  const say = (text) => (status.textContent = text);
  const count = () => `${rows.filter((row) => present(row).checked).length} sur${NBSP}${rows.length}`;

  function show() {
    found = input.value.trim() ? matching(rows, input.value) : [];
    at = Math.min(at, Math.max(found.length - 1, 0));
    for (const row of rows) {
      row.hidden = Boolean(input.value.trim()) && !found.includes(row);
      row.classList.toggle("here", row === found[at]);
    }
  }

  function tell() {
    if (!input.value.trim()) return say("");
    if (!found.length) return say(`Aucun nom ne commence ainsi. Entrée${NBSP}: ajouter cette personne.`);
    const others = found.length > 1 ? ` ${at + 1} sur${NBSP}${found.length}, flèches pour changer.` : "";
    say(`Entrée${NBSP}: ${found[at].dataset.name}.${others}`);
  }

  function clear() {
    input.value = "";
    at = 0;
    show();
  }

  function tick(row) {
    undone.push([row, row.querySelector("input:checked")]);
    present(row).checked = true;
    clear();
    say(`${row.dataset.name}${NBSP}: présence. ${count()}.`);
  }

  function untick() {
    const last = undone.pop();
    if (!last) return say("");
    const [row, before] = last;
    if (before) before.checked = true;
    else present(row).checked = false;
    say(`${row.dataset.name}${NBSP}: retour en arrière. ${count()}.`);
  }

  function enter() {
    if (found.length) return tick(found[at]);
    if (input.value.trim()) {
      const name = form.elements.nom;
      name.value = input.value.trim();
      clear();
      return form.elements.prenom.focus();
    }
    form.querySelector("button:not([name])").focus();
  }

  function move(step) {
    if (!found.length) return;
    at = (at + step + found.length) % found.length;
    show();
    tell();
  }

  input.addEventListener("input", () => {
    at = 0;
    show();
    tell();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const acts = {
      Enter: enter,
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Escape: () => (input.value ? (clear(), say("")) : untick()),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") input.focus();
  });
  form.addEventListener("submit", clear); // a hidden row is sent all the same; whoever comes back sees them all
  card.hidden = false;
  if (!document.querySelector("[role=alert]")) input.focus();
}

const card = document.querySelector("[data-paper]");
const form = document.querySelector("[data-sheet]");
if (card && form) start(card, form);
