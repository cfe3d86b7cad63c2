// Page: code. After an answer the question stays where it was read: the next one comes into view, not the top of the page.
(() => {
  const question = document.querySelector(".question .choices");
  if (!question && !document.querySelector(".likely")) return;
  const kept = "tidewaiter-question";
  const store = () => { try { return window.sessionStorage; } catch { return null; } };
  question?.addEventListener("click", (event) => {
    if (event.target.closest("a")) store()?.setItem(kept, "1");
  });
  if (store()?.getItem(kept)) {
    store().removeItem(kept);
    const next = document.querySelector("#likely") ?? document.querySelector("#question");
    if (next) {
      next.tabIndex = -1;
      next.focus({ preventScroll: true });
      next.closest("section")?.scrollIntoView({ block: "start" });
    }
  }
})();
