// The sub-account switcher, with HighLevel's own misspelt ids (facts 1.2).
import { post } from "../api.js";
import { state } from "../state.js";
import { Icon } from "../ui/icon.js";
import { classes, label } from "../ui/release.js";
import { VirtualList } from "../ui/virtual_list.js";

const RECENT_KEY = "woot-recruit-hub:recent";
const RECENT_MOST = 3;

const recentIds = () => JSON.parse(localStorage.getItem(RECENT_KEY) || "[]");

export function rememberRecent(id) {
  const ids = [id, ...recentIds().filter((other) => other !== id)].slice(0, RECENT_MOST);
  localStorage.setItem(RECENT_KEY, JSON.stringify(ids));
}

export const Switcher = {
  name: "Switcher",
  components: { Icon, VirtualList },
  setup() {
    const router = VueRouter.useRouter();
    const route = VueRouter.useRoute();
    const open = Vue.ref(false);
    const query = Vue.ref("");
    const found = Vue.ref(null); // null while loading
    const box = Vue.ref(null);
    let latest = 0;

    async function search() {
      const mine = ++latest;
      const { rows } = await post("/locations/search", { query: query.value });
      if (mine === latest) found.value = rows;
    }
    function toggle() {
      open.value = !open.value;
      if (!open.value) return;
      query.value = "";
      found.value = null;
      search();
      Vue.nextTick(() => box.value?.querySelector("input")?.focus());
    }
    Vue.watch(query, search);
    Vue.watch(() => route.fullPath, () => (open.value = false));
    const outside = (event) => {
      if (open.value && !event.target.closest(`.${classes("switcher")}`)) open.value = false;
    };
    Vue.onMounted(() => document.addEventListener("mousedown", outside));
    Vue.onUnmounted(() => document.removeEventListener("mousedown", outside));

    const items = Vue.computed(() => {
      const all = found.value ?? [];
      const rows = (list, group) => list.map((place) => ({ key: `${group}/${place.id}`, kind: "place", place }));
      const recent = query.value ? [] : recentIds().map((id) => all.find((place) => place.id === id)).filter(Boolean);
      return [
        ...(recent.length ? [{ key: "recent", kind: "head", text: label("RECENT") }, ...rows(recent, "recent")] : []),
        ...(all.length ? [{ key: "all", kind: "head", text: label("ALL ACCOUNTS") }, ...rows(all, "all")] : []),
      ];
    });
    const pick = (place) => {
      open.value = false;
      router.push(`/v2/location/${place.id}/dashboard`);
    };
    const toAgency = () => {
      open.value = false;
      router.push("/agency_dashboard?tab=summary");
    };
    return { state, route, open, query, found, items, box, toggle, pick, toAgency };
  },
  template: `
    <div class="switcher" ref="box">
      <button id="location-switcher-sidbar-v2" type="button" :aria-expanded="open" @click="toggle">
        <span v-if="!state.isSidebarOpen" class="switcher-initial">{{ [...(state.location?.name ?? 'W')][0] }}</span>
        <span v-else-if="route.meta.view === 'location' && state.location" class="switcher-text">
          <span class="hl_switcher-loc-name">{{ state.location.name }}</span>
          <span class="hl_switcher-loc-city">{{ state.location.city }}, {{ state.location.state }}</span>
        </span>
        <span v-else class="switcher-text">Click here to switch</span>
        <icon v-if="state.isSidebarOpen" name="arrow-up-down" :size="15" />
      </button>
      <div v-if="open" class="hl_v2-location_switcher">
        <div id="location-list-containrer">
          <div class="switcher-search">
            <icon name="search" :size="16" />
            <input v-model="query" type="search" placeholder="Search for a sub-account" aria-label="Search for a sub-account" />
          </div>
          <button v-if="route.meta.view === 'location'" id="switcher-agency-switch" type="button" @click="toAgency">
            <icon name="arrow-left" :size="16" /> Switch to Agency View</button>
          <div v-if="found === null" class="switcher-wait"><n-skeleton v-for="n in 5" :key="n" height="44px" :sharp="false" /></div>
          <virtual-list v-else-if="items.length" id="location-list" :items="items" :item-size="56" height="min(420px, 60vh)" v-slot="{ item }">
            <div v-if="item.kind === 'head'" class="switcher-group">{{ item.text }}</div>
            <div v-else class="hl_account" :class="{ active: item.place.id === route.params.locationId }" tabindex="0"
              @click="pick(item.place)" @keydown.enter="pick(item.place)">
              <span class="switcher-initial">{{ [...item.place.name][0] }}</span>
              <span class="switcher-text">
                <span class="hl_location-title">{{ item.place.name }}</span>
                <span class="hl_location-city">{{ item.place.city }}, {{ item.place.state }}</span>
              </span>
            </div>
          </virtual-list>
          <div v-else class="switcher-none">No sub-accounts found</div>
        </div>
      </div>
    </div>`,
};
