// <virtual-list :items :item-size="56" id="…" v-slot="{ item }"> row </virtual-list>
// Only rows scrolled into view exist (`.v-vl`, facts 1.4). Items need a `key`.

export const VirtualList = {
  name: "VirtualList",
  inheritAttrs: false,
  props: {
    items: { type: Array, required: true },
    itemSize: { type: Number, required: true },
    height: { type: String, default: "100%" },
  },
  template: `
    <n-virtual-list v-bind="$attrs" :items="items" :item-size="itemSize" :style="{ maxHeight: height }" key-field="key">
      <template #default="{ item }"><slot :item="item" /></template>
    </n-virtual-list>`,
};
