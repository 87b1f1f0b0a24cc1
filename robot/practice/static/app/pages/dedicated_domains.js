// Email Services > Dedicated Domain And IP: one card for each sending domain (facts 5.1).
import { post } from "../api.js";
import { Chip } from "../ui/chip.js";
import { day } from "../ui/dates.js";
import { EmptyState } from "../ui/empty_state.js";
import { Icon } from "../ui/icon.js";
import { useLoad } from "../ui/load.js";
import { named } from "../ui/other_object.js";
import { PageHeader } from "../ui/page_header.js";
import { RowMenu } from "../ui/row_menu.js";
import { toast } from "../ui/toast.js";
import { TypedConfirm } from "../ui/typed_confirm.js";
import { DomainUses } from "./domain_uses.js";

export const Page = {
  name: "DedicatedDomains",
  components: { Chip, DomainUses, EmptyState, Icon, PageHeader, RowMenu, TypedConfirm },
  setup() {
    const router = VueRouter.useRouter();
    const locationId = VueRouter.useRoute().params.locationId;
    const path = `/locations/${locationId}/email-domains`;
    const list = useLoad(() => post(`${path}/search`), { failed: "Failed to load domains" });
    const again = () => list.again({ quiet: true });
    const dialog = Vue.reactive({ name: "", row: null }); // "delete" | "uses"
    const back = () => router.push(`/v2/location/${locationId}/settings/smtp_service`);
    const entries = (row) => [
      { key: "verify", label: "Verify domain", icon: "circle-check", disabled: row.verified },
      { key: "change", label: "Change domain", icon: "pencil" },
      { key: "smtp", label: "SMTP Settings", icon: "settings" },
      { key: "uses", label: "Domain Settings", icon: "sliders-horizontal" },
      { key: "ip", label: "Assign IP", icon: "globe" },
      { key: "warmup", label: "Start Warmup", icon: "activity" },
      { key: "delete", label: "Delete domain", icon: "trash-2", danger: true },
    ];
    async function pick(key, row) {
      if (key === "verify") {
        await post(`${path}/${row.id}/verify`);
        toast.success("Domain verified", row.domain);
        again();
      } else if (key === "delete" || key === "uses") Object.assign(dialog, { name: key, row });
      else toast.info("Nothing to change here");
    }
    async function remove() {
      try {
        await post(`${path}/${dialog.row.id}/delete`, { word: "Delete" });
      } catch (error) {
        if (error.code !== "in_use") toast.error("Error while deleting domain", error.detail);
        else {
          toast.refused(error);
          dialog.name = "";
        }
        throw error;
      }
      toast.success("Successfully Deleted", "Your changes have been saved");
      again();
    }
    const shown = Vue.computed(() => named("email_domain", dialog.row?.domain, list.data?.rows.map((row) => row.domain)));
    return { list, dialog, back, entries, pick, remove, again, day, path, shown };
  },
  template: `
    <div class="dedicated-domains">
      <a id="back-to-smtp-service" class="back-link" role="button" tabindex="0" @click="back"><icon name="arrow-left" :size="16" />Back to SMTP Service</a>
      <page-header title="Dedicated Domain And IP" hint="Domains that mail of this sub-account is sent from">
        <n-button type="primary"><template #icon><icon name="plus" /></template>Add Domain</n-button>
      </page-header>
      <div v-if="list.error" class="load-error" role="alert">{{ list.error }}</div>
      <div v-else-if="list.loading" class="domain-cards" aria-busy="true">
        <div v-for="n in 2" :key="n" class="panel skeleton-loader"><n-skeleton text :repeat="3" /></div>
      </div>
      <section v-else-if="!list.data.rows.length" class="panel"><empty-state title="No Dedicated domain found" icon="mail" /></section>
      <template v-else>
        <p class="list-count">{{ list.data.total }} {{ list.data.total === 1 ? 'domain' : 'domains' }}</p>
        <div class="domain-cards">
          <section v-for="row in list.data.rows" :id="'dedicated-domain-' + row.id" :key="row.id" class="panel dedicated-domain-card"
            :data-domain="row.domain">
            <div class="panel-head">
              <div><div class="domain-name">{{ row.domain }}</div><div class="cell-note">Added {{ day(row.added) }}</div></div>
              <div class="card-right">
                <chip :tone="row.verified ? 'success' : 'warning'">{{ row.verified ? 'Verified' : 'Unverified' }}</chip>
                <row-menu :id="'domain-options-' + row.id" :entries="entries(row)" label="Domain Options" @pick="(key) => pick(key, row)" />
              </div>
            </div>
            <dl class="facts small"><dt>Provider</dt><dd>{{ row.provider }}</dd><dt>IP</dt><dd>{{ row.ip }}</dd>
              <dt>Warmup</dt><dd>{{ row.warmup }}</dd></dl>
          </section>
        </div>
      </template>
      <typed-confirm :show="dialog.name === 'delete'" title="Delete domain?" word="Delete" label="Confirm by Typing Delete below"
        confirm="Delete" other-confirm="Delete domain" :run="remove" @update:show="dialog.name = ''">
        <p>Are you sure you want to delete the domain <strong>{{ shown }}</strong>? This action is irreversible:
          mail that is still queued from it will fail.</p>
      </typed-confirm>
      <domain-uses :domain="dialog.name === 'uses' ? dialog.row : null" :path="path" @close="dialog.name = ''; again()" />
    </div>`,
};
