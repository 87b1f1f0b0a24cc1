// <search-box v-model="text" placeholder="Search" @enter="…" /> : a text field with a magnifying glass.
import { DesignSystem } from "./design.js";
import { Icon } from "./icon.js";
import { label } from "./release.js";

export const SearchBox = {
  name: "SearchBox",
  components: { DesignSystem, Icon },
  props: {
    modelValue: { type: String, required: true },
    placeholder: { type: String, default: "Search" },
    family: { type: String, default: "n" },
    id: { type: String, default: undefined },
    maxlength: { type: Number, default: undefined },
    width: { type: Number, default: 280 },
  },
  emits: ["update:modelValue", "enter", "clear"],
  setup(props) {
    const said = Vue.computed(() => label(props.placeholder));
    return { said, inputProps: Vue.computed(() => ({ id: props.id, "aria-label": said.value })) };
  },
  template: `
    <design-system :family="family">
      <n-input class="search-box" :style="{ width: width + 'px' }" :value="modelValue" :placeholder="said"
        :maxlength="maxlength" :input-props="inputProps" clearable
        @update:value="(text) => $emit('update:modelValue', text)" @keydown.enter="$emit('enter')"
        @clear="$emit('clear')">
        <template #prefix><icon name="search" :size="16" /></template>
      </n-input>
    </design-system>`,
};
