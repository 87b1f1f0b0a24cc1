// The landing page of the agency and of a sub-account: a few totals.
import { post } from "../api.js";
import { state } from "../state.js";
import { Icon } from "../ui/icon.js";
import { useLoad } from "../ui/load.js";
import { PageHeader } from "../ui/page_header.js";

export const Page = {
  name: "DashboardPage",
  components: { Icon, PageHeader },
  setup() {
    const route = VueRouter.useRoute();
    const id = route.params.locationId;
    const totals = useLoad(() => post(id ? `/locations/${id}/dashboard` : "/dashboard"));
    const title = Vue.computed(() => (id ? "Dashboard" : "Agency Dashboard"));
    const hint = Vue.computed(() => (id ? state.location?.name : `Welcome back, ${state.user.first}`));
    return { totals, title, hint };
  },
  template: `
    <page-header :title="title" :hint="hint" />
    <div v-if="totals.error" class="load-error" role="alert">{{ totals.error }}</div>
    <div v-else-if="totals.loading" class="tiles"><n-skeleton v-for="n in 4" :key="n" height="104px" :sharp="false" /></div>
    <template v-else>
      <div class="tiles">
        <div v-for="tile in totals.data.tiles" :key="tile.label" class="tile">
          <span class="tile-icon"><icon :name="tile.icon" :size="20" /></span>
          <div class="tile-number">{{ tile.number }}</div><div class="tile-label">{{ tile.label }}</div>
        </div>
      </div>
      <div class="panel">
        <h2 class="panel-title">{{ totals.data.listTitle }}</h2>
        <div v-for="line in totals.data.lines" :key="line.title + line.note" class="line">
          <span class="line-title">{{ line.title }}</span><span class="line-note">{{ line.note }}</span></div>
      </div>
    </template>`,
};
