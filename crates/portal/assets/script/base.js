// What a page does better with script. Every page works without it.
(() => {
  // On paper: the whole address, with the name of the site.
  const here = document.getElementById("here");
  if (here) here.textContent = location.href.split("#")[0];
  // A link into a fold opens it; newer browsers do so by themselves.
  const open = () => {
    let at = document.getElementById(location.hash.slice(1));
    if (!at) return;
    const target = at;
    let closed = false;
    for (; at; at = at.parentElement) {
      if (at.localName === "details" && !at.open) at.open = closed = true;
    }
    if (closed) target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  if (location.hash) open();
})();
