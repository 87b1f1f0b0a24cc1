// <hl-modal v-model:show title="…" positive="Save" @positive="…"> body </hl-modal>
// Footer ids as the real ones: #modal-footer-btn-positive-action and -negative-action, or
// #<name>Footer-btn-…-action for a named modal (facts 1.4). Teleported to body. family: "n" | "hr".
// A release may have drawers instead: the same title, body and buttons at the window's edge.
import { DesignSystem } from "./design.js";
import { Icon } from "./icon.js";
import { current, label } from "./release.js";

export const HlModal = {
  name: "HlModal",
  components: { DesignSystem, Icon },
  props: {
    show: Boolean,
    title: { type: String, required: true },
    subtitle: { type: String, default: "" },
    family: { type: String, default: "n" },
    id: { type: String, default: undefined },
    name: { type: String, default: "" },
    positiveId: { type: String, default: "" },
    negativeId: { type: String, default: "" },
    width: { type: Number, default: 520 },
    positive: { type: String, default: "" },
    positiveDisabled: Boolean,
    positiveType: { type: String, default: "primary" }, // "primary" | "error"
    negative: { type: String, default: "Cancel" },
    busy: Boolean,
    icon: { type: String, default: "" },
    iconTone: { type: String, default: "info" }, // "info" | "error" | "warning" | "success"
  },
  emits: ["update:show", "positive", "negative"],
  setup(props, { emit }) {
    const close = () => emit("update:show", false);
    const isDrawer = Boolean(current().drawers);
    const ids = Vue.computed(() => {
      const plain = isDrawer ? "drawer-component" : "modal-footer";
      const stem = props.name ? `${props.name}Footer` : plain;
      return {
        positive: props.positiveId || `${stem}-btn-positive-action`,
        negative: props.negativeId || `${stem}-btn-negative-action`,
      };
    });
    const said = Vue.computed(() => ({
      title: label(props.title, "title"),
      positive: label(props.positive, "positive"),
      negative: label(props.negative, "negative"),
    }));
    return { close, ids, said, isDrawer };
  },
  template: `
    <design-system :family="family">
      <n-drawer v-if="isDrawer" :show="show" :width="Math.min(width, 560)" :mask-closable="false" :close-on-esc="!busy"
        :auto-focus="false" :id="id" :aria-label="said.title" @update:show="(open) => open || close()">
        <div class="hl-drawer">
          <div class="hl-drawer-head">
            <div class="hl-drawer-title">
              <div class="ui-modal-heading">{{ said.title }}</div>
              <div v-if="subtitle" class="hl-modal-subtitle">{{ subtitle }}</div>
            </div>
            <button id="drawer-component-btn-close" class="icon-button" type="button" aria-label="Close" :disabled="busy"
              @click="close()"><icon name="x" /></button>
          </div>
          <div class="hl-drawer-body hl-modal-body"><slot /></div>
          <div :class="[family + '-section-footer', 'hl-drawer-footer']">
            <n-button v-if="positive" :id="ids.positive" :type="positiveType" :disabled="positiveDisabled || busy"
              :loading="busy" @click="$emit('positive')">{{ said.positive }}</n-button>
            <n-button v-if="negative" :id="ids.negative" :disabled="busy" @click="close(); $emit('negative')">
              {{ said.negative }}</n-button>
            <slot name="footer-left" />
          </div>
        </div>
      </n-drawer>
      <n-modal v-else :show="show" :mask-closable="false" :close-on-esc="!busy" :auto-focus="false"
        @update:show="(open) => open || close()">
        <n-card :id="id" role="dialog" aria-modal="true" :aria-label="said.title" :bordered="false"
          :class="[family + '-modal', 'hl-modal']" :style="{ width: width + 'px', maxWidth: '94vw' }">
          <template #header>
            <div class="hl-modal-head">
              <span v-if="icon" class="hl-modal-icon" :class="iconTone"><icon :name="icon" :size="20" /></span>
              <div>
                <div class="ui-modal-heading">{{ said.title }}</div>
                <div v-if="subtitle" class="hl-modal-subtitle">{{ subtitle }}</div>
              </div>
            </div>
          </template>
          <template #header-extra>
            <button id="modal-header-modal-close-btn" class="icon-button" type="button" aria-label="Close"
              :disabled="busy" @click="close()"><icon name="x" /></button>
          </template>
          <div class="hl-modal-body"><slot /></div>
          <template #footer>
            <div :class="[family + '-section-footer', 'hl-modal-footer']">
              <slot name="footer-left" />
              <n-button v-if="negative" :id="ids.negative" :disabled="busy" @click="close(); $emit('negative')">
                {{ said.negative }}</n-button>
              <n-button v-if="positive" :id="ids.positive" :type="positiveType" :disabled="positiveDisabled || busy"
                :loading="busy" @click="$emit('positive')">{{ said.positive }}</n-button>
            </div>
          </template>
        </n-card>
      </n-modal>
    </design-system>`,
};
