// <row-menu :entries="[{key, label, icon?, danger?, disabled?}]" label="Actions" @pick="(key) => …" />
// Three dots; the menu is teleported to body, as `.n-dropdown-option` (or `hr-`) elements (facts 1.4).
import { DesignSystem } from "./design.js";
import { Icon } from "./icon.js";

export const RowMenu = {
  name: "RowMenu",
  components: { DesignSystem, Icon },
  props: {
    entries: { type: Array, required: true },
    label: { type: String, default: "More actions" },
    family: { type: String, default: "n" },
    id: { type: String, default: undefined },
    horizontal: Boolean,
  },
  emits: ["pick"],
  setup(props) {
    const options = Vue.computed(() =>
      props.entries.map((entry) => ({
        key: entry.key,
        label: entry.label,
        disabled: entry.disabled,
        props: entry.danger ? { class: "danger" } : undefined,
        icon: entry.icon ? () => Vue.h(Icon, { name: entry.icon, size: 16 }) : undefined,
      })),
    );
    return { options };
  },
  template: `
    <design-system :family="family">
      <n-dropdown trigger="click" placement="bottom-end" :options="options" @select="(key) => $emit('pick', key)">
        <span :class="family + '-dropdown__trigger-wrapper'" @click.stop>
          <button type="button" class="icon-button" :id="id" :aria-label="label">
            <icon :name="horizontal ? 'ellipsis' : 'ellipsis-vertical'" />
          </button>
        </span>
      </n-dropdown>
    </design-system>`,
};
