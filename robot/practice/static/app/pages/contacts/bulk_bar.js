// The bulk bar: icons that say what they do when hovered; dead until a contact is selected (facts 7.2).
// Delete sits among them, and its aria-label is broken (facts 1.1).
import { Icon } from "../../ui/icon.js";
import { label, ordered } from "../../ui/release.js";

const OPTIONS = [
  { key: "pipeline", label: "Pipeline Change", icon: "list-filter" },
  { key: "automation", label: "Add to Automation", icon: "workflow" },
  { key: "sms", label: "Send SMS", icon: "message-square" },
  { key: "email", label: "Send Email", icon: "mail" },
  { key: "add", label: "Add Tag", icon: "tag", verb: "add tags" },
  { key: "remove", label: "Remove Tags", icon: "tags", verb: "remove tags" },
  { key: "delete", label: "Delete", icon: "trash-2", aria: "e=>e.$t('contacts.listView.bulkActions.delete" },
  { key: "review", label: "Review Request", icon: "star" },
  { key: "export", label: "Export", icon: "download" },
  { key: "merge", label: "Merge up to 10 Contacts", icon: "git-merge" },
];
const LIVE = ["add", "remove", "delete"];

export const BulkBar = {
  name: "BulkBar",
  components: { Icon },
  props: { count: { type: Number, required: true }, loaded: Boolean },
  emits: ["pick", "quiet"],
  setup(props, { emit }) {
    const options = ordered("bulk", OPTIONS).map((option) => ({ ...option, label: label(option.label) }));
    const tip = (option) => (props.count ? option.label : `Please select contacts to ${option.verb ?? option.label.toLowerCase()}`);
    const press = (option) => (LIVE.includes(option.key) ? emit("pick", option.key) : emit("quiet", option.label));
    return { options, tip, press };
  },
  template: `
    <div class="contact-bulk-action-options" role="toolbar" aria-label="Bulk actions">
      <n-tooltip v-for="option in options" :key="option.key" :delay="60">
        <template #trigger>
          <span class="bulk-option"><button type="button" class="icon-button" :aria-label="option.aria ?? option.label"
            :disabled="!count" @click="press(option)"><icon :name="option.icon" :size="18" /></button></span>
        </template>
        {{ tip(option) }}
      </n-tooltip>
    </div>`,
};
