// Select A2P Campaign to Link (facts 5.5).
import { post } from "../../api.js";
import { useLoad } from "../../ui/load.js";
import { HlModal } from "../../ui/modal.js";
import { toast } from "../../ui/toast.js";

export const LinkCampaign = {
  name: "LinkCampaign",
  components: { HlModal },
  props: { show: Boolean, number: { type: Object, required: true } },
  emits: ["update:show", "done"],
  setup(props, { emit }) {
    const id = VueRouter.useRoute().params.locationId;
    const trust = useLoad(() => post(`/locations/${id}/trust`), { immediate: false });
    const wanted = Vue.ref(null);
    const busy = Vue.ref(false);
    const options = Vue.computed(() =>
      (trust.data?.campaigns ?? []).map((one) => ({ value: one.id, label: `${one.campaign_id} (${one.use_case})` })),
    );
    Vue.watch(() => props.show, (open) => {
      if (!open) return;
      wanted.value = props.number.campaign_id;
      trust.again();
    }, { immediate: true });
    async function save() {
      busy.value = true;
      try {
        await post(`/locations/${id}/numbers/${props.number.id}/link`, { campaign_id: wanted.value });
        toast.success("A2P campaign linked");
        emit("update:show", false);
        emit("done");
      } catch (error) {
        toast.refused(error);
      } finally {
        busy.value = false;
      }
    }
    return { trust, wanted, busy, options, save };
  },
  template: `
    <hl-modal :show="show" family="hr" title="Select A2P Campaign to Link" positive="Link" :busy="busy" :positive-disabled="!wanted"
      @update:show="(open) => $emit('update:show', open)" @positive="save">
      <p>Choose the campaign for <strong>{{ number.shown }}</strong>.</p>
      <n-select v-model:value="wanted" :options="options" :loading="trust.loading" placeholder="Select a campaign" />
    </hl-modal>`,
};
