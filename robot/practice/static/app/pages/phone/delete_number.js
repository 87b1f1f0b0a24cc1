// Deleting a number: one dialog on LC Phone, a second about releasing on an own Twilio account, a notice for a
// number linked to WhatsApp (facts 5.5). The body says "the contact with the phone number": HighLevel's own slip.
import { post } from "../../api.js";
import { HlModal } from "../../ui/modal.js";
import { named } from "../../ui/other_object.js";
import { toast } from "../../ui/toast.js";
import { TypedConfirm } from "../../ui/typed_confirm.js";

export const DeleteNumber = {
  name: "DeleteNumber",
  components: { HlModal, TypedConfirm },
  props: { show: Boolean, number: { type: Object, required: true }, telephony: { type: String, required: true } },
  emits: ["update:show", "done"],
  setup(props, { emit }) {
    const id = VueRouter.useRoute().params.locationId;
    const asksRelease = Vue.ref(false);
    const blocked = Vue.computed(() => props.number.whatsapp_linked);

    async function remove(release) {
      try {
        const { released } = await post(`/locations/${id}/numbers/${props.number.id}/delete`, { word: "Delete", release });
        toast.success(released ? "Phone number deleted" : "Phone number removed");
        emit("done");
      } catch (error) {
        toast.error("Failed to Delete Phone Number", error.detail || error.title);
        throw error;
      }
    }
    async function confirmed() {
      if (props.telephony === "lc") return remove(true);
      asksRelease.value = true;
      return undefined;
    }
    async function kept() {
      await remove(false).catch(() => {});
    }
    return { asksRelease, blocked, confirmed, remove, kept, named };
  },
  template: `
    <hl-modal :show="show && blocked" family="hr" title="Phone number deletion blocked" icon="triangle-alert" icon-tone="warning"
      negative="Close" @update:show="(open) => $emit('update:show', open)">
      <p><strong>{{ number.shown }}</strong> is linked to WhatsApp. Disconnect it in WhatsApp settings before deleting the number.</p>
    </hl-modal>
    <typed-confirm :show="show && !blocked" family="hr" title="Delete Phone Number" word="Delete"
      label="Confirm by Typing 'Delete' below" placeholder="Delete" confirm="Confirm Delete" :run="confirmed"
      @update:show="(open) => $emit('update:show', open)">
      <p>Are you sure you want to delete the contact with the phone number <strong>{{ named('number', number.number) }}</strong>?</p>
      <div class="note error">This action is irreversible. Once deleted, the number cannot be recovered.</div>
    </typed-confirm>
    <typed-confirm v-model:show="asksRelease" family="hr" title="Release your phone number as well?" word="Release"
      label="Type 'Release' to release the number from your Twilio account" placeholder="Release" confirm="Confirm Release"
      negative="No" :run="() => remove(true)" @negative="kept">
      <p><strong>{{ named('release', number.number) }}</strong> will be removed from this sub-account. Releasing it gives it up in Twilio, too.</p>
    </typed-confirm>`,
};
