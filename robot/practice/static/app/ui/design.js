// <design-system family="hr"> : everything inside is drawn with `hr-` classes instead of `n-` (facts 1.4).
import { prefixOf } from "./release.js";
import { theme } from "./theme.js";

export const DesignSystem = {
  name: "DesignSystem",
  props: { family: { type: String, default: "n" } },
  setup: () => ({ theme, prefixOf }),
  template: `
    <n-config-provider :cls-prefix="prefixOf(family)" :theme-overrides="theme" abstract inline-theme-disabled>
      <slot />
    </n-config-provider>`,
};
