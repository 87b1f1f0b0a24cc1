// <icon name="trash-2" :size="16" /> : one of the vendored Lucide shapes.
import { iconOf } from "./release.js";

export const Icon = {
  name: "Icon",
  props: { name: { type: String, required: true }, size: { type: Number, default: 18 } },
  setup: () => ({ shapes: window.LUCIDE, iconOf }),
  template: `
    <svg class="icon" :width="size" :height="size" viewBox="0 0 24 24" fill="none" stroke="currentColor"
      stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"
      v-html="shapes[iconOf(name)]"></svg>`,
};
