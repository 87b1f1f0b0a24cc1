// A page that lives in a frame on the frames host. The frame is about:blank for a moment; it asks for its token by
// message, and says where it is: {type: "load", url} and Postmate's route-change (facts 1.3).
import { currentToken, renewToken } from "../session.js";
import { state } from "../state.js";

export const FrameHost = {
  name: "FrameHost",
  props: { frame: { type: Object, required: true } },
  setup(props) {
    const route = VueRouter.useRoute();
    const router = VueRouter.useRouter();
    const loseSession = Vue.inject("loseSession");
    const origin = window.PRACTICE.frames;
    const element = Vue.ref(null);
    let inside = ""; // path the frame last said it is on

    async function heard(event) {
      if (event.origin !== origin || event.source !== element.value?.contentWindow) return;
      const message = event.data ?? {};
      if (message.type === "token-request") {
        const token = message.renew ? await renewToken() : currentToken();
        const told = { user: Vue.toRaw(state.user), settings: Vue.toRaw(state.settings), pace: Vue.toRaw(state.pace), location: Vue.toRaw(state.location) };
        event.source?.postMessage({ type: "token", token, state: JSON.parse(JSON.stringify(told)) }, origin);
      } else if (message.type === "session-lost") {
        loseSession();
      } else if (message.type === "navigate") {
        router.push(message.path);
      } else if (message.postmate === "emit" && message.value.name === "route-change") {
        inside = message.value.data.path;
        if (inside !== route.fullPath) router.replace(inside);
      } else if (message.postmate === "emit" && message.value.name === "update-document-title") {
        document.title = message.value.data.title;
      }
    }
    // Set on the element, not bound: the same address again must load again.
    const show = () => {
      if (element.value) element.value.src = origin + route.fullPath;
    };
    Vue.onMounted(() => {
      window.addEventListener("message", heard);
      setTimeout(show, state.pace.blankFrameMs);
    });
    // The frame is drawn again once after it has loaded: what was found in it before is gone (setting `frames_reload`).
    let isReloaded = false;
    const loaded = () => {
      if (!state.settings.frames_reload || isReloaded || element.value?.src === "about:blank") return;
      isReloaded = true;
      setTimeout(show, 150);
    };
    Vue.onUnmounted(() => window.removeEventListener("message", heard));
    Vue.watch(() => route.fullPath, (path) => path !== inside && show());
    return { element, loaded };
  },
  template: `
    <div class="frame-host">
      <iframe ref="element" :name="frame.name" src="about:blank" :title="frame.name" @load="loaded" allow="clipboard-write"></iframe>
    </div>`,
};
