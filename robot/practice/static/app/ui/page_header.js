// <page-header title="Tags" hint="…"> buttons </page-header>
import { label } from "./release.js";

export const PageHeader = {
  name: "PageHeader",
  props: { title: { type: String, required: true }, hint: { type: String, default: "" } },
  setup: () => ({ label }),
  template: `
    <div class="page-header">
      <div>
        <h1 class="page-title">{{ label(title) }}</h1>
        <p v-if="hint" class="page-hint">{{ label(hint) }}</p>
      </div>
      <div class="page-actions"><slot /></div>
    </div>`,
};
