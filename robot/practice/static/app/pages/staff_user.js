// <staff-user :user (or null) :path @close @saved /> : a user's record, with every sub-account it belongs to.
import { post } from "../api.js";
import { HlModal } from "../ui/modal.js";
import { toast } from "../ui/toast.js";

export const StaffUser = {
  name: "StaffUser",
  components: { HlModal },
  props: { user: { type: Object, default: null }, path: { type: String, required: true } },
  emits: ["close", "saved"],
  setup(props, { emit }) {
    const form = Vue.reactive({ first: "", last: "" });
    Vue.watch(() => props.user, (user) => user && Object.assign(form, { first: user.first, last: user.last }));
    async function save() {
      try {
        await post(`${props.path}/${props.user.id}/rename`, form);
        toast.success("User updated successfully");
        emit("saved");
        emit("close");
      } catch (error) {
        toast.refused(error);
      }
    }
    return { form, save };
  },
  template: `
    <hl-modal id="staff-user-modal" :show="user !== null" title="Edit user" :subtitle="user?.id" positive="Save" :width="560"
      :positive-disabled="user?.is_owner" @update:show="$emit('close')" @positive="save">
      <div v-if="user?.is_owner" class="note">The agency owner cannot be edited.</div>
      <div class="form-grid">
        <label class="field"><span>First name</span><n-input v-model:value="form.first" /></label>
        <label class="field"><span>Last name</span><n-input v-model:value="form.last" /></label>
        <label class="field"><span>Email</span><n-input :value="user?.email" readonly /></label>
        <label class="field"><span>Phone number</span><n-input :value="user?.phone" readonly /></label>
      </div>
      <div><div class="field-label">Sub-accounts</div>
        <ul id="staff-user-places" class="staff-places">
          <li v-for="one in user?.sub_accounts" :key="one.id" :data-location-id="one.id">{{ one.name }} <span class="cell-note">{{ one.id }}</span></li>
        </ul></div>
    </hl-modal>`,
};
