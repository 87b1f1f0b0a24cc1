// Remove tags / Add tags, newer wording (facts 7.2): the box "Remove all tags" is the dangerous one.
import { post } from "../../api.js";
import { HlModal } from "../../ui/modal.js";
import { named } from "../../ui/other_object.js";
import { label } from "../../ui/release.js";
import { toast } from "../../ui/toast.js";
import { useTagOptions } from "./tag_select.js";

const WORDS = {
  remove: { title: "Remove tags", line: "Remove tags from following contacts", press: "Remove tags", all: "Remove all tags" },
  add: { title: "Add tags", line: "Add tags to following contacts", press: "Add tags", all: "" },
};

export const TagsDialogNewer = {
  name: "TagsDialogNewer",
  components: { HlModal },
  props: { show: Boolean, change: { type: String, required: true }, contacts: { type: Array, required: true } },
  emits: ["update:show", "started"],
  setup(props, { emit }) {
    const place = VueRouter.useRoute().params.locationId;
    const { options, loading } = useTagOptions(() => props.show);
    const name = Vue.ref("");
    const tags = Vue.ref([]);
    const everything = Vue.ref(false);
    const busy = Vue.ref(false);
    const tried = Vue.ref(false);
    Vue.watch(() => props.show, (open) => {
      if (open) [name.value, tags.value, everything.value, tried.value] = ["", [], false, false];
    });
    const words = Vue.computed(() => WORDS[props.change]);
    const nameError = Vue.computed(() => (tried.value && !name.value.trim() ? "Enter a name for the action" : ""));
    const tagError = Vue.computed(() => (tried.value && !tags.value.length && !everything.value ? "Please select tag" : ""));
    async function go() {
      tried.value = true;
      if (nameError.value || tagError.value) return;
      busy.value = true;
      try {
        await post(`/locations/${place}/bulk-actions/start`, {
          change: props.change,
          ids: props.contacts.map((contact) => contact.id),
          tags: tags.value,
          all_tags: everything.value,
          name: name.value,
          when: "now",
        });
        emit("update:show", false);
        emit("started");
      } catch (error) {
        toast.refused(error);
      } finally {
        busy.value = false;
      }
    }
    return { options, loading, name, tags, everything, busy, words, label, named, nameError, tagError, go };
  },
  template: `
    <hl-modal :show="show" family="hr" :title="words.title" :positive="words.press" :busy="busy" :width="560"
      positive-id="bulk-request-next-btn" negative-id="bulk-request-previous-btn"
      @update:show="(open) => $emit('update:show', open)" @positive="go">
      <div><p>{{ label(words.line) }}</p>
        <div class="contact-names"><span v-for="contact in contacts.slice(0, 10)" :key="contact.id" class="contact-chip">{{ named('contact', contact.name, [contact.last + ' ' + contact.first]) }}</span>
          <span v-if="contacts.length > 10">and {{ contacts.length - 10 }} more</span></div></div>
      <label class="field"><span>Action name</span><n-input v-model:value="name" :maxlength="256" />
        <span v-if="nameError" class="field-error">{{ nameError }}</span></label>
      <n-checkbox v-if="words.all" v-model:checked="everything">{{ label(words.all) }}</n-checkbox>
      <div class="field"><span>Select tags</span>
        <n-select v-model:value="tags" class="tag-select" multiple filterable :disabled="everything" :options="options" :loading="loading" placeholder="Search tags">
          <template #empty>No tags found</template></n-select>
        <span v-if="tagError" class="field-error">{{ tagError }}</span></div>
    </hl-modal>`,
};
