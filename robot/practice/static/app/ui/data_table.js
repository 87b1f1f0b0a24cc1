// <data-table family="hr" :columns :rows :loading :row-key :empty="'No records found'" :error />
// Columns are Naive UI's ({key, title, width, render(row) -> vnode|text}); `menu: true` says that a row menu is in it.
// While `loading`, skeleton rows stand in for the rows; with `error` (a text) neither rows nor the empty text are there.
import { DesignSystem } from "./design.js";
import { classes, current, label, names } from "./release.js";

const SKELETON_ROWS = 6;
const BUTTONS_PX = 300; // the least for row menus that are buttons in a line

export const DataTable = {
  name: "DataTable",
  inheritAttrs: false,
  components: { DesignSystem },
  props: {
    family: { type: String, default: "n" },
    columns: { type: Array, required: true },
    rows: { type: Array, required: true },
    rowKey: { type: Function, default: (row) => row.id },
    loading: Boolean,
    error: { type: String, default: "" },
    empty: { type: String, default: "No data found" },
    emptyHint: { type: String, default: "" },
    rowProps: { type: Function, default: undefined },
    scrollX: { type: Number, default: undefined },
    maxHeight: { type: [Number, String], default: undefined },
    virtual: Boolean,
    checked: { type: Array, default: undefined },
  },
  emits: ["update:checked"],
  setup(props) {
    const shown = Vue.computed(() =>
      props.loading ? Array.from({ length: SKELETON_ROWS }, (_, n) => ({ id: `skeleton-${n}`, skeleton: true })) : props.rows,
    );
    // The columns as the release has them.
    const columns = Vue.computed(() =>
      props.columns.map((column) => ({
        ...column,
        title: label(column.title),
        className: column.className && classes(column.className),
        ...(current().inlineMenus && column.menu ? { width: Math.max(BUTTONS_PX, column.width ?? 0) } : {}),
      })),
    );
    const drawn = Vue.computed(() =>
      props.loading
        ? columns.value.map((column) => ({
            ...column,
            type: undefined,
            key: column.key ?? column.type,
            render: () => Vue.h(naive.NSkeleton, { text: true, class: classes("skeleton-cell"), style: { width: "70%" } }),
          }))
        : columns.value,
    );
    const keyOf = (row) => (row.skeleton ? row.id : props.rowKey(row));
    const rowAttributes = props.rowProps && ((row, n) => names(props.rowProps(row, n)));
    const said = Vue.computed(() => ({ empty: label(props.empty), emptyHint: label(props.emptyHint) }));
    return { shown, drawn, keyOf, rowAttributes, said };
  },
  template: `
    <design-system :family="family">
      <div class="ui-table-container" v-bind="$attrs" :aria-busy="loading">
        <div class="ui-table-container__wrapper">
          <slot name="filters" />
          <div v-if="error" class="load-error" role="alert">{{ error }}</div>
          <n-data-table v-else :columns="drawn" :data="shown" :row-key="keyOf" :row-props="rowAttributes" :bordered="false"
            :max-height="maxHeight" :scroll-x="scrollX" :virtual-scroll="virtual && !loading" :checked-row-keys="checked"
            @update:checked-row-keys="(keys) => $emit('update:checked', keys)">
            <template #empty><div class="hl-empty">
              <div class="hl-empty-title">{{ said.empty }}</div>
              <div v-if="emptyHint" class="hl-empty-hint">{{ said.emptyHint }}</div>
            </div></template>
          </n-data-table>
        </div>
        <slot name="footer" />
      </div>
    </design-system>`,
};
