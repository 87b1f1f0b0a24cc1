// aside#sidebar-v2 : switcher, main menu, settings menu, footer (facts 1.1). Both menus stay in the document.
import { state } from "../state.js";
import { Icon } from "../ui/icon.js";
import { label } from "../ui/release.js";
import { arrangedGroups, arrangedMenu } from "./arrange.js";
import {
  AGENCY_FOOTER,
  AGENCY_MENU,
  AGENCY_SETTINGS,
  LOCATION_FOOTER,
  LOCATION_MENU,
  LOCATION_SETTINGS,
} from "./menu.js";
import { Switcher } from "./switcher.js";

// Whether the sidebar is "open" or "collapsed", remembered per user.
export const SIDEBAR_KEY = "woot-recruit-hub:sidebar";

const NavLink = {
  components: { Icon },
  props: { entry: { type: Object, required: true } },
  setup(props) {
    const route = VueRouter.useRoute();
    const router = VueRouter.useRouter();
    const path = Vue.computed(() => props.entry.href.split("?")[0]);
    const isActive = Vue.computed(
      () => route.path === path.value || (props.entry.stem && route.path.startsWith(props.entry.stem)),
    );
    const go = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      router.push(props.entry.href);
    };
    // Collapsed, the label is a tooltip below body and nothing else (facts 1.1, 1.4).
    const tip = Vue.ref(null);
    const hover = (event) => {
      const box = event.currentTarget.getBoundingClientRect();
      tip.value = state.isSidebarOpen ? null : { left: `${box.right + 8}px`, top: `${box.top}px` };
    };
    return { state, isActive, go, tip, hover };
  },
  template: `
    <a :id="entry.id" :meta="entry.id.replace('sb_', '')" :href="entry.href" class="nav-link" :class="{ active: isActive }"
      @click="go" @mouseenter="hover" @mouseleave="tip = null"><icon :name="entry.icon" :size="18" />
      <span v-if="state.isSidebarOpen" class="nav-title">{{ entry.label }}</span>
      <teleport to="body"><div v-if="tip" class="n-tooltip nav-tip" role="tooltip" :style="tip">{{ entry.label }}</div></teleport></a>`,
};

export const Sidebar = {
  name: "Sidebar",
  components: { Icon, NavLink, Switcher },
  setup() {
    const route = VueRouter.useRoute();
    const router = VueRouter.useRouter();
    const inLocation = Vue.computed(() => route.meta.view === "location");
    const inSettings = Vue.computed(() => route.meta.section === "settings");
    const own = (key) => state.settings.menu_labels?.[key];
    const filled = (entry) => {
      const stem = `/v2/location/${route.params.locationId}/`;
      return {
        ...entry,
        label: own(entry.id) ?? label(entry.label, "nav"),
        href: inLocation.value ? stem + tailOf(entry) : entry.tail,
        stem: entry.id === "sb_contacts" ? `${stem}contacts/` : null,
      };
    };
    // Two routes of Phone System are in use (facts 3).
    const tailOf = (entry) => (entry.id === "sb_phone-system" ? `settings/${state.settings.phone_route}` : entry.tail);
    const kept = (entries) => entries.filter((entry) => !(state.settings.menu_hidden ?? []).includes(entry.id)).map(filled);
    const main = Vue.computed(() => kept(inLocation.value ? arrangedMenu("locationMain", LOCATION_MENU) : arrangedMenu("agencyMain", AGENCY_MENU)));
    const footer = Vue.computed(() => kept(inLocation.value ? LOCATION_FOOTER : AGENCY_FOOTER));
    const settings = Vue.computed(() =>
      (inLocation.value ? arrangedGroups("locationSettings", LOCATION_SETTINGS) : arrangedGroups("agencySettings", AGENCY_SETTINGS)).map(
        (group) => ({ group: own(group.group) ?? label(group.group), entries: kept(group.entries) }),
      ),
    );
    let before = "";
    Vue.watch(() => route.fullPath, () => inSettings.value || (before = route.fullPath), { immediate: true });
    Vue.watch(() => [inLocation.value, route.params.locationId], () => (before = ""));
    const goBack = () => {
      const home = inLocation.value ? `/v2/location/${route.params.locationId}/dashboard` : "/agency_dashboard?tab=summary";
      router.push(before || home);
    };
    const turn = () => {
      state.isSidebarOpen = !state.isSidebarOpen;
      localStorage.setItem(SIDEBAR_KEY, state.isSidebarOpen ? "open" : "collapsed");
    };
    return { state, turn, own, inSettings, main, footer, settings, goBack };
  },
  template: `
    <aside id="sidebar-v2">
      <div class="sidebar-logo"><span class="sidebar-mark">W</span><span v-if="state.isSidebarOpen" class="sidebar-name">Woot Recruit Hub</span></div>
      <switcher />
      <nav v-show="!inSettings" class="hl_nav-header" aria-label="Main">
        <nav-link v-for="(entry, n) in main" :key="entry.id + n" :entry="entry" />
      </nav>
      <nav v-show="inSettings" class="hl_nav-header-without-footer" aria-label="Settings">
        <a id="backButtonv2" href="#" class="nav-link back" @click.prevent="goBack">
          <icon name="arrow-left" :size="16" /><span v-if="state.isSidebarOpen" class="nav-title">{{ own('backButtonv2') ?? 'Go Back' }}</span></a>
        <template v-for="group in settings" :key="group.group">
          <div v-if="group.group && state.isSidebarOpen" class="nav-group">{{ group.group }}</div>
          <nav-link v-for="entry in group.entries" :key="entry.id" :entry="entry" />
        </template>
      </nav>
      <div v-show="!inSettings" class="hl_nav-settings">
        <nav-link v-for="entry in footer" :key="entry.id" :entry="entry" />
      </div>
      <button id="sidebar-v2-toggle" type="button" class="sidebar-toggle" :aria-expanded="state.isSidebarOpen" aria-controls="sidebar-v2"
        :aria-label="state.isSidebarOpen ? 'Collapse sidebar' : 'Expand sidebar'" @click="turn"><icon :name="state.isSidebarOpen ? 'chevron-left' : 'chevron-right'" :size="16" /></button>
    </aside>`,
};
