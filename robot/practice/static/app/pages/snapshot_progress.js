// <snapshot-progress :id @done="(snapshot) => …" /> : watches a refresh or a creation until it has ended.
import { post } from "../api.js";

const LOOK_AGAIN_MS = 120;

export const SnapshotProgress = {
  name: "SnapshotProgress",
  props: { id: { type: String, required: true } },
  emits: ["done"],
  setup(props, { emit }) {
    const run = Vue.reactive({ loaded: 0, total: 0 });
    let timer = 0;
    async function look() {
      const snapshot = await post(`/snapshots/${props.id}`);
      if (snapshot.run.state !== "running") {
        emit("done", snapshot);
        return;
      }
      Object.assign(run, { loaded: snapshot.run.loaded, total: snapshot.run.total });
      timer = setTimeout(look, LOOK_AGAIN_MS);
    }
    look();
    Vue.onUnmounted(() => clearTimeout(timer));
    const percent = Vue.computed(() => (run.total ? Math.round((100 * run.loaded) / run.total) : 0));
    return { run, percent };
  },
  template: `
    <div class="snapshot-run">
      <n-progress type="line" :percentage="percent" :show-indicator="false" />
      <p role="status">{{ run.loaded }} of {{ run.total }} assets loaded</p>
    </div>`,
};
