// <pager v-model:page :size :total family /> : "Showing X to Y of Z" and page numbers (facts 1.4).
import { DesignSystem } from "./design.js";

export const Pager = {
  name: "Pager",
  components: { DesignSystem },
  props: {
    family: { type: String, default: "n" },
    page: { type: Number, required: true },
    size: { type: Number, required: true },
    total: { type: Number, required: true },
  },
  emits: ["update:page"],
  setup(props) {
    const span = Vue.computed(() => {
      if (!props.total) return "Showing 0 to 0 of 0";
      const first = (props.page - 1) * props.size + 1;
      return `Showing ${first} to ${Math.min(props.total, first + props.size - 1)} of ${props.total}`;
    });
    return { span };
  },
  template: `
    <design-system :family="family">
      <div class="pager">
        <span class="pager-span">{{ span }}</span>
        <n-pagination :page="page" :page-size="size" :item-count="total"
          @update:page="(page) => $emit('update:page', page)" />
      </div>
    </design-system>`,
};
