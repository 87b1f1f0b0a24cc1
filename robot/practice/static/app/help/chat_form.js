// <chat-form :fields @submit="(values) => …" @upload /> : several prompts asked together, inside the chat (facts 6).
import { Icon } from "../ui/icon.js";

export const ChatForm = {
  name: "ChatForm",
  components: { Icon },
  props: { fields: { type: Array, required: true } },
  emits: ["submit", "upload"],
  setup(props) {
    const values = Vue.reactive(Object.fromEntries(props.fields.map((field) => [field.key, ""])));
    return { values };
  },
  template: `
    <form class="hs-form" aria-label="Request form" @submit.prevent="$emit('submit', values)">
      <label v-for="field in fields" :key="field.key" class="field hs-field" :data-label="field.label">
        <span class="hs-field-label">{{ field.label }}</span>
        <select v-if="field.options.length" v-model="values[field.key]">
          <option value="" disabled>Select</option>
          <option v-for="option in field.options" :key="option" :value="option">{{ option }}</option>
        </select>
        <textarea v-else v-model="values[field.key]" rows="2"></textarea>
      </label>
      <button type="button" class="upload-box" aria-label="Click to upload" @click="$emit('upload')"><icon name="upload" /> Click to upload a screen recording</button>
      <button type="submit" class="hs-reply hs-form-submit">Submit form</button>
    </form>`,
};
