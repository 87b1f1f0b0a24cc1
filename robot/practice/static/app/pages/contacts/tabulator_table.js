// The Tabulator generation of the contacts table: rows exist only while scrolled into view (facts 7.1).
import { day } from "../../ui/dates.js";
import { label } from "../../ui/release.js";

const ROW_PX = 48;
const SPARE_ROWS = 4;

const COLUMNS = [
  { field: "name", title: "Contact Name", width: 190 },
  { field: "phone", title: "Phone", width: 130 },
  { field: "email", title: "Email", width: 215 },
  { field: "company", title: "Business Name", width: 160 },
  { field: "created", title: "Created", width: 120 },
  { field: "tags", title: "Tags", width: 290 },
];

export const TabulatorTable = {
  name: "TabulatorTable",
  props: { rows: { type: Array, required: true }, loading: Boolean, checked: { type: Array, required: true } },
  emits: ["update:checked", "open"],
  setup(props, { emit }) {
    const route = VueRouter.useRoute();
    const holder = Vue.ref(null);
    const top = Vue.ref(0);
    const height = Vue.ref(600);
    const first = Vue.computed(() => Math.max(0, Math.floor(top.value / ROW_PX) - SPARE_ROWS));
    const last = Vue.computed(() => Math.min(props.rows.length, Math.ceil((top.value + height.value) / ROW_PX) + SPARE_ROWS));
    const shown = Vue.computed(() => props.rows.slice(first.value, last.value));
    const before = Vue.computed(() => first.value * ROW_PX);
    const after = Vue.computed(() => (props.rows.length - last.value) * ROW_PX);
    const scrolled = () => (top.value = holder.value.scrollTop);
    const watcher = new ResizeObserver(([entry]) => (height.value = entry.contentRect.height));
    Vue.onMounted(() => watcher.observe(holder.value));
    Vue.onUnmounted(() => watcher.disconnect());
    Vue.watch(() => props.rows, () => {
      top.value = 0;
      if (holder.value) holder.value.scrollTop = 0;
    });

    const isChecked = (row) => props.checked.includes(row.id);
    const toggle = (row) =>
      emit("update:checked", isChecked(row) ? props.checked.filter((id) => id !== row.id) : [...props.checked, row.id]);
    const allChecked = Vue.computed(() => props.rows.length > 0 && props.rows.every(isChecked));
    const toggleAll = () => {
      const ids = props.rows.map((row) => row.id);
      emit("update:checked", allChecked.value ? props.checked.filter((id) => !ids.includes(id)) : [...new Set([...props.checked, ...ids])]);
    };
    const href = (row) => `/v2/location/${route.params.locationId}/contacts/detail/${row.id}`;
    return { COLUMNS, ROW_PX, holder, shown, before, after, scrolled, isChecked, toggle, allChecked, toggleAll, href, day, label };
  },
  template: `
    <div class="tabulator" role="grid" :aria-busy="loading">
      <div class="tabulator-header"><div class="tabulator-headers" role="row">
        <div class="tabulator-col box"><input type="checkbox" aria-label="Select all on this page" :checked="allChecked" :disabled="loading || !rows.length" @change="toggleAll" /></div>
        <div v-for="column in COLUMNS" :key="column.field" class="tabulator-col" role="columnheader" :tabulator-field="column.field" :style="{ width: column.width + 'px' }">{{ label(column.title) }}</div>
      </div></div>
      <div ref="holder" class="tabulator-tableholder" tabindex="-1" @scroll.passive="scrolled">
        <div v-if="loading" class="tabulator-table">
          <div v-for="n in 8" :key="n" class="skeleton-loader"><n-skeleton text class="skeleton-cell" :style="{ width: 96 - n * 2 + '%' }" /></div>
        </div>
        <div v-else-if="rows.length" class="tabulator-table" role="rowgroup" :style="{ paddingTop: before + 'px', paddingBottom: after + 'px' }">
          <div v-for="row in shown" :key="row.id" class="tabulator-row" role="row" :class="{ 'tabulator-selected': isChecked(row) }" :style="{ height: ROW_PX + 'px' }">
            <div class="tabulator-cell box" role="gridcell"><input type="checkbox" aria-label="Select row" :checked="isChecked(row)" @change="toggle(row)" /></div>
            <div v-for="column in COLUMNS" :key="column.field" class="tabulator-cell" role="gridcell" :tabulator-field="column.field"
              :data-id="column.field === 'name' ? row.id : undefined" :style="{ width: column.width + 'px' }">
              <a v-if="column.field === 'name'" class="contact-name-link" :href="href(row)" @click.prevent="$emit('open', row.id)"><span class="contact-initials">{{ row.first[0] }}{{ row.last[0] }}</span>{{ row.name }}</a>
              <template v-else-if="column.field === 'tags'"><span v-for="tag in row.tags.slice(0, 2)" :key="tag" class="tag-pill">{{ tag }}</span><span v-if="row.tags.length > 2" class="tag-more">+{{ row.tags.length - 2 }}</span></template>
              <template v-else-if="column.field === 'created'">{{ day(row.created) }}</template>
              <template v-else>{{ row[column.field] }}</template>
            </div>
          </div>
        </div>
        <div v-else class="tabulator-placeholder"><span class="tabulator-placeholder-contents">No records found</span></div>
      </div>
      <slot />
    </div>`,
};
