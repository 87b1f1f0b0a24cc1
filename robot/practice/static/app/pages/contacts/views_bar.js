// #views-bar : "All" and the smart lists this user sees (facts 7.1).
import { Icon } from "../../ui/icon.js";
import { toast } from "../../ui/toast.js";

export const ViewsBar = {
  name: "ViewsBar",
  components: { Icon },
  props: { views: { type: Object, required: true }, current: { type: String, required: true } },
  emits: ["pick"],
  setup() {
    const add = () => toast.info("Add smart list", "This is not part of the practice dashboard.");
    return { add };
  },
  template: `
    <div id="views-bar"><div class="d-flex bar-parent"><div class="d-flex bar">
      <div class="d-flex lists">
        <div class="d-flex view cursor-pointer" :class="{ active: current === 'All' }" @click="$emit('pick', 'All')"><span class="view-label">All</span></div>
        <template v-if="views.loading"><n-skeleton v-for="n in 2" :key="n" text style="width: 120px" /></template>
        <span v-else-if="views.error" class="field-error">{{ views.error }}</span>
        <div v-for="view in views.data?.rows" v-else :key="view.id" class="d-flex view cursor-pointer" :class="{ active: current === view.id }"
          @click="$emit('pick', view.id)"><span class="view-label">{{ view.name }}</span>
          <icon v-if="view.is_global" name="globe" :size="13" /></div>
      </div>
      <button type="button" class="text-button" @click="add"><icon name="plus" :size="15" /> Add smart list</button>
    </div></div></div>`,
};
