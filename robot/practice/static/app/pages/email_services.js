// Settings > Email Services of a sub-account: the sending provider (facts 5.1). The domains have their own page.
import { Chip } from "../ui/chip.js";
import { Icon } from "../ui/icon.js";
import { PageHeader } from "../ui/page_header.js";
import { ordered } from "../ui/release.js";
import { RowMenu } from "../ui/row_menu.js";
import { toast } from "../ui/toast.js";
import { TypedConfirm } from "../ui/typed_confirm.js";

const TABS = [
  { key: "smtp", label: "SMTP Service" },
  { key: "dedicated", label: "Dedicated Domain And IP" },
  { key: "bounces", label: "Email Bounces" },
  { key: "risk", label: "Risk Assessment" },
  { key: "postmaster", label: "Postmaster Tools" },
];

export const Page = {
  name: "EmailServices",
  components: { Chip, Icon, PageHeader, RowMenu, TypedConfirm },
  setup() {
    const router = VueRouter.useRouter();
    const base = `/v2/location/${VueRouter.useRoute().params.locationId}/settings/smtp_service`;
    const tab = Vue.ref("smtp");
    const deleting = Vue.ref(false);
    const open = (key) => (key === "dedicated" ? router.push(`${base}/dedicated_domains`) : (tab.value = key));
    const entries = [
      { key: "edit", label: "Edit provider", icon: "pencil" },
      { key: "delete", label: "Delete provider", icon: "trash-2", danger: true },
    ];
    const pick = (key) => (deleting.value = key === "delete");
    async function remove() {
      toast.error("The default provider cannot be deleted");
      throw new Error("refused");
    }
    return { tab, tabs: ordered("email", TABS), open, entries, pick, deleting, remove };
  },
  template: `
    <div class="email-services">
      <page-header title="Email Services" hint="Who sends the mail of this sub-account, and from which domains" />
      <div class="hl_affiliate--header service-tabs">
        <button v-for="one in tabs" :key="one.key" :id="'email-services-' + one.key" type="button" class="service-tab"
          :class="{ '--active': one.key === tab }" @click="open(one.key)">{{ one.label }}</button>
      </div>
      <section v-if="tab === 'smtp'" class="panel provider-card">
        <span class="tile-icon-inline"><icon name="mail" /></span>
        <div class="provider-text">
          <div class="cell-main">LC Email <chip tone="success">Default</chip></div>
          <div class="cell-note">Mail is sent through the agency's provider.</div>
        </div>
        <row-menu :entries="entries" label="Provider options" @pick="pick" />
      </section>
      <section v-else class="panel"><p class="cell-note">Nothing to show for the last 30 days.</p></section>
      <typed-confirm v-model:show="deleting" title="Delete provider?" word="Delete" label="Confirm by Typing Delete below"
        confirm="Delete" :run="remove"><p>The provider LC Email is removed from this sub-account.</p></typed-confirm>
    </div>`,
};
