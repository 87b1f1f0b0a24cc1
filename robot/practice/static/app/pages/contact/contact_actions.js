// Actions: Campaigns and Workflows, the latter split into Active and Past (facts 7.3).
import { Chip } from "../../ui/chip.js";
import { moment } from "../../ui/dates.js";
import { Icon } from "../../ui/icon.js";

export const ContactActions = {
  name: "ContactActions",
  components: { Chip, Icon },
  props: { contact: { type: Object, required: true } },
  setup(props) {
    const kind = Vue.ref("workflows");
    const when = Vue.ref("active");
    const runs = Vue.computed(() => props.contact[when.value]);
    return { kind, when, runs, moment };
  },
  template: `
    <div class="record-actions">
      <n-tabs v-model:value="kind" type="segment" size="small"><n-tab name="campaigns">Campaigns</n-tab><n-tab name="workflows">Workflows</n-tab></n-tabs>
      <p v-if="kind === 'campaigns'" class="cell-note">No campaigns</p>
      <template v-else>
        <n-tabs v-model:value="when" type="line" size="small"><n-tab name="active">Active ({{ contact.active.length }})</n-tab><n-tab name="past">Past ({{ contact.past.length }})</n-tab></n-tabs>
        <div v-for="run in runs" :key="run.id" class="automation-row"><icon name="workflow" :size="18" />
          <div><div class="cell-main automation-name">{{ run.name }}</div>
            <div class="cell-note automation-time">{{ when === 'active' ? 'Added on ' + moment(run.started_at) : 'Finished on ' + moment(run.finished_at) }}</div></div>
          <chip :tone="when === 'active' ? 'info' : 'success'">{{ when === 'active' ? 'Active' : 'Completed' }}</chip></div>
        <p v-if="!runs.length" class="cell-note">{{ when === 'active' ? 'No active workflows' : 'No past workflows' }}</p>
      </template></div>`,
};
