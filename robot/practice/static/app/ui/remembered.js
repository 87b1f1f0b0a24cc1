// What a list's search box holds when its page is opened: what was last typed, at the first visit what the setting
// `remembers` says. A page that it does not name begins with an empty one. A frame of another site may keep nothing:
// there each visit is the first.
import { state } from "../state.js";

export function remembered(page) {
  const old = state.settings.remembers?.[page];
  if (old === undefined) return Vue.ref("");
  if (state.inFrame) return Vue.ref(old);
  const key = `woot-recruit-hub:search/${page}`;
  const text = Vue.ref(sessionStorage.getItem(key) ?? old);
  Vue.watch(text, (now) => sessionStorage.setItem(key, now), { flush: "sync" });
  return text;
}
