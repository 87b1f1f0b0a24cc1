// Draws the current route's page: in the main document, or in a frame where the `frames` setting says so.
// A page module exports its component as `Page`; it does not know where it is mounted.
import { state } from "../state.js";
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

export const Outlet = {
  name: "Outlet",
  components: { FrameHost },
  setup() {
    const route = VueRouter.useRoute();
    const key = Vue.computed(() => `${route.params.locationId ?? ""}/${route.meta.frame?.page ?? route.meta.key?.(route) ?? route.name}`);
    const framed = Vue.shallowRef(false);
    Vue.watch(key, () => (framed.value = Boolean(route.meta.frame) && isFramed(route.meta.frame.page)), { immediate: true, flush: "sync" });
    const page = Vue.computed(() => pageOf(route.meta.load));
    return { route, key, framed, page };
  },
  template: `
    <frame-host v-if="framed" :key="key" :frame="route.meta.frame" />
    <main v-else :key="'page/' + key" class="page"><component :is="page" /></main>`,
};
