// A button beside every text that is there to be copied. Without this file the text is selected in one click.

const SHOWN_MS = 2500;

/** Copy a text; false when the browser refuses: the text is then selected, ready for the keyboard. */
async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.innerText.trim());
    return true;
  } catch {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    return false;
  }
}

/** Add its button to one text. */
function equip(holder, status) {
  const button = document.createElement("button");
  const words = holder.dataset.copy;
  button.type = "button";
  button.className = "quiet small";
  button.textContent = words;
  button.addEventListener("click", async () => {
    const said = (await copy(holder.firstElementChild)) ? "Copié" : "Texte choisi : copiez-le avec votre clavier";
    button.textContent = status.textContent = said;
    setTimeout(() => {
      button.textContent = words;
      status.textContent = "";
    }, SHOWN_MS);
  });
  holder.append(button);
}

const status = document.getElementById("copie");
for (const holder of document.querySelectorAll("[data-copy]")) equip(holder, status);
