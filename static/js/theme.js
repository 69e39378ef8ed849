// Classic and first: sets the colours somebody chose before the page is painted.
(() => {
  const chosen = localStorage.getItem("schoolchat.theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
})();
