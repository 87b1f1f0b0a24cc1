// .hl_header : module tabs on the left, controls on the right (facts 1.1).
import { post } from "../api.js";
import { dropSession } from "../session.js";
import { state } from "../state.js";
import { Icon } from "../ui/icon.js";
import { label } from "../ui/release.js";
import { MODULE_TABS } from "./tabs.js";

export const TopBar = {
  name: "TopBar",
  components: { Icon },
  setup() {
    const route = VueRouter.useRoute();
    const router = VueRouter.useRouter();
    const tabs = Vue.computed(() =>
      (MODULE_TABS[route.meta.tabs] ?? []).map((tab) => ({
        ...tab,
        label: state.settings.menu_labels?.[tab.id] ?? tab.label,
        href: `/v2/location/${route.params.locationId}/${tab.tail}`,
        active: tab.also.includes(route.name),
      })),
    );
    const title = Vue.computed(() => label(route.meta.section === "settings" ? "Settings" : route.meta.title));
    const initials = Vue.computed(() => (state.user ? state.user.first[0] + state.user.last[0] : ""));
    const entries = [
      { key: "profile", label: label("My Profile") },
      { key: "signout", label: label("Signout") },
    ];
    async function pick(key) {
      if (key === "profile") {
        await router.push(
          route.meta.view === "location" ? `/v2/location/${route.params.locationId}/settings/profile` : "/settings/profile",
        );
        return;
      }
      await post("/session/logout");
      await dropSession();
      window.location.assign("/");
    }
    const help = () => (state.helpOpen = !state.helpOpen);
    return { state, router, title, tabs, initials, entries, pick, help };
  },
  template: `
    <header class="hl_header">
      <div class="topmenu">
        <span class="topmenu-title">{{ title }}</span>
        <nav v-if="tabs.length" class="topmenu-nav">
          <a v-for="tab in tabs" :key="tab.id" :id="tab.id" :href="tab.href" class="topmenu-navitem"
            :class="{ active: tab.active }" @click.prevent="router.push(tab.href)">{{ tab.label }}</a>
        </nav>
      </div>
      <div class="hl_header--controls">
        <button id="hl_header--copilot-icon" type="button" class="header-button" aria-label="Ask AI Assistant"><icon name="sparkles" /></button>
        <button id="canny_logs-toggle" type="button" class="header-button" aria-label="View Changelog"><icon name="megaphone" /></button>
        <button id="recent_activities-toggle" type="button" class="header-button" aria-label="View Notifications"><icon name="bell" /></button>
        <button id="hl_header--help-icon" type="button" class="header-button help" aria-label="Need Help?" @click="help"><icon name="circle-help" /></button>
        <n-dropdown trigger="click" placement="bottom-end" :options="entries" @select="pick">
          <button type="button" class="hl_header--avatar" aria-label="Open Profile Menu">{{ initials }}</button>
        </n-dropdown>
      </div>
    </header>`,
};
