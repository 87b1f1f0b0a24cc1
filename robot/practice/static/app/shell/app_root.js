// The whole window: sidebar, top bar and page, or the sign-in page alone.
import { prefixOf } from "../ui/release.js";
import { theme } from "../ui/theme.js";
import { state } from "../state.js";
import { DRAWERS } from "./drawers.js";
import { Outlet } from "./outlet.js";
import { Overlay } from "./overlay.js";
import { OwnHelp } from "./own_help.js";
import { Sidebar } from "./sidebar.js";
import { TopBar } from "./top_bar.js";

export const AppRoot = {
  name: "AppRoot",
  components: { Outlet, Overlay, OwnHelp, Sidebar, TopBar },
  setup() {
    const route = VueRouter.useRoute();
    // Something comes in above the page as soon as the pointer moves there (setting `layout_shift`).
    const isShifted = Vue.ref(false);
    Vue.watch(() => route.fullPath, () => (isShifted.value = false));
    const moved = () => {
      if (state.settings.layout_shift) isShifted.value = true;
    };
    return { route, state, theme, drawers: DRAWERS, isShifted, moved, prefix: prefixOf("n") };
  },
  template: `
    <n-config-provider :cls-prefix="prefix" :theme-overrides="theme" abstract inline-theme-disabled>
      <outlet v-if="route.meta.view === 'none'" />
      <div v-else-if="route.meta.view" class="window" :class="['sidebar-v2-' + route.meta.view, { 'v2-open': state.isSidebarOpen }]">
        <sidebar />
        <div class="window-right" @pointermove.capture="moved">
          <div v-if="isShifted" class="late-banner">Reporting is being improved this week.</div>
          <overlay />
          <own-help />
          <top-bar />
          <outlet v-if="!state.isEmpty" />
        </div>
        <component :is="drawer" v-for="drawer in drawers" :key="drawer.name" />
      </div>
    </n-config-provider>`,
};
