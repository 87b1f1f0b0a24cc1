// <row-menu :entries="[{key, label, icon?, danger?, disabled?}]" label="Actions" @pick="(key) => …" />
// Three dots; the menu is teleported to body, as `.n-dropdown-option` (or `hr-`) elements (facts 1.4).
// A release may have the entries as buttons in a line instead, in a group that is named as the dots were.
import { DesignSystem } from "./design.js";
import { Icon } from "./icon.js";
import { current, label, names } from "./release.js";

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
    const shown = Vue.computed(() => props.entries.map((entry) => ({ ...entry, label: label(entry.label, "menu") })));
    const options = Vue.computed(() =>
      shown.value.map((entry) => ({
        key: entry.key,
        label: entry.label,
        disabled: entry.disabled,
        props: entry.danger ? names({ class: "danger" }) : undefined,
        icon: entry.icon ? () => Vue.h(Icon, { name: entry.icon, size: 16 }) : undefined,
      })),
    );
    const named = Vue.computed(() => label(props.label));
    return { shown, options, named, isInline: Boolean(current().inlineMenus) };
  },
  template: `
    <design-system :family="family">
      <div v-if="isInline" :id="id" class="row-buttons" role="group" :aria-label="named" @click.stop>
        <n-button v-for="entry in shown" :key="entry.key" text size="small" :type="entry.danger ? 'error' : 'primary'"
          :disabled="entry.disabled" @click="$emit('pick', entry.key)">{{ entry.label }}</n-button>
      </div>
      <n-dropdown v-else trigger="click" placement="bottom-end" :options="options" @select="(key) => $emit('pick', key)">
        <span :class="family + '-dropdown__trigger-wrapper'" @click.stop>
          <button type="button" class="icon-button" :id="id" :aria-label="named">
            <icon :name="horizontal ? 'ellipsis' : 'ellipsis-vertical'" />
          </button>
        </span>
      </n-dropdown>
    </design-system>`,
};
