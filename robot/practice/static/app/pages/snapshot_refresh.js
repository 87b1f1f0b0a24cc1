// <snapshot-refresh :snapshot (or null) @close @push> : asset picker, progress, result (facts 4, Refresh).
import { post } from "../api.js";
import { HlModal } from "../ui/modal.js";
import { named } from "../ui/other_object.js";
import { toast } from "../ui/toast.js";
import { AssetPicker } from "./asset_picker.js";
import { SnapshotProgress } from "./snapshot_progress.js";

export const SnapshotRefresh = {
  name: "SnapshotRefresh",
  components: { AssetPicker, HlModal, SnapshotProgress },
  props: { snapshot: { type: Object, default: null } },
  emits: ["close", "push"],
  setup(props, { emit }) {
    const step = Vue.ref("pick"); // "pick" | "run" | "done" | "partial"
    const assets = Vue.ref(null);
    const selected = Vue.ref([]);
    const failed = Vue.ref([]);
    Vue.watch(
      () => props.snapshot,
      async (snapshot) => {
        if (!snapshot) return;
        assets.value = null;
        failed.value = snapshot.run.failed ?? [];
        step.value = snapshot.run.state === "partial" ? "partial" : "pick";
        const { rows } = await post(`/snapshots/${snapshot.id}/assets`);
        assets.value = rows;
        selected.value = rows.filter((row) => row.included).map((row) => row.id);
      },
    );
    async function start(body) {
      try {
        await post(`/snapshots/${props.snapshot.id}/refresh`, body);
        step.value = "run";
      } catch (error) {
        toast.refused(error);
      }
    }
    function ended(snapshot) {
      failed.value = snapshot.run.failed;
      step.value = snapshot.run.state;
      if (step.value === "done") toast.success("Snapshot refreshed", "The snapshot has been updated successfully.");
      else toast.error("Snapshot was not refreshed", "Some assets failed to load.");
    }
    async function finish() {
      await post(`/snapshots/${props.snapshot.id}/finish`);
      emit("close");
    }
    const positive = Vue.computed(() => ({ pick: "Refresh", run: "", done: "Push Update", partial: "Retry" })[step.value]);
    function go() {
      if (step.value === "pick") start({ asset_ids: selected.value });
      else if (step.value === "partial") start({ retry: true });
      else emit("push");
    }
    const negative = Vue.computed(() => (step.value === "pick" ? "Cancel" : "Close"));
    return { named, step, assets, selected, failed, start, ended, finish, positive, negative, go };
  },
  template: `
    <hl-modal id="snapshot-refresh-modal" class="hl-snapshot-flow-modal" :show="snapshot !== null" :width="640"
      title="Refresh snapshot" :subtitle="named('snapshot', snapshot?.name)" :positive="positive" :negative="negative"
      :positive-disabled="step === 'pick' && !assets" @update:show="$emit('close')" @positive="go">
      <template v-if="step === 'pick'">
        <p>Choose the assets that the snapshot shall hold. New assets of the sub-account are not selected.</p>
        <n-skeleton v-if="!assets" text :repeat="6" />
        <asset-picker v-else v-model:selected="selected" :assets="assets" />
      </template>
      <snapshot-progress v-else-if="step === 'run'" :id="snapshot.id" @done="ended" />
      <div v-else-if="step === 'done'" class="snapshot-result" role="status">
        <p><b>Snapshot refreshed successfully.</b> A new version was added to its Version History.</p>
      </div>
      <div v-else class="snapshot-result" role="alert">
        <n-alert type="error" :title="failed.length + ' of the assets failed to load'">
          <ul class="failed-assets"><li v-for="name in failed" :key="name">{{ name }}</li></ul>
          No version was created. Retry to load only the failed assets.
        </n-alert>
        <n-button text type="primary" class="finish-without" @click="finish">Finish without the failed assets</n-button>
      </div>
    </hl-modal>`,
};
