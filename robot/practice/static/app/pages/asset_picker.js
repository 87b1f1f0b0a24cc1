// <asset-picker :assets="[{id, category, name, included}]" v-model:selected="ids" /> : all assets, by category.
import { SearchBox } from "../ui/search_box.js";

export const AssetPicker = {
  name: "AssetPicker",
  components: { SearchBox },
  props: { assets: { type: Array, required: true }, selected: { type: Array, required: true } },
  emits: ["update:selected"],
  setup(props, { emit }) {
    const query = Vue.ref("");
    const chosen = Vue.computed(() => new Set(props.selected));
    const groups = Vue.computed(() => {
      const wanted = query.value.trim().toLowerCase();
      const found = new Map();
      for (const asset of props.assets) {
        if (!asset.name.toLowerCase().includes(wanted)) continue;
        if (!found.has(asset.category)) found.set(asset.category, []);
        found.get(asset.category).push(asset);
      }
      return [...found].map(([category, rows]) => ({ category, rows }));
    });
    function set(assets, on) {
      const next = new Set(props.selected);
      for (const { id } of assets) on ? next.add(id) : next.delete(id);
      emit("update:selected", [...next]);
    }
    const all = (assets) => assets.length > 0 && assets.every(({ id }) => chosen.value.has(id));
    const some = (assets) => !all(assets) && assets.some(({ id }) => chosen.value.has(id));
    return { query, chosen, groups, set, all, some };
  },
  template: `
    <div class="asset-picker">
      <div class="asset-picker-bar">
        <n-checkbox id="asset-select-all" :checked="all(assets)" :indeterminate="some(assets)"
          @update:checked="(on) => set(assets, on)">Select All</n-checkbox>
        <span class="asset-count">{{ selected.length }} of {{ assets.length }} assets selected</span>
        <search-box v-model="query" placeholder="Search assets" :width="200" />
      </div>
      <div class="asset-groups">
        <div v-for="group in groups" :key="group.category" class="asset-group">
          <n-checkbox class="asset-category" :checked="all(group.rows)" :indeterminate="some(group.rows)"
            @update:checked="(on) => set(group.rows, on)">{{ group.category }} ({{ group.rows.length }})</n-checkbox>
          <div class="asset-rows">
            <n-checkbox v-for="asset in group.rows" :key="asset.id" class="asset-box" :data-asset-id="asset.id"
              :checked="chosen.has(asset.id)" @update:checked="(on) => set([asset], on)">{{ asset.name }}</n-checkbox>
          </div>
        </div>
      </div>
    </div>`,
};
