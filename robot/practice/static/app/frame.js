// Entry of a page in a frame: asks the main document for its token, then draws the same page modules.
import { setTokenSource } from "./api.js";
import { makeRouter } from "./router.js";
import { listenLater, pageIsDrawn } from "./shell/deaf.js";
import { pageOf } from "./shell/outlet.js";
import { state } from "./state.js";
import { label, prefixOf, useRelease } from "./ui/release.js";
import { renameStyles } from "./ui/style_names.js";
import { readTemplates } from "./ui/template.js";
import { theme } from "./ui/theme.js";

const home = window.PRACTICE.app;
const say = (message) => window.parent.postMessage(message, home);
const emit = (name, data) => say({ postmate: "emit", type: "application/x-postmate-v1+json", value: { name, data } });

function asked({ renew }) {
  return new Promise((resolve) => {
    const heard = (event) => {
      if (event.origin !== home || event.data?.type !== "token") return;
      window.removeEventListener("message", heard);
      resolve(event.data);
    };
    window.addEventListener("message", heard);
    say({ type: "token-request", renew });
  });
}

let token = null;
setTokenSource({
  current: () => token,
  renew: async () => (token = (await asked({ renew: true })).token),
  lost: () => say({ type: "session-lost" }),
});

const answer = await asked({ renew: false });
token = answer.token;
Object.assign(state, answer.state, { ready: true, inFrame: true });
useRelease(state.settings.release);
listenLater();
renameStyles();

const router = makeRouter({ framed: true, elsewhere: (path) => say({ type: "navigate", path }) });
router.afterEach((to) => {
  emit("route-change", { path: to.fullPath });
  emit("update-document-title", { title: `${label(to.meta.title ?? "")} | Woot Recruit Hub` });
});

const FrameRoot = {
  setup() {
    const route = VueRouter.useRoute();
    const page = Vue.computed(() => (route.meta.load ? pageOf(route.meta.load) : null));
    return { page, theme, route, pageIsDrawn, prefix: prefixOf("n") };
  },
  template: `
    <n-config-provider :cls-prefix="prefix" :theme-overrides="theme" abstract inline-theme-disabled>
      <main class="page"><component :is="page" v-if="page" :key="route.name" @vue:mounted="pageIsDrawn" /></main>
    </n-config-provider>`,
};

const app = Vue.createApp(FrameRoot);
readTemplates(app);
app.use(router);
app.use(naive);
app.mount("#app");
await router.isReady();
say({ type: "load", url: window.location.href });
