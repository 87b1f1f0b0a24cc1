// <snapshot-versions :snapshot (or null) @close> : Version History, opened by the snapshot's name (facts 4).
import { post } from "../api.js";
import { Chip } from "../ui/chip.js";
import { moment } from "../ui/dates.js";

export const SnapshotVersions = {
  name: "SnapshotVersions",
  components: { Chip },
  props: { snapshot: { type: Object, default: null } },
  emits: ["close"],
  setup(props) {
    const full = Vue.ref(null);
    const error = Vue.ref("");
    Vue.watch(
      () => props.snapshot?.id,
      async (id) => {
        if (!id) return;
        full.value = null;
        error.value = "";
        try {
          full.value = await post(`/snapshots/${id}`);
        } catch {
          error.value = "Something went wrong";
        }
      },
    );
    return { full, error, moment };
  },
  template: `
    <n-drawer :show="snapshot !== null" :width="780" @update:show="$emit('close')">
      <n-drawer-content id="snapshot-version-history" closable>
        <template #header>Version History<div class="drawer-subtitle">{{ snapshot?.name }} · {{ snapshot?.id }}</div></template>
        <div v-if="error" class="load-error" role="alert">{{ error }}</div>
        <n-skeleton v-else-if="!full" text :repeat="5" />
        <template v-else>
          <p class="drawer-count">{{ full.versions.length }} {{ full.versions.length === 1 ? 'version' : 'versions' }}</p>
          <table class="snapshot-versions">
            <thead><tr><th>Date</th><th>Updated by</th><th>Action</th><th>Added</th><th>Removed</th><th>Synced</th><th>Status</th></tr></thead>
            <tbody>
              <tr v-for="version in full.versions" :key="version.id" :data-version-id="version.id">
                <td>{{ moment(version.at) }}</td><td>{{ version.user }}</td><td>{{ version.action }}</td>
                <td>{{ version.added }}</td><td>{{ version.removed }}</td><td>{{ version.synced }}</td>
                <td><chip v-if="version.failed.length" tone="error">{{ version.failed.length }} failed</chip>
                  <chip v-else tone="success">Completed</chip>
                  <div v-if="version.failed.length" class="failed-names">{{ version.failed.join(', ') }}</div></td>
              </tr>
              <tr v-if="!full.versions.length"><td colspan="7">No versions yet</td></tr>
            </tbody>
          </table>
        </template>
      </n-drawer-content>
    </n-drawer>`,
};
