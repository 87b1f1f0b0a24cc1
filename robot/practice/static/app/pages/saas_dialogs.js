// The dialogs of SaaS mode: three in a row to disable it (facts 5.4), one to enable it.
import { post } from "../api.js";
import { HlModal } from "../ui/modal.js";
import { named } from "../ui/other_object.js";
import { label } from "../ui/release.js";
import { toast } from "../ui/toast.js";

const COMPLIANCE = [
  { key: "approval", text: "I have obtained the client's approval to disable SaaS mode." },
  {
    key: "data_lost",
    text: "I understand that all re-billing, subscription and transaction data of this sub-account will be lost.",
  },
  { key: "irreversible", text: "I understand that this action is irreversible." },
];

// <disable-saas :account :show @close @done> : compliance, confirmation, processing.
export const DisableSaas = {
  name: "DisableSaas",
  components: { HlModal },
  props: { account: { type: Object, required: true }, show: Boolean },
  emits: ["close", "done"],
  setup(props, { emit }) {
    const step = Vue.ref(""); // "" | "compliance" | "confirm" | "processing"
    const ticked = Vue.reactive({});
    const cancels = Vue.ref(false);
    const busy = Vue.ref(false);
    Vue.watch(
      () => props.show,
      (open) => {
        step.value = open ? "compliance" : "";
        for (const { key } of COMPLIANCE) ticked[key] = false;
        cancels.value = false;
      },
    );
    const allTicked = Vue.computed(() => COMPLIANCE.every(({ key }) => ticked[key]));
    async function disable() {
      busy.value = true;
      try {
        const confirmed = COMPLIANCE.map(({ key }) => key);
        await post(`/sub-accounts/${props.account.id}/disable-saas`, { confirmed, cancel_subscription: cancels.value });
        step.value = "processing";
        emit("done");
      } catch (error) {
        toast.refused(error);
      } finally {
        busy.value = false;
      }
    }
    return { named, step, ticked, cancels, busy, allTicked, disable, label, compliance: COMPLIANCE };
  },
  template: `
    <hl-modal id="saas-disable-compliance-modal" family="hr" :show="step === 'compliance'" :width="560"
      :title="'Disable SaaS Mode for ' + named('saas', account.name)" icon="triangle-alert" icon-tone="warning"
      positive="Disable SaaS" positive-type="error" :positive-disabled="!allTicked"
      @update:show="$emit('close')" @positive="step = 'confirm'">
      <p>Before SaaS mode is disabled, a few compliance steps are needed. Please confirm each of them:</p>
      <div class="tick-list">
        <n-checkbox v-for="one in compliance" :key="one.key" v-model:checked="ticked[one.key]">{{ label(one.text) }}</n-checkbox>
      </div>
    </hl-modal>
    <hl-modal id="saas-disable-confirm-modal" family="hr" :show="step === 'confirm'" :width="520"
      :title="'Are you sure you want to disable SaaS Mode for ' + named('saas_confirm', account.name) + '?'" icon="triangle-alert" icon-tone="error"
      positive="Confirm Disable" positive-type="error" :busy="busy" @update:show="$emit('close')" @positive="disable">
      <p>SaaS mode will be disabled for {{ named('saas_confirm', account.name) }} ({{ account.id }}). This cannot be undone.</p>
      <div class="tick-list">
        <n-checkbox v-model:checked="cancels">Also cancel associated SaaS subscription</n-checkbox>
      </div>
    </hl-modal>
    <hl-modal id="saas-disable-processing-modal" family="hr" :show="step === 'processing'" :width="480"
      title="SaaS Mode will be disabled soon" icon="clock" negative="" positive="Close Now"
      @update:show="$emit('close')" @positive="$emit('close')">
      <p>We are disabling SaaS mode for {{ account.name }}. This typically takes ten minutes or less. You will get an
        email when it is done.</p>
    </hl-modal>`,
};

// <enable-saas :account (or null) @close @done> : the one nobody wants here.
export const EnableSaas = {
  name: "EnableSaas",
  components: { HlModal },
  props: { account: { type: Object, default: null } },
  emits: ["close", "done"],
  setup(props, { emit }) {
    async function enable() {
      try {
        await post(`/sub-accounts/${props.account.id}/enable-saas`);
        toast.success("SaaS mode enabled");
        emit("done");
        emit("close");
      } catch (error) {
        toast.refused(error);
      }
    }
    return { enable };
  },
  template: `
    <hl-modal family="hr" :show="account !== null" :title="'Switch ' + (account?.name ?? '') + ' to SaaS'" icon="repeat"
      positive="Enable SaaS" @update:show="$emit('close')" @positive="enable">
      <p>The sub-account gets the plan "Starter" and is billed from today.</p>
    </hl-modal>`,
};
