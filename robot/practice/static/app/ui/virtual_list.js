// <virtual-list :items :item-size="56" height="400px" id="…" v-slot="{ item }"> row </virtual-list>
// Only rows scrolled into view exist (`.v-vl`, facts 1.4). Items need a `key`; each row is `item-size` px high, the
// list as high as its rows, at most `height`. The element itself is what scrolls. With `list_draws_late_ms` rows are
// drawn some time after scrolling, with `list_loads` the next items come after its end was scrolled to.

import { state } from "../state.js";

const SPARE_ROWS = 3;
const LOADS_AFTER_MS = 900;

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
    const portion = () => state.settings.list_loads || Infinity;
    const most = Vue.ref(portion());
    const items = Vue.computed(() => props.items.slice(0, most.value));
    Vue.watch(() => props.items, () => {
      top.value = 0;
      most.value = portion();
      if (box.value) box.value.scrollTop = 0;
    });
    let drawing = 0;
    let loading = 0;
    const draw = () => box.value && (top.value = box.value.scrollTop);
    const scrolled = () => {
      clearTimeout(drawing);
      const late = state.settings.list_draws_late_ms;
      if (late) drawing = setTimeout(draw, late);
      else draw();
      const isAtEnd = box.value.scrollTop + box.value.clientHeight >= box.value.scrollHeight - 2;
      if (!isAtEnd || loading || most.value >= props.items.length) return;
      loading = setTimeout(() => {
        loading = 0;
        most.value += portion();
      }, LOADS_AFTER_MS);
    };
    const first = Vue.computed(() => Math.max(0, Math.floor(top.value / props.itemSize) - SPARE_ROWS));
    const last = Vue.computed(() =>
      Math.min(items.value.length, Math.ceil((top.value + seen.value) / props.itemSize) + SPARE_ROWS),
    );
    const shown = Vue.computed(() => items.value.slice(first.value, last.value));
    const total = Vue.computed(() => items.value.length * props.itemSize);
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
