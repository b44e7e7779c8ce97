// Figures put where the cursor is, in the text of a page of the report. Without this file they go to its end.

/** Put a figure into a text, with a space before and after where words touch it. */
function insert(area, key) {
  const before = area.value.slice(0, area.selectionStart);
  const after = area.value.slice(area.selectionEnd);
  const lead = before && !/[\s(«’'{]$/.test(before) ? " " : "";
  const tail = after && /^[\p{L}\p{N}{]/u.test(after) ? " " : "";
  area.setRangeText(`${lead}{${key}}${tail}`, area.selectionStart, area.selectionEnd, "end");
  area.focus();
}

const area = document.getElementById("texte");
for (const button of document.querySelectorAll("[data-insert]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    insert(area, button.value);
  });
}
