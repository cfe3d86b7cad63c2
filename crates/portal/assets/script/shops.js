// Page: shops. Buttons that copy lines of code, and answers of the API shown in place.
for (const lines of document.querySelectorAll("pre[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "second", textContent: lines.dataset.copy });
  const frame = Object.assign(document.createElement("div"), { className: "copying" });
  lines.replaceWith(frame);
  frame.append(lines, button);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(lines.textContent);
    button.textContent = lines.dataset.copied;
    setTimeout(() => { button.textContent = lines.dataset.copy; }, 2000);
  });
}

for (const form of document.querySelectorAll("form[data-console]")) {
  const MOST = 100000;
  const out = form.querySelector(".console-answer");
  const element = (name, ...inside) => {
    const made = document.createElement(name);
    made.append(...inside);
    return made;
  };
  // The address that the fields ask for; empty fields are left out.
  const address = () => {
    let path = form.dataset.console;
    const query = new URLSearchParams();
    for (const field of form.querySelectorAll("[data-place]")) {
      const value = field.value.trim();
      if (field.dataset.place === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(value));
      else if (value) query.append(field.name, value);
    }
    return query.size ? `${path}?${query}` : path;
  };
  const shown = (text) => {
    try { text = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not one JSON document: as it is */ }
    return text.length > MOST ? [`${text.slice(0, MOST)}\n…`, true] : [text, false];
  };
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    out.hidden = false;
    out.replaceChildren(element("p", out.dataset.wait));
    const where = address();
    const began = performance.now();
    try {
      const { kind } = form.dataset;
      const sent = kind ? { method: "POST", headers: { "content-type": kind }, body: form.elements.body.value } : {};
      const answer = await fetch(where, sent);
      const text = await answer.text();
      const time = Math.round(performance.now() - began);
      const bytes = new TextEncoder().encode(text).length;
      const [body, cut] = shown(text);
      const headers = element("details", element("summary", out.dataset.headers),
        element("pre", [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n")));
      const pre = element("pre", element("code", body));
      pre.tabIndex = 0;
      pre.setAttribute("role", "region");
      pre.setAttribute("aria-label", out.dataset.body);
      const first = element("p", element("strong", `${answer.status} ${answer.statusText}`), ` · ${out.dataset.time.replace("{ms}", time).replace("{bytes}", bytes)}`);
      out.replaceChildren(first, element("p", element("code", `${kind ? "POST" : "GET"} ${where}`)), headers, pre);
      if (cut) out.append(element("p", out.dataset.cut));
    } catch {
      out.replaceChildren(element("p", out.dataset.failed));
    }
  });
}
