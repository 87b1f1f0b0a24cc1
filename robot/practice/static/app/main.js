// Entry of the main document.
//
// To add a page
//   1. pages/<area>.js exports its component as `Page` (an object with `setup` and `template`; Vue, VueRouter and
//      naive are globals; import widgets from ui/*.js). Naive UI's components are registered globally (<n-button>):
//      those that vendor/naive-ui.entry.js names; vendor/README.md says how to add one.
//      Inside: `VueRouter.useRoute().params.locationId`, `state` (state.js), `post(path, body)` (api.js),
//      `useLoad` (ui/load.js) for lists, `toast` (ui/toast.js).
//   2. routes.js: one line, `agency(path, name, title, load)`, `location(tail, …)` or `settings(tail, …)`, with
//      `load = () => import("./pages/<area>.js")`.
//      Lives it in a frame: add `{ frame: { page: "staff", name: "settings-app" } }`; `page` is the key in the
//      `frames` setting (setting.py), `name` the frame's name attribute. Several routes may share a frame `page`:
//      then the frame stays, and its own router goes between them. An agency page under settings takes
//      `{ section: "settings" }`. A route whose page must be drawn anew when a parameter changes takes
//      `{ key: (route) => "…" }`.
//   3. shell/menu.js: an entry, if there is none yet: {id, label, icon, tail}; icons are in vendor/lucide-icons.js.
//   4. A drawer opened from the top bar: append its component to DRAWERS in shell/drawers.js; [?] toggles
//      `state.helpOpen`.
//   A page never asks whether it is in a frame. To go elsewhere it pushes an address on `VueRouter.useRouter()`;
//   the frame's router hands foreign addresses to the main document.
//   Styles: styles/<area>.css, linked from index.html and frame.html.
//   The page is written in the words, names and order of the baseline release; releases/index.js says how the others
//   differ, ui/release.js how they are asked. Templates are read as the release has them without more ado. Text that
//   is not in a template goes through `label`, elements drawn without one through `h` of ui/release.js.
//
// To add an API area
//   1. api/<area>.py: `async def handler(call: Call) -> Json`, and at the end
//      `routes = [post("/locations/{location_id}/things/search", search), …]`. All are POST, under /api.
//      `call.location_id`, `call.body`, `call.owned(kind, id)`, `call.store`. To refuse:
//      `raise RefusedError("Title of the toast", "text", code="in_use")`; the page gets an ApiError with
//      status, code, title and detail.
//   2. Whatever a user changes goes through `call.store.insert/update/delete(entity, call.act("delete",
//      f"email_domain:{domain}"))`, so that the mutation list has it.
//   3. What finishes later: `jobs.schedule(call.store, call.pace, kind="…", payload={…}, real_s=600)` and a function
//      under `@job("…")`; it records with an `Act` built from the payload.
//   4. List the module in AREAS in api/__init__.py.
import { post, setTokenSource } from "./api.js";
import { makeRouter } from "./router.js";
import { routes } from "./routes.js";
import { currentToken, dropSession, isSignedIn, renewToken, restoreSession } from "./session.js";
import { AppRoot } from "./shell/app_root.js";
import { listenLater } from "./shell/deaf.js";
import { decidePlace } from "./shell/outlet.js";
import { SIDEBAR_KEY } from "./shell/sidebar.js";
import { rememberRecent } from "./shell/switcher.js";
import { state } from "./state.js";
import { current, label, useRelease } from "./ui/release.js";
import { renameStyles } from "./ui/style_names.js";
import { readTemplates } from "./ui/template.js";

const HOME = "/agency_dashboard?tab=summary";

useRelease(window.PRACTICE.release);
renameStyles();
listenLater();
await restoreSession();
const router = makeRouter({ framed: false });

// The session is over: to the sign-in page, and afterwards back to where we are.
async function loseSession() {
  if (!isSignedIn()) return;
  await dropSession();
  state.ready = false;
  router.push({ path: "/", query: { redirect: wanted || router.currentRoute.value.fullPath } });
}
let isFirst = true; // no navigation has happened yet
let wanted = ""; // where a navigation under way leads
setTokenSource({ current: currentToken, renew: renewToken, lost: loseSession });

async function boot() {
  Object.assign(state, await post("/boot"), { ready: true });
  state.isSidebarOpen = (localStorage.getItem(SIDEBAR_KEY) ?? state.settings.sidebar) === "open";
  if (state.settings.asks_before_leaving) window.addEventListener("beforeunload", (event) => event.preventDefault());
  state.settings.release = current().name; // whatever has been switched since
}

async function enterLocation(id) {
  if (state.location?.id === id) return;
  state.location = await post(`/locations/${id}`);
  rememberRecent(id);
}

router.beforeEach(async (to) => {
  if (to.meta.view === "none") return isSignedIn() ? to.query.redirect || HOME : true;
  if (!isSignedIn()) return { path: "/", query: { redirect: to.fullPath } };
  wanted = to.fullPath;
  try {
    if (!state.ready) await boot();
    if (to.meta.view === "location") await enterLocation(to.params.locationId);
    else state.location = null;
  } catch (error) {
    if (error.code === "session") return false;
    if (error.status === 404) return HOME;
    throw error;
  }
  return true;
});
router.afterEach((to, from, failure) => {
  if (failure) return;
  wanted = "";
  state.isEmpty = isFirst && to.meta.view !== "none" && Boolean(state.settings.cold_shell);
  isFirst = false;
  decidePlace(to, from);
  document.title = `${label(to.meta.title ?? "")} | Woot Recruit Hub`;
  window.dispatchEvent(new CustomEvent("routeChangeEvent", { detail: { path: to.fullPath } }));
});

const app = Vue.createApp(AppRoot);
readTemplates(app);
app.use(router);
app.use(naive);
app.provide("loseSession", loseSession);
app.mount("#app");

// Fetch the pages' modules while nothing else happens, so that the first visit of each is quick.
await router.isReady();
requestIdleCallback(() => new Set(routes.map((route) => route.load)).forEach((load) => load()));
