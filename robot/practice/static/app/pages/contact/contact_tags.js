// The Tags box: Apply takes and gives tags at once (facts 7.3).
import { post } from "../../api.js";
import { Icon } from "../../ui/icon.js";
import { toast } from "../../ui/toast.js";
import { useTagOptions } from "../contacts/tag_select.js";

export const ContactTags = {
  name: "ContactTags",
  components: { Icon },
  props: { contact: { type: Object, required: true } },
  emits: ["changed"],
  setup(props, { emit }) {
    const place = VueRouter.useRoute().params.locationId;
    const editing = Vue.ref(false);
    const wanted = Vue.ref([]);
    const { options, loading } = useTagOptions(() => editing.value);
    const edit = () => {
      wanted.value = [...props.contact.tags];
      editing.value = true;
    };
    async function apply() {
      try {
        await post(`/locations/${place}/contacts/${props.contact.id}/tags`, {
          add: wanted.value.filter((tag) => !props.contact.tags.includes(tag)),
          remove: props.contact.tags.filter((tag) => !wanted.value.includes(tag)),
        });
        editing.value = false;
        toast.success("Tags updated");
        emit("changed");
      } catch (error) {
        toast.refused(error);
      }
    }
    return { editing, wanted, options, loading, edit, apply };
  },
  template: `
    <div class="record-tags"><div class="record-tags-head"><span class="record-group">Tags</span>
        <button v-if="!editing" type="button" class="icon-button small" aria-label="Edit tags" @click="edit"><icon name="pencil" :size="14" /></button></div>
      <template v-if="editing"><n-select v-model:value="wanted" multiple filterable :options="options" :loading="loading" placeholder="Search tags" />
        <div class="record-tags-foot"><n-button size="small" @click="editing = false">Cancel</n-button><n-button size="small" type="primary" @click="apply">Apply</n-button></div></template>
      <div v-else class="tag-row"><span v-for="tag in contact.tags" :key="tag" class="tag-pill">{{ tag }}</span><span v-if="!contact.tags.length" class="cell-note">No tags</span></div></div>`,
};
