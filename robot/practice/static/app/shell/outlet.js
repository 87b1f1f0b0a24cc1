// Draws the current route's page: in the main document, or in a frame where the `frames` setting says so.
// A page module exports its component as `Page`; it does not know where it is mounted.
import { state } from "../state.js";
import { pageIsDrawn } from "./deaf.js";
import { FrameHost } from "./frame_host.js";

const loaded = new Map(); // load function -> async component

export function pageOf(load) {
  if (!loaded.has(load)) {
    loaded.set(load, Vue.defineAsyncComponent({ loader: () => load().then((module) => module.Page), delay: 100, suspensible: false }));
  }
  return loaded.get(load);
}

const VISITS_KEY = "woot-recruit-hub:frame-visits";

function isFramed(page) {
  const where = state.settings.frames?.[page] ?? "main";
  if (where !== "frame-then-main") return where === "frame";
  const visits = JSON.parse(sessionStorage.getItem(VISITS_KEY) || "{}");
  visits[page] = (visits[page] ?? 0) + 1;
  sessionStorage.setItem(VISITS_KEY, JSON.stringify(visits));
  return visits[page] === 1;
}

// Two routes of one key are one visit of one page.
const keyOf = (route) =>
  `${route.params.locationId ?? ""}/${route.meta.frame?.page ?? route.meta.key?.(route) ?? route.name}`;

// Called once for each navigation that has happened: decides where the page is drawn.
export function decidePlace(to, from) {
  if (from.name && keyOf(to) === keyOf(from)) return;
  state.framed = Boolean(to.meta.frame) && isFramed(to.meta.frame.page);
}

export const Outlet = {
  name: "Outlet",
  components: { FrameHost },
  setup() {
    const route = VueRouter.useRoute();
    const key = Vue.computed(() => keyOf(route));
    const page = Vue.computed(() => pageOf(route.meta.load));
    return { state, route, key, page, pageIsDrawn };
  },
  template: `
    <frame-host v-if="state.framed" :key="key" :frame="route.meta.frame" />
    <main v-else :key="'page/' + key" class="page"><component :is="page" @vue:mounted="pageIsDrawn" /></main>`,
};
