// Settings > Domains & URL Redirects of a sub-account (facts 5.2).
import { post } from "../api.js";
import { Chip } from "../ui/chip.js";
import { day } from "../ui/dates.js";
import { EmptyState } from "../ui/empty_state.js";
import { Icon } from "../ui/icon.js";
import { useLoad } from "../ui/load.js";
import { PageHeader } from "../ui/page_header.js";
import { remembered } from "../ui/remembered.js";
import { SearchBox } from "../ui/search_box.js";

const FILTERS = [
  { key: "all", label: "All" },
  { key: "internal", label: "Internal" },
  { key: "external", label: "External" },
  { key: "action_required", label: "Action Required" },
];
const SEARCH_PAUSE_MS = 120;

export const Page = {
  name: "Domains",
  components: { Chip, EmptyState, Icon, PageHeader, SearchBox },
  setup() {
    const router = VueRouter.useRouter();
    const locationId = VueRouter.useRoute().params.locationId;
    const tab = Vue.ref("connected"); // "connected" | "purchased" | "redirects"
    const query = remembered("domains");
    const filter = Vue.ref("all");
    const list = useLoad(() =>
      post(`/locations/${locationId}/domains/search`, {
        query: query.value,
        filter: tab.value === "purchased" ? "internal" : filter.value,
      }),
    );
    let pause = 0;
    Vue.watch(query, () => {
      clearTimeout(pause);
      pause = setTimeout(() => list.again({ quiet: true }), SEARCH_PAUSE_MS);
    });
    Vue.watch([tab, filter], () => list.again());
    const manage = (row) => router.push(`/v2/location/${locationId}/settings/domain/${row.id}`);
    return { tab, query, filter, filters: FILTERS, list, manage, day };
  },
  template: `
    <div class="domains" data-v-app="">
      <page-header title="Domains &amp; URL Redirects" hint="Addresses of the websites, funnels and portals of this sub-account">
        <n-button id="connect-domain-button" type="primary"><template #icon><icon name="plus" /></template>Connect a domain</n-button>
      </page-header>
      <n-tabs v-model:value="tab" type="line" :animated="false" class="page-tabs">
        <n-tab name="connected">Connected Domains</n-tab>
        <n-tab name="purchased">Purchased Domains</n-tab>
        <n-tab name="redirects">URL Redirects</n-tab>
      </n-tabs>
      <section v-if="tab === 'redirects'" class="panel"><empty-state title="No URL redirects found" icon="repeat" /></section>
      <template v-else>
        <h2 class="section-title">{{ tab === 'purchased' ? 'Purchased Domains' : 'Connected Domains &amp; Subdomains' }}</h2>
        <div class="list-bar">
          <search-box v-model="query" id="domain-search" placeholder="Search domains" />
          <template v-if="tab === 'connected'"><span class="cell-note">Filter by</span>
            <button v-for="one in filters" :key="one.key" type="button" class="filter-pill" :class="{ 'ui-active-btn': filter === one.key }"
              :aria-pressed="filter === one.key" @click="filter = one.key">{{ one.label }}</button></template>
          <span class="list-bar-gap" />
          <span v-if="list.data && !list.loading" id="domain-count" class="list-count">{{ list.data.total }} {{ list.data.total === 1 ? 'domain' : 'domains' }}</span>
        </div>
        <div v-if="list.error" class="load-error" role="alert">{{ list.error }}</div>
        <div v-else-if="list.loading" class="domain-cards" aria-busy="true">
          <div v-for="n in 2" :key="n" class="panel skeleton-loader"><n-skeleton text :repeat="3" /></div>
        </div>
        <section v-else-if="!list.data.rows.length" class="panel"><empty-state title="No domain found" icon="globe" /></section>
        <div v-else class="domain-cards">
          <section v-for="row in list.data.rows" :id="'domain-card-' + row.id" :key="row.id" class="panel domain-hub-card"
            aria-label="Domain hub card" :data-domain="row.domain">
            <div class="panel-head">
              <div><div class="domain-name">{{ row.domain }}</div>
                <div class="cell-note">{{ row.source === 'internal' ? 'Purchased here' : 'External' }} · added {{ day(row.added) }}</div></div>
              <chip :tone="row.status === 'connected' ? 'success' : 'warning'">{{ row.status === 'connected' ? 'Connected' : 'Action Required' }}</chip>
            </div>
            <div class="card-foot">
              <span class="cell-note">{{ row.products.length }} connected {{ row.products.length === 1 ? 'product' : 'products' }} · SSL {{ row.ssl.toLowerCase() }}</span>
              <n-button :id="'manage-domain-' + row.id" size="small" @click="manage(row)">Manage</n-button>
            </div>
          </section>
        </div>
      </template>
    </div>`,
};
