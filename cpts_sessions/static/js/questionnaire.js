// The page of a questionnaire, made more comfortable: a draft kept in this tab, what is left to write, where one is.
// Nothing is sent before the button is pressed; everything works without this file.

const PREFIX = "questionnaire:";

/** The draft of one page: what its fields hold, in sessionStorage, gone with the tab. */
export class Draft {
  constructor(form, key, storage = sessionStorage) {
    this.form = form;
    this.key = PREFIX + key;
    this.storage = storage;
  }

  /** Keep what the fields hold. */
  keep() {
    const held = [...new FormData(this.form)].filter(([, value]) => typeof value === "string" && value !== "");
    try {
      this.storage.setItem(this.key, JSON.stringify(held));
    } catch {
      // a full or forbidden storage: the page works without draft
    }
  }

  /** Put back what was kept; false when nothing was. */
  restore() {
    const held = this.#held();
    for (const [name, value] of held) {
      for (const field of this.form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "radio" || field.type === "checkbox") field.checked ||= field.value === value;
        else field.value = value;
      }
    }
    return held.length > 0;
  }

  /** Forget it, and empty the fields. */
  erase() {
    this.forget();
    for (const field of this.form.elements) {
      if (field.type === "radio") field.checked = field.value === "";
      else if (field.type === "checkbox") field.checked = false;
      else if (field.matches("textarea, input[type=text]")) field.value = "";
    }
  }

  forget() {
    this.storage.removeItem(this.key);
  }

  #held() {
    try {
      const held = JSON.parse(this.storage.getItem(this.key) ?? "[]");
      return Array.isArray(held) ? held : [];
    } catch {
      return [];
    }
  }
}

/** Forget every draft of this tab: the answers are sealed. */
export function forgetAll(storage = sessionStorage) {
  for (const key of Object.keys(storage)) if (key.startsWith(PREFIX)) storage.removeItem(key);
}

/** « Encore 1 200 caractères » under each text; signs are counted as the server does. */
function countLeft(field) {
  const told = document.getElementById(`${field.id}-left`);
  if (!told) return;
  const left = Math.max(field.maxLength - [...field.value].length, 0);
  told.textContent = `Encore ${left.toLocaleString("fr-FR")}\u00a0caractère${left > 1 ? "s" : ""}`;
}

/** Where one is: the question that has the focus, else the last one touched. */
function followProgress(form, bar) {
  const questions = [...form.querySelectorAll(".question")];
  const meter = bar.querySelector("progress");
  const words = bar.querySelector("span");
  form.addEventListener("focusin", (event) => {
    const at = questions.indexOf(event.target.closest(".question"));
    if (at < 0) return;
    meter.value = at + 1;
    words.textContent = `Question ${at + 1} sur ${questions.length}`;
  });
  bar.hidden = false;
}

function start(form) {
  const draft = new Draft(form, location.pathname);
  const texts = form.querySelectorAll("textarea[maxlength]");
  const offline = document.getElementById("hors-ligne");
  const isKept = "kept" in form.dataset; // sent once and given back with its errors: the draft is older
  if (isKept) draft.keep();
  else draft.restore();

  const refresh = () => texts.forEach(countLeft);
  form.addEventListener("input", () => {
    draft.keep();
    refresh();
  });
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      offline.hidden = false;
      offline.focus();
    }
  });
  addEventListener("online", () => (offline.hidden = true));
  addEventListener("offline", () => (offline.hidden = false));
  offline.hidden = navigator.onLine;

  document.getElementById("brouillon").hidden = false;
  document.getElementById("effacer-brouillon").addEventListener("click", () => {
    draft.erase();
    refresh();
    form.querySelector("input, textarea").focus();
  });
  followProgress(form, document.getElementById("progression"));
  refresh();
}

const form = document.getElementById("questionnaire");
if (form) start(form);
else forgetAll();
