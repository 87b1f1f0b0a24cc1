// <typed-confirm v-model:show title word="Delete" label="Confirm by Typing 'Delete' below" confirm="Confirm Delete"
//   :run="async () => …"> body </typed-confirm>
// The confirm button is dead until the word stands in the field exactly, case included, where one is wanted. `run` does the work; the
// dialog closes when it resolves and stays open when it throws (what `run` shows is its own affair).
import { state } from "../state.js";
import { HlModal } from "./modal.js";
import { label } from "./release.js";

export const TypedConfirm = {
  name: "TypedConfirm",
  components: { HlModal },
  props: {
    show: Boolean,
    title: { type: String, required: true },
    word: { type: String, required: true },
    label: { type: String, required: true },
    placeholder: { type: String, default: "" },
    confirm: { type: String, required: true },
    // What the button says in the other wording (setting `wordings`), if that differs.
    otherConfirm: { type: String, default: "" },
    negative: { type: String, default: "Cancel" },
    family: { type: String, default: "n" },
    name: { type: String, default: "" },
    width: { type: Number, default: 480 },
    run: { type: Function, required: true },
  },
  emits: ["update:show", "negative"],
  setup(props, { emit }) {
    const typed = Vue.ref("");
    // Another build may want the word in other letters, or another word; label and field then say so. Or none: there is
    // no field then (setting `typed_words`).
    const wanted = Vue.computed(() => state.settings.typed_words?.[props.word] ?? props.word);
    const said = (text) => text.replaceAll(props.word, wanted.value);
    const busy = Vue.ref(false);
    Vue.watch(() => props.show, (open) => open && (typed.value = ""));
    async function go() {
      busy.value = true;
      try {
        await props.run();
        emit("update:show", false);
      } catch {
        // `run` has said why.
      } finally {
        busy.value = false;
      }
    }
    const confirm = () => (state.settings.wordings === "other" && props.otherConfirm) || props.confirm;
    const shown = Vue.computed(() => ({ label: said(label(props.label)), confirm: label(confirm(), "confirm") }));
    return { typed, wanted, said, shown, busy, go };
  },
  template: `
    <hl-modal :show="show" :title="title" :family="family" :name="name" :width="width" icon="trash-2" icon-tone="error"
      :positive="shown.confirm" positive-type="error" :positive-disabled="typed !== wanted" :negative="negative" :busy="busy"
      @update:show="(open) => $emit('update:show', open)" @positive="go" @negative="$emit('negative')">
      <slot />
      <label v-if="wanted" class="typed-label">
        <span>{{ shown.label }}</span>
        <n-input v-model:value="typed" :placeholder="said(placeholder || word)" :disabled="busy" />
      </label>
    </hl-modal>`,
};
