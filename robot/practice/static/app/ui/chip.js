// <chip tone="success">Active</chip> : status chip `.n-tag.hl-success` or `.hr-tag.ui-tag` (facts 1.4).
import { DesignSystem } from "./design.js";

export const Chip = {
  name: "Chip",
  components: { DesignSystem },
  props: {
    tone: { type: String, default: "info" }, // "success" | "warning" | "error" | "info" | "plain"
    family: { type: String, default: "n" },
  },
  template: `
    <design-system :family="family">
      <n-tag size="small" round :bordered="false" :class="['ui-tag', 'hl-' + tone]"><slot /></n-tag>
    </design-system>`,
};

const TONES = {
  success: ["approved", "verified", "active", "complete", "success", "published", "connected", "enabled"],
  warning: ["in progress", "in review", "pending", "unverified", "processing", "queued", "scheduled", "created", "queueing", "waiting", "paused", "draft"],
  error: ["failed", "error", "cancelled", "suspended"],
};

// The tone a status word usually has.
export function toneOf(status) {
  const word = String(status).toLowerCase();
  return Object.keys(TONES).find((tone) => TONES[tone].includes(word)) ?? "plain";
}
