// Markets: a slider that walks along the curve. Its figures are those of the table below the chart.
(() => {
  const details = document.querySelector("details.points");
  const slider = document.querySelector(".slider input");
  const here = document.querySelector("svg.chart line.here");
  if (!details || !slider || !here) return;
  const rows = [...details.querySelectorAll("tbody tr")];
  const output = document.querySelector(".slider output");
  const due = details.querySelectorAll("thead th")[1].textContent;
  const xs = details.dataset.xs.split(" ").map(Number);
  slider.addEventListener("input", () => {
    // The point nearest to where the slider stands, on the same scale as the chart.
    const far = (at) => Math.abs(xs[at] - slider.value);
    const at = xs.reduce((best, _, other) => (far(other) < far(best) ? other : best), 0);
    const [goods, sum, kind] = [...rows[at].children].map((cell) => cell.textContent.trim());
    output.textContent = `${goods} → ${due} ${sum} (${kind})`;
    slider.setAttribute("aria-valuetext", output.textContent);
    here.setAttribute("x1", xs[at]);
    here.setAttribute("x2", xs[at]);
  });
})();

// A button for paper, which only a script can press.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Another language keeps what stands in a form and was not sent yet.
(() => {
  const form = document.querySelector("form.ask-form");
  if (!form) return;
  const said = () => new URLSearchParams([...new FormData(form)]);
  const before = said().toString();
  for (const link of document.querySelectorAll(".tongues a")) {
    link.addEventListener("click", () => {
      const now = said();
      if (now.toString() === before) return;
      now.append("edit", "1");
      link.href = `/${link.hreflang}/markets?${now}`;
    });
  }
})();
