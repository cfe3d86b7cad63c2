// Page: rates. The list of economies answers while one types; without script the form asks the server.
(() => {
  const table = document.querySelector("table.economies");
  const field = document.getElementById("q");
  const said = document.getElementById("found");
  // A list that the server has shortened already stays as it is.
  if (!table || !field || !said || field.value) return;
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
  const letters = document.querySelector(".letters");
  const filter = () => {
    const wanted = fold(field.value);
    let count = 0;
    for (const group of table.tBodies) {
      let shown = 0;
      for (const row of group.rows) {
        row.hidden = !row.dataset.find.includes(wanted);
        if (!row.hidden) shown++;
      }
      group.hidden = shown === 0;
      count += shown;
    }
    if (letters) letters.hidden = wanted !== "";
    const text = count === 1 ? said.dataset.one : count === 0 ? said.dataset.none : said.dataset.many.replace("7", count);
    if (said.textContent.trim() !== text) said.textContent = text;
  };
  field.addEventListener("input", filter);
})();
