// <snapshot-create :show @close> : name and sub-account, asset picker, progress (facts 4, Create).
import { post } from "../api.js";
import { state } from "../state.js";
import { HlModal } from "../ui/modal.js";
import { h } from "../ui/release.js";
import { toast } from "../ui/toast.js";
import { AssetPicker } from "./asset_picker.js";
import { SnapshotProgress } from "./snapshot_progress.js";

export const SnapshotCreate = {
  name: "SnapshotCreate",
  components: { AssetPicker, HlModal, SnapshotProgress },
  props: { show: Boolean },
  emits: ["close"],
  setup(props, { emit }) {
    const step = Vue.ref("name"); // "name" | "pick" | "run" | "done"
    const name = Vue.ref("");
    const accountId = Vue.ref(null);
    const accounts = Vue.ref([]);
    const assets = Vue.ref([]);
    const selected = Vue.ref([]);
    const problem = Vue.reactive({ name: "", account: "", leftOut: "" });
    const id = Vue.ref("");
    Vue.watch(
      () => props.show,
      async (open) => {
        if (!open) return;
        Object.assign(problem, { name: "", account: "", leftOut: "" });
        [step.value, name.value, accountId.value, selected.value] = ["name", "", null, []];
        const { rows } = await post("/locations/search", {});
        accounts.value = rows.map((row) => ({ value: row.id, label: row.name, city: row.city }));
      },
    );
    Vue.watch(name, () => (problem.name = ""));
    Vue.watch(accountId, () => (problem.account = ""));
    const drawn = (option) =>
      h("span", { class: "account-option", "data-location-id": option.value }, [
        h("span", option.label),
        h("small", ` ${option.city} · ${option.value}`),
      ]);
    const fits = (pattern, option) =>
      `${option.label} ${option.value}`.toLowerCase().includes(pattern.trim().toLowerCase());
    async function next() {
      problem.name = name.value.trim() ? "" : "You need to give the snapshot a name";
      problem.account = accountId.value ? "" : "You need to pick an account";
      if (problem.name || problem.account) return;
      assets.value = (await post(`/locations/${accountId.value}/assets`)).rows;
      step.value = "pick";
    }
    async function create(force) {
      try {
        const body = { name: name.value, location_id: accountId.value, asset_ids: selected.value, force };
        id.value = (await post("/snapshots/create", body)).id;
        step.value = "run";
      } catch (error) {
        problem.leftOut = error.code === "left_out" ? error.detail : "";
        toast.refused(error);
      }
    }
    function ended() {
      step.value = "done";
      toast.success("Snapshot created", `${name.value} has been created.`);
    }
    const positive = Vue.computed(() => ({ name: "Continue", pick: state.settings.wordings === "other" ? "Proceed" : "Create", run: "", done: "Done" })[step.value]);
    function go() {
      if (step.value === "name") next();
      else if (step.value === "pick") create(false);
      else emit("close");
    }
    return { step, name, accountId, accounts, assets, selected, problem, id, drawn, fits, create, ended, positive, go };
  },
  template: `
    <hl-modal id="snapshot-create-modal" class="hl-snapshot-flow-modal" :show="show" :width="640"
      title="Create New Snapshot" :positive="positive" :negative="step === 'run' || step === 'done' ? 'Close' : 'Cancel'"
      @update:show="$emit('close')" @positive="go">
      <template v-if="step === 'name'">
        <label class="typed-label"><span>Snapshot name</span>
          <n-input v-model:value="name" placeholder="Enter snapshot name" :input-props="{ id: 'snapshot-name' }" /></label>
        <div v-if="problem.name" class="field-error" role="alert">{{ problem.name }}</div>
        <div class="typed-label"><span>Sub-account</span>
          <n-select id="snapshot-account" v-model:value="accountId" filterable clearable :filter="fits" :options="accounts" :render-label="drawn"
            placeholder="Select a sub-account" :input-props="{ 'aria-label': 'Search sub-account' }" /></div>
        <div v-if="problem.account" class="field-error" role="alert">{{ problem.account }}</div>
      </template>
      <template v-else-if="step === 'pick'">
        <p>Choose the assets that the snapshot shall hold.</p>
        <asset-picker v-model:selected="selected" :assets="assets" />
        <n-alert v-if="problem.leftOut" type="warning" title="Some assets could not be read">
          Left out: {{ problem.leftOut }}
          <div><n-button id="snapshot-force-create" size="small" @click="create(true)">Force Create Snapshot</n-button></div>
        </n-alert>
      </template>
      <snapshot-progress v-else-if="step === 'run'" :id="id" @done="ended" />
      <div v-else class="snapshot-result" role="status"><p><b>Snapshot created successfully.</b></p></div>
    </hl-modal>`,
};
