// Settings > Phone System: the tabs; each tab is a module of its own (facts 5.5, 5.7).
import { EmptyState } from "../ui/empty_state.js";
import { PageHeader } from "../ui/page_header.js";
import { label as said, ordered } from "../ui/release.js";
import { ManageNumbers } from "./phone/manage_numbers.js";
import { TrustCenter } from "./phone/trust_center.js";

const TABS = [
  { name: "phone-numbers", label: "Phone Numbers" },
  { name: "messaging", label: "Messaging" },
  { name: "messaging-analytics", label: "Messaging Analytics" },
  { name: "voice", label: "Voice" },
  { name: "trust-center", label: "Trust Center" },
  { name: "regulatory-bundles", label: "Regulatory Bundles" },
  { name: "additional-settings", label: "Additional Settings" },
];

export const Page = {
  name: "PhoneSystemPage",
  components: { EmptyState, ManageNumbers, PageHeader, TrustCenter },
  setup() {
    const route = VueRouter.useRoute();
    const router = VueRouter.useRouter();
    const tab = Vue.computed(() => (TABS.some((one) => one.name === route.query.tab) ? route.query.tab : TABS[0].name));
    const label = Vue.computed(() => TABS.find((one) => one.name === tab.value).label);
    const show = (name) => router.push({ path: route.path, query: name === TABS[0].name ? {} : { tab: name } });
    return { tabs: ordered("phone", TABS).map((one) => ({ ...one, label: said(one.label) })), tab, label, show };
  },
  template: `
    <page-header title="Phone System" hint="Numbers, messaging registration and voice settings of this sub-account." />
    <n-tabs class="page-tabs" type="line" :value="tab" @update:value="show">
      <n-tab v-for="one in tabs" :key="one.name" :name="one.name">{{ one.label }}</n-tab>
    </n-tabs>
    <manage-numbers v-if="tab === 'phone-numbers'" />
    <trust-center v-else-if="tab === 'trust-center'" />
    <div v-else class="panel"><empty-state :title="label" hint="Nothing to set up here." icon="sliders-horizontal" /></div>`,
};
