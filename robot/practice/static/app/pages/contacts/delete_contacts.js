// The Delete of the bulk bar. It really deletes contacts, at once.
import { post } from "../../api.js";
import { toast } from "../../ui/toast.js";
import { TypedConfirm } from "../../ui/typed_confirm.js";

export const DeleteContacts = {
  name: "DeleteContacts",
  components: { TypedConfirm },
  props: { show: Boolean, contacts: { type: Array, required: true } },
  emits: ["update:show", "done"],
  setup(props, { emit }) {
    const place = VueRouter.useRoute().params.locationId;
    async function run() {
      try {
        await post(`/locations/${place}/contacts/delete`, { ids: props.contacts.map((contact) => contact.id) });
      } catch (error) {
        toast.refused(error);
        throw error;
      }
      toast.success("Contacts deleted");
      emit("done");
    }
    return { run };
  },
  template: `
    <typed-confirm :show="show" title="Delete Contacts" word="DELETE" label="Confirm by typing DELETE below." placeholder="Enter DELETE to Confirm"
      confirm="Delete" :run="run" @update:show="(open) => $emit('update:show', open)">
      <p>You are about to delete <strong>{{ contacts.length }}</strong> {{ contacts.length === 1 ? 'contact' : 'contacts' }}:
        {{ contacts.slice(0, 5).map((contact) => contact.name).join(', ') }}.</p>
    </typed-confirm>`,
};
