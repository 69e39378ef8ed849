// Signing out leaves nothing unsent on the device: asked before, if something is, and made sure of on the sign-in page.
const SIGNS_OUT = 'form[action="/accounts/logout/"]';
const WAIT_MS = 2000; // a browser that does not answer keeps nobody from leaving

const shelf = () => import("lib/shelf");
const within = (work, otherwise) => Promise.race([work.catch(() => otherwise), new Promise((done) => setTimeout(() => done(otherwise), WAIT_MS))]);

async function agreed(count) {
  const { leavingWords } = await import("lib/unsent");
  return window.confirm(leavingWords(count));
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches(SIGNS_OUT)) return;
  event.preventDefault();
  const count = await within(shelf().then((kept) => kept.countKept()), 0);
  if (count > 0 && !await agreed(count)) return;
  await within(shelf().then((kept) => kept.clearShelves()), null);
  form.submit();
});

// Whoever sees the sign-in page is not signed in here, however that came about.
if (document.documentElement.hasAttribute("data-nobody")) shelf().then((kept) => kept.clearShelves()).catch(() => {});
