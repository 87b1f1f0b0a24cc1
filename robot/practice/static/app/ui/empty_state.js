// <empty-state title="No Brands Yet" hint="…" icon="inbox" />
import { Icon } from "./icon.js";
import { label } from "./release.js";

export const EmptyState = {
  name: "EmptyState",
  components: { Icon },
  props: {
    title: { type: String, required: true },
    hint: { type: String, default: "" },
    icon: { type: String, default: "inbox" },
  },
  setup: () => ({ label }),
  template: `
    <div class="hl-empty">
      <span class="hl-empty-icon"><icon :name="icon" :size="26" /></span>
      <div class="hl-empty-title">{{ label(title) }}</div>
      <div v-if="hint" class="hl-empty-hint">{{ label(hint) }}</div>
      <slot />
    </div>`,
};
