// What may lie over the page: a product guide, an announcement, the "please refresh" popup (facts 1.1).
// The `overlay` setting chooses; each is shown once per start of the app.
import { state } from "../state.js";
import { Icon } from "../ui/icon.js";

export const Overlay = {
  name: "Overlay",
  components: { Icon },
  setup() {
    const closed = Vue.ref(false);
    const route = VueRouter.useRoute();
    const kind = Vue.computed(() => (closed.value || route.meta.view === "none" ? "none" : state.settings.overlay));
    const reload = () => window.location.reload();
    return { closed, kind, reload };
  },
  template: `
    <div v-if="kind === 'announcement'" id="notification_banner-top_bar">
      <icon name="megaphone" :size="16" /> <span>New: faster reporting is rolling out this week.</span>
      <button id="notification_banner-btn-close" type="button" class="icon-button" aria-label="Close" @click="closed = true"><icon name="x" :size="16" /></button>
    </div>
    <teleport to="body">
      <div v-if="kind === 'guide'" id="pendo-guide-container" role="dialog" aria-label="What is new">
        <div class="guide-card">
          <button class="icon-button _pendo-close-guide" type="button" aria-label="Close" @click="closed = true"><icon name="x" /></button>
          <h2>Meet the new menu</h2>
          <p>Everything you use every day is now one click nearer.</p>
        </div>
      </div>
      <!-- The softphone has neither class nor id (facts 1.1). -->
      <div v-if="kind === 'softphone'" style="position: fixed; right: 20px; top: 68px; z-index: 5000; width: 300px; height: 420px; background: #fff; border: 1px solid #d0d5dd; border-radius: 14px; box-shadow: 0 16px 40px rgb(16 24 40 / 25%); padding: 18px">
        <div style="display: flex; justify-content: space-between; align-items: center"><strong>Phone</strong>
          <button type="button" class="icon-button" aria-label="Minimize" @click="closed = true"><icon name="minus" /></button></div>
        <p style="margin-top: 12px">Your line is ready.</p>
      </div>
      <div v-if="kind === 'refresh'" class="refresh-popup" role="dialog" aria-label="Refresh">
        <p>You haven't refreshed in a while. Refresh to get the latest version.</p>
        <n-button type="primary" size="small" @click="closed = true; reload()">Refresh Now</n-button>
        <n-button size="small" quaternary @click="closed = true">Later</n-button>
      </div>
    </teleport>`,
};
