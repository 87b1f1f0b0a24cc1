// <page-header title="Tags" hint="…"> buttons </page-header>

export const PageHeader = {
  name: "PageHeader",
  props: { title: { type: String, required: true }, hint: { type: String, default: "" } },
  template: `
    <div class="page-header">
      <div>
        <h1 class="page-title">{{ title }}</h1>
        <p v-if="hint" class="page-hint">{{ hint }}</p>
      </div>
      <div class="page-actions"><slot /></div>
    </div>`,
};
