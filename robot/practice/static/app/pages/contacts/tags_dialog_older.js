// Remove Tags / Add Tags, older wording (facts 7.2).
import { post } from "../../api.js";
import { HlModal } from "../../ui/modal.js";
import { named } from "../../ui/other_object.js";
import { label } from "../../ui/release.js";
import { toast } from "../../ui/toast.js";
import { useTagOptions } from "./tag_select.js";

const WORDS = {
  remove: {
    title: "Remove Tags",
    line: "Remove tags from following contacts",
    search: "Search for tag to remove",
    press: "Remove",
    when: { now: "Remove all at once", scheduled: "Remove all at schedule time", drip: "Remove in drip mode" },
  },
  add: {
    title: "Add Tags",
    line: "Add tags to following contacts",
    search: "Search for tag to add",
    press: "Add",
    when: { now: "Add all at once", scheduled: "Add all at schedule time", drip: "Add in drip mode" },
  },
};

export const TagsDialogOlder = {
  name: "TagsDialogOlder",
  components: { HlModal },
  props: { show: Boolean, change: { type: String, required: true }, contacts: { type: Array, required: true } },
  emits: ["update:show", "started"],
  setup(props, { emit }) {
    const place = VueRouter.useRoute().params.locationId;
    const { options, loading } = useTagOptions(() => props.show);
    const name = Vue.ref("");
    const tags = Vue.ref([]);
    const when = Vue.ref("now");
    const at = Vue.ref("");
    const busy = Vue.ref(false);
    Vue.watch(() => props.show, (open) => {
      if (open) [name.value, tags.value, when.value, at.value] = ["", [], "now", ""];
    });
    const words = Vue.computed(() => WORDS[props.change]);
    const incomplete = Vue.computed(() => !name.value.trim() || !tags.value.length || (when.value === "scheduled" && !at.value));
    async function go() {
      busy.value = true;
      try {
        await post(`/locations/${place}/bulk-actions/start`, {
          change: props.change,
          ids: props.contacts.map((contact) => contact.id),
          tags: tags.value,
          name: name.value,
          when: when.value,
          at: at.value ? `${at.value}:00+00:00` : null,
        });
        emit("update:show", false);
        emit("started");
      } catch (error) {
        toast.refused(error);
      } finally {
        busy.value = false;
      }
    }
    return { options, loading, name, tags, when, at, busy, words, label, named, incomplete, go };
  },
  template: `
    <hl-modal :show="show" :title="words.title" :positive="words.press" :positive-disabled="incomplete" :busy="busy" :width="560"
      @update:show="(open) => $emit('update:show', open)" @positive="go">
      <div><p>{{ label(words.line) }}</p>
        <div class="contact-names"><span v-for="contact in contacts.slice(0, 10)" :key="contact.id" class="contact-chip">
          <span class="contact-initials">{{ contact.first[0] }}{{ contact.last[0] }}</span>{{ named('contact', contact.name, [contact.last + ' ' + contact.first]) }}</span>
          <span v-if="contacts.length > 10">and {{ contacts.length - 10 }} more</span></div></div>
      <label class="field"><span>Action*</span><n-input v-model:value="name" placeholder="Enter a description for the action" :maxlength="256" /></label>
      <div class="field"><span>Tags*</span>
        <n-select v-model:value="tags" class="tag-select" multiple filterable :options="options" :loading="loading" :placeholder="words.search">
          <template #empty>Tag not found</template></n-select></div>
      <n-radio-group v-model:value="when" name="when"><div class="when">
        <n-radio v-for="(label, key) in words.when" :key="key" :value="key">{{ label }}</n-radio></div></n-radio-group>
      <label v-if="when === 'scheduled'" class="field"><span>Start On*</span><input v-model="at" class="form-control" type="datetime-local" /></label>
    </hl-modal>`,
};
