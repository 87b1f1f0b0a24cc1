// <virtual-list :items :item-size="56" height="400px" id="…" v-slot="{ item }"> row </virtual-list>
// Only rows scrolled into view exist (`.v-vl`, facts 1.4). Items need a `key`; each row is `item-size` px high, the
// list as high as its rows, at most `height`. The element itself is what scrolls.

const SPARE_ROWS = 3;

export const VirtualList = {
  name: "VirtualList",
  props: {
    items: { type: Array, required: true },
    itemSize: { type: Number, required: true },
    height: { type: String, default: "100%" },
  },
  setup(props) {
    const box = Vue.ref(null);
    const top = Vue.ref(0);
    const seen = Vue.ref(0); // height in view, in px
    const watcher = new ResizeObserver(([entry]) => (seen.value = entry.contentRect.height));
    Vue.onMounted(() => {
      seen.value = box.value.clientHeight;
      watcher.observe(box.value);
    });
    Vue.onUnmounted(() => watcher.disconnect());
    Vue.watch(() => props.items, () => {
      top.value = 0;
      if (box.value) box.value.scrollTop = 0;
    });
    const scrolled = () => (top.value = box.value.scrollTop);
    const first = Vue.computed(() => Math.max(0, Math.floor(top.value / props.itemSize) - SPARE_ROWS));
    const last = Vue.computed(() =>
      Math.min(props.items.length, Math.ceil((top.value + seen.value) / props.itemSize) + SPARE_ROWS),
    );
    const shown = Vue.computed(() => props.items.slice(first.value, last.value));
    const total = Vue.computed(() => props.items.length * props.itemSize);
    const before = Vue.computed(() => first.value * props.itemSize);
    return { box, scrolled, shown, total, before };
  },
  template: `
    <div ref="box" class="v-vl" :style="{ maxHeight: height, overflowY: 'auto' }" @scroll.passive="scrolled">
      <div class="v-vl-items" :style="{ height: total + 'px' }">
        <div class="v-vl-visible-items" :style="{ transform: 'translateY(' + before + 'px)' }">
          <div v-for="item in shown" :key="item.key" :style="{ height: itemSize + 'px' }"><slot :item="item" /></div>
        </div>
      </div>
    </div>`,
};
