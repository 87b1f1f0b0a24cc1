// Sub-Accounts of the agency: cards or table, searched, virtual (facts 5.4).
import { post } from "../api.js";
import { Chip } from "../ui/chip.js";
import { EmptyState } from "../ui/empty_state.js";
import { Icon } from "../ui/icon.js";
import { useLoad } from "../ui/load.js";
import { PageHeader } from "../ui/page_header.js";
import { remembered } from "../ui/remembered.js";
import { RowMenu } from "../ui/row_menu.js";
import { SearchBox } from "../ui/search_box.js";
import { VirtualList } from "../ui/virtual_list.js";
import { EnableSaas } from "./saas_dialogs.js";

const VIEW_KEY = "woot-recruit-hub:sub-accounts-view"; // "card" | "table", remembered per user
const CARD_PX = 128;
const ROW_PX = 64;
const SEARCH_PAUSE_MS = 120;

export const Page = {
  name: "SubAccounts",
  components: { Chip, EmptyState, EnableSaas, Icon, PageHeader, RowMenu, SearchBox, VirtualList },
  setup() {
    const router = VueRouter.useRouter();
    const query = remembered("sub_accounts");
    const view = Vue.ref(localStorage.getItem(VIEW_KEY) || "card");
    const enabling = Vue.ref(null); // the sub-account that the Switch To SaaS dialog is about
    const list = useLoad(() => post("/sub-accounts/search", { query: query.value }));
    let pause = 0;
    Vue.watch(query, () => {
      clearTimeout(pause);
      pause = setTimeout(() => list.again({ quiet: true }), SEARCH_PAUSE_MS);
    });
    Vue.watch(view, (name) => localStorage.setItem(VIEW_KEY, name));
    const items = Vue.computed(() => (list.data?.rows ?? []).map((row) => ({ ...row, key: row.id })));
    const switchAddress = (row) => `/v2/location/${row.id}/dashboard`;
    const entries = (row) => [
      { key: "manage", label: "Manage Client", icon: "settings" },
      ...(row.saas.state === "off" ? [{ key: "enable", label: "Switch To SaaS", icon: "repeat" }] : []),
    ];
    function pick(key, row) {
      if (key === "manage") router.push(`/accounts/detail/${row.id}`);
      else enabling.value = row;
    }
    const place = (row) => `${row.street}, ${row.city}, ${row.state} ${row.postal_code}`;
    const itemSize = Vue.computed(() => (view.value === "card" ? CARD_PX : ROW_PX));
    return { router, query, view, list, items, itemSize, switchAddress, entries, pick, place, enabling };
  },
  template: `
    <div class="sub-accounts">
      <page-header title="Sub-Accounts" hint="Manage every customer of the agency">
        <n-button type="primary"><template #icon><icon name="plus" /></template>Create Sub-Account</n-button>
      </page-header>
      <div class="list-bar">
        <search-box v-model="query" placeholder="Search by Sub-Account" id="pg-agency-locations__search" :width="340" />
        <span v-if="list.data && !list.loading" class="list-count">{{ list.data.total }} Sub-Accounts</span>
        <span class="list-bar-gap" />
        <n-radio-group v-model:value="view" size="small" aria-label="View">
          <n-radio-button value="card">Card view</n-radio-button>
          <n-radio-button value="table">Table view</n-radio-button>
        </n-radio-group>
      </div>
      <div v-if="list.error" class="load-error" role="alert">{{ list.error }}</div>
      <div v-else-if="list.loading" class="sub-accounts-list" aria-busy="true">
        <div v-for="n in 5" :key="n" class="loc-card skeleton-loader"><n-skeleton text :repeat="3" /></div>
      </div>
      <empty-state v-else-if="!items.length" title="No locations found" icon="building-2" />
      <virtual-list v-else class="sub-accounts-list" :class="view" :items="items" :item-size="itemSize"
        height="calc(100vh - 210px)">
        <template #default="{ item }">
          <div class="loc-slot" :style="{ height: itemSize + 'px' }">
            <div :id="'loc-' + item.id" class="loc-card" :class="view">
              <span class="loc-avatar"><icon name="building-2" /></span>
              <div class="loc-text">
                <div class="loc-first">
                  <span :id="'pg-agency-locations__lbl-' + item.id + '-name'" class="loc-name">{{ item.name }}</span>
                  <chip v-if="item.saas.state !== 'off'" tone="info">SaaS {{ item.saas.plan }}</chip>
                  <chip v-if="item.paused" tone="warning">Paused</chip>
                </div>
                <div class="loc-line">{{ place(item) }}</div>
                <div v-if="view === 'card'" class="loc-line">{{ item.phone }} &nbsp;·&nbsp; {{ item.email }}</div>
              </div>
              <a class="pg-agency-locations__link--switch-to-subaccount" :href="switchAddress(item)"
                @click.prevent="router.push(switchAddress(item))">Switch to Sub-Account</a>
              <row-menu :id="'loc-opts-' + item.id" :entries="entries(item)" label="Sub-account options"
                @pick="(key) => pick(key, item)" />
            </div>
          </div>
        </template>
      </virtual-list>
      <enable-saas :account="enabling" @close="enabling = null" @done="list.again({ quiet: true })" />
    </div>`,
};
