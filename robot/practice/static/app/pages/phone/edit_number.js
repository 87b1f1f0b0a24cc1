// Edit Configuration: #edit-phone-number-modal, "Configure" (facts 5.5).
import { post } from "../../api.js";
import { DesignSystem } from "../../ui/design.js";
import { HlModal } from "../../ui/modal.js";
import { toast } from "../../ui/toast.js";

export const EditNumber = {
  name: "EditNumber",
  components: { DesignSystem, HlModal },
  props: { show: Boolean, number: { type: Object, required: true } },
  emits: ["update:show", "done"],
  setup(props, { emit }) {
    const id = VueRouter.useRoute().params.locationId;
    const name = Vue.ref("");
    const busy = Vue.ref(false);
    Vue.watch(() => props.show, (open) => open && (name.value = props.number.friendly_name), { immediate: true });
    async function save() {
      busy.value = true;
      try {
        await post(`/locations/${id}/numbers/${props.number.id}/configure`, { friendly_name: name.value });
        toast.success("Phone number updated");
        emit("update:show", false);
        emit("done");
      } catch (error) {
        toast.refused(error);
      } finally {
        busy.value = false;
      }
    }
    return { name, busy, save };
  },
  template: `
    <hl-modal :show="show" id="edit-phone-number-modal" family="hr" :title="'Configure ' + number.shown" positive="Save" :busy="busy"
      :positive-disabled="!name.trim()" @update:show="(open) => $emit('update:show', open)" @positive="save">
      <label class="field"><span>Friendly Name</span><n-input v-model:value="name" /></label>
      <label class="field"><span>Forward Calls To</span><n-input placeholder="No forwarding" disabled /></label>
    </hl-modal>`,
};
