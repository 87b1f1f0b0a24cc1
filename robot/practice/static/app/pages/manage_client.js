// Manage Client: one sub-account in the agency view, with its SaaS section (facts 5.4).
import { post } from "../api.js";
import { state } from "../state.js";
import { Chip } from "../ui/chip.js";
import { CopyText } from "../ui/copy_text.js";
import { day } from "../ui/dates.js";
import { Icon } from "../ui/icon.js";
import { useLoad } from "../ui/load.js";
import { HlModal } from "../ui/modal.js";
import { label, names } from "../ui/release.js";
import { toast } from "../ui/toast.js";
import { TypedConfirm } from "../ui/typed_confirm.js";
import { DisableSaas, EnableSaas } from "./saas_dialogs.js";

const STATES = {
  on: { word: "Enabled", tone: "success" },
  disabling: { word: "Disabling", tone: "warning" },
  off: { word: "Not enabled", tone: "plain" },
};

export const Page = {
  name: "ManageClient",
  components: { Chip, CopyText, DisableSaas, EnableSaas, HlModal, Icon, TypedConfirm },
  setup() {
    const router = VueRouter.useRouter();
    const id = VueRouter.useRoute().params.id;
    const load = useLoad(() => post(`/sub-accounts/${id}`));
    const dialog = Vue.ref(""); // "" | "disable" | "enable" | "pause" | "delete"
    const again = () => load.again({ quiet: true });
    const actions = Vue.computed(() => [
      { key: "open", label: "View Sub-Account" },
      { key: "pause", label: load.data?.paused ? "Resume Sub-Account" : "Pause Sub-Account" },
      ...(load.data?.saas.state === "off" ? [{ key: "enable", label: "Switch To SaaS" }] : []),
      { key: "delete", label: "Delete Sub-Account", props: names({ class: "danger" }) },
    ].map((action) => ({ ...action, label: label(action.label) })));
    function pick(key) {
      if (key === "open") router.push(`/v2/location/${id}/dashboard`);
      else dialog.value = key;
    }
    async function pause() {
      await post(`/sub-accounts/${id}/pause`, { paused: !load.data.paused });
      dialog.value = "";
      toast.success(load.data.paused ? "Sub-account resumed" : "Sub-account paused");
      again();
    }
    async function remove() {
      await post(`/sub-accounts/${id}/delete`, { word: "DELETE" });
      toast.success("Sub-account deleted");
      router.push("/sub-accounts");
    }
    const status = Vue.computed(() => STATES[load.data?.saas.state ?? "off"]);
    return { state, router, id, load, dialog, again, actions, pick, pause, remove, status, day, label };
  },
  template: `
    <div class="manage-client">
      <a class="back-link" href="/sub-accounts" @click.prevent="router.push('/sub-accounts')">
        <icon name="arrow-left" :size="16" />Back to Sub-Accounts</a>
      <div v-if="load.error" class="load-error" role="alert">{{ load.error }}</div>
      <n-skeleton v-else-if="!load.data" text :repeat="8" />
      <template v-else>
        <div class="page-header">
          <div>
            <h1 class="page-title" id="manage-client-name">{{ load.data.name }}</h1>
            <p class="page-hint">Location ID <copy-text id="manage-client-location-id" :text="load.data.id" /></p>
          </div>
          <n-dropdown trigger="click" placement="bottom-end" :options="actions" @select="pick">
            <n-button id="manage-client-actions">Actions<icon name="chevron-down" :size="16" /></n-button>
          </n-dropdown>
        </div>
        <div class="manage-client-columns">
          <section class="panel">
            <h2 class="panel-title">Account Information</h2>
            <dl class="facts">
              <dt>Address</dt><dd>{{ load.data.street }}, {{ load.data.city }}, {{ load.data.state }} {{ load.data.postal_code }}</dd>
              <dt>Phone</dt><dd>{{ load.data.phone }}</dd>
              <dt>Email</dt><dd>{{ load.data.email }}</dd>
              <dt>Website</dt><dd>{{ load.data.website }}</dd>
              <dt>Contact person</dt><dd>{{ load.data.owner.first }} {{ load.data.owner.last }}</dd>
              <dt>Users</dt><dd>{{ load.data.users }}</dd>
              <dt>Time zone</dt><dd>{{ load.data.timezone }}</dd>
              <dt>Created</dt><dd>{{ day(load.data.created) }}</dd>
              <dt>Status</dt><dd><chip :tone="load.data.paused ? 'warning' : 'success'">{{ load.data.paused ? 'Paused' : 'Active' }}</chip></dd>
            </dl>
          </section>
          <section id="saas-subscription" class="panel" :data-saas-state="load.data.saas.state">
            <div class="panel-head">
              <h2 class="panel-title">SaaS Mode &amp; Subscription</h2>
              <span id="saas-status"><chip :tone="status.tone">{{ label(status.word) }}</chip></span>
            </div>
            <n-alert v-if="load.data.saas.failed" type="error" class="panel-alert">
              Something went wrong while disabling SaaS mode. Please try again.</n-alert>
            <template v-if="load.data.saas.state !== 'off'">
              <dl class="facts">
                <dt>Plan</dt><dd>{{ load.data.saas.plan }} ({{ load.data.saas.price }})</dd>
                <dt>Subscription</dt><dd>{{ load.data.saas.subscription.id }}</dd>
                <dt>Subscription status</dt><dd>{{ load.data.saas.subscription.status }}</dd>
                <dt>Stripe customer</dt><dd>{{ load.data.saas.subscription.customer }}</dd>
                <dt>Wallet balance</dt><dd>\${{ load.data.saas.wallet }}</dd>
              </dl>
              <p v-if="load.data.saas.state === 'disabling'" class="panel-note">SaaS mode is being disabled. This
                typically takes ten minutes or less; an email follows.</p>
              <div v-else class="panel-actions">
                <n-button id="saas-change-plan">Change Plan</n-button>
                <n-button id="saas-disable" type="error" ghost @click="dialog = 'disable'">{{ state.settings.wordings === 'other' ? 'Cancel SaaS' : 'Disable SaaS' }}</n-button>
              </div>
            </template>
            <template v-else>
              <p class="panel-note">SaaS mode is not enabled for this sub-account.</p>
              <div class="panel-actions"><n-button id="saas-enable" @click="dialog = 'enable'">Switch To SaaS</n-button></div>
            </template>
          </section>
        </div>
        <disable-saas :account="load.data" :show="dialog === 'disable'" @close="dialog = ''" @done="again" />
        <enable-saas :account="dialog === 'enable' ? load.data : null" @close="dialog = ''" @done="again" />
        <hl-modal :show="dialog === 'pause'" title="Pause Sub-Account" icon="pause" icon-tone="warning"
          :positive="load.data.paused ? 'Resume' : 'Pause'" @update:show="dialog = ''" @positive="pause">
          <p>Are you sure you want to {{ load.data.paused ? 'resume' : 'pause' }} {{ load.data.name }}?</p>
        </hl-modal>
        <typed-confirm :show="dialog === 'delete'" title="Delete Sub-Account" word="DELETE"
          label="Confirm by typing DELETE below." confirm="Delete Sub-Account" :run="remove" @update:show="dialog = ''">
          <p>{{ load.data.name }} and everything in it is deleted for good.</p>
        </typed-confirm>
      </template>
    </div>`,
};
