
"use strict";
(() => {
  const form = document.getElementById("filters");
  const text = document.getElementById("text");
  const file = document.getElementById("file");
  const subject = document.getElementById("subject");
  const shown = document.getElementById("shown");
  const rows = [...document.querySelectorAll(".finding")];
  const words = new Map();
  const wordsOf = (row) => {
    if (!words.has(row)) words.set(row, row.textContent.toLowerCase());
    return words.get(row);
  };
  const filter = () => {
    const severities = new Set([...form.querySelectorAll("[name=severity]:checked")].map((box) => box.value));
    const wanted = text.value.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      const fits = severities.has(row.dataset.severity)
        && (!file.value || row.dataset.file === file.value)
        && (!subject.value || row.dataset.subject === subject.value)
        && (!wanted || wordsOf(row).includes(wanted));
      row.hidden = !fits;
      if (fits) count += 1;
    }
    shown.textContent = `${count} of ${rows.length} findings`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
