// Number Pools: numbers inside a pool are managed there, at least `minimum` of them (facts 5.5).
import { post } from "../../api.js";
import { Chip } from "../../ui/chip.js";
import { EmptyState } from "../../ui/empty_state.js";
import { useLoad } from "../../ui/load.js";

export const NumberPools = {
  name: "NumberPools",
  components: { Chip, EmptyState },
  setup() {
    const id = VueRouter.useRoute().params.locationId;
    return { pools: useLoad(() => post(`/locations/${id}/pools`), { failed: "Failed to retrieve Number Pools" }) };
  },
  template: `
    <div v-if="pools.loading" class="panel"><n-skeleton text :repeat="4" /></div>
    <div v-else-if="pools.error" class="load-error" role="alert">{{ pools.error }}</div>
    <div v-else-if="!pools.data.rows.length" class="panel"><empty-state title="No Number Pools" icon="layers" /></div>
    <div v-for="pool in pools.data?.rows" v-else :key="pool.id" class="panel">
      <h3 class="panel-title">{{ pool.name }} <chip tone="plain" family="hr">{{ pool.numbers.length }} numbers, at least {{ pool.minimum }}</chip></h3>
      <div v-for="number in pool.numbers" :key="number.id" class="line">
        <span class="line-title">{{ number.number }}</span><span class="line-note">{{ number.friendly_name }}</span></div>
    </div>`,
};
