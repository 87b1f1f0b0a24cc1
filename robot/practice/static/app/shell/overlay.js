// What may lie over the page: a product guide, an announcement, the "please refresh" popup (facts 1.1).
// The `overlays` setting chooses; each is shown once per start of the app, "please refresh" once per tab: who has
// just refreshed is not asked to.
import { state } from "../state.js";
import { Icon } from "../ui/icon.js";

export const Overlay = {
  name: "Overlay",
  components: { Icon },
  setup() {
    const closed = Vue.reactive(new Set(sessionStorage.getItem("refreshed") ? ["refresh"] : []));
    const route = VueRouter.useRoute();
    const has = (kind) => route.meta.view !== "none" && state.settings.overlays.includes(kind) && !closed.has(kind);
    const close = (kind) => closed.add(kind);
    const reload = () => {
      sessionStorage.setItem("refreshed", "yes");
      window.location.reload();
    };
    return { has, close, reload };
  },
  template: `
    <div v-if="has('announcement')" id="notification_banner-top_bar">
      <icon name="megaphone" :size="16" /> <span>New: faster reporting is rolling out this week.</span>
      <button id="notification_banner-btn-close" type="button" class="icon-button" aria-label="Close" @click="close('announcement')"><icon name="x" :size="16" /></button>
    </div>
    <teleport to="body">
      <div v-if="has('guide')" id="pendo-guide-container" role="dialog" aria-label="What is new">
        <div class="guide-card">
          <button class="icon-button _pendo-close-guide" type="button" aria-label="Close" @click="close('guide')"><icon name="x" /></button>
          <h2>Meet the new menu</h2>
          <p>Everything you use every day is now one click nearer.</p>
        </div>
      </div>
      <!-- The softphone has neither class nor id (facts 1.1). -->
      <div v-if="has('softphone')" style="position: fixed; right: 20px; top: 68px; z-index: 5000; width: 300px; height: 420px; background: #fff; border: 1px solid #d0d5dd; border-radius: 14px; box-shadow: 0 16px 40px rgb(16 24 40 / 25%); padding: 18px">
        <div style="display: flex; justify-content: space-between; align-items: center"><strong>Phone</strong>
          <button type="button" class="icon-button" aria-label="Minimize" @click="close('softphone')"><icon name="minus" /></button></div>
        <p style="margin-top: 12px">Your line is ready.</p>
      </div>
      <div v-if="has('refresh')" class="refresh-popup" role="dialog" aria-label="Refresh">
        <p>You haven't refreshed in a while. Refresh to get the latest version.</p>
        <n-button type="primary" size="small" @click="close('refresh'); reload()">Refresh Now</n-button>
        <n-button size="small" quaternary @click="close('refresh')">Later</n-button>
      </div>
    </teleport>`,
};
