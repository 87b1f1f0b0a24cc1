// "Total n records", "Page Size: n", "of n Pages" (facts 7.1). `tabulator` gives the page buttons its classes.
import { Icon } from "../../ui/icon.js";

const SIZES = [20, 50, 100];

export const PageBar = {
  name: "PageBar",
  components: { Icon },
  props: {
    page: { type: Number, required: true },
    size: { type: Number, required: true },
    total: { type: Number, required: true },
    tabulator: Boolean,
  },
  emits: ["update:page", "update:size"],
  setup(props) {
    const pages = Vue.computed(() => Math.max(1, Math.ceil(props.total / props.size)));
    const near = Vue.computed(() => {
      const first = Math.max(1, Math.min(props.page - 2, pages.value - 4));
      return Array.from({ length: Math.min(5, pages.value) }, (_, n) => first + n);
    });
    const sizes = SIZES.map((n) => ({ key: n, label: String(n) }));
    return { pages, near, sizes };
  },
  template: `
    <div :class="tabulator ? 'tabulator-footer' : 'page-bar'">
      <span class="page-total">Total {{ total }} records</span>
      <span class="page-steps">
        <button type="button" class="tabulator-page" aria-label="Go to previous page" :disabled="page <= 1" @click="$emit('update:page', page - 1)"><icon name="chevron-left" :size="15" /></button>
        <button v-for="n in near" :key="n" type="button" class="tabulator-page" :class="{ active: n === page }" :aria-current="n === page ? 'page' : undefined" @click="$emit('update:page', n)">{{ n }}</button>
        <span class="page-of">of {{ pages }} Pages</span>
        <button type="button" class="tabulator-page" aria-label="Go to next page" :disabled="page >= pages" @click="$emit('update:page', page + 1)"><icon name="chevron-right" :size="15" /></button>
      </span>
      <n-dropdown trigger="click" :options="sizes" @select="(n) => $emit('update:size', n)">
        <button type="button" class="text-button plain">Page Size: {{ size }}<icon name="chevron-down" :size="14" /></button>
      </n-dropdown>
    </div>`,
};
