// <copy-text :text="sid" /> : the text with a button that copies it.
import { Icon } from "./icon.js";
import { toast } from "./toast.js";

export const CopyText = {
  name: "CopyText",
  components: { Icon },
  props: { text: { type: String, required: true } },
  setup(props) {
    async function copy() {
      await navigator.clipboard.writeText(props.text);
      toast.success("Copied");
    }
    return { copy };
  },
  template: `
    <span class="copy-text"><span>{{ text }}</span>
      <button type="button" class="icon-button small" aria-label="Copy" @click="copy"><icon name="copy" :size="14" /></button>
    </span>`,
};
