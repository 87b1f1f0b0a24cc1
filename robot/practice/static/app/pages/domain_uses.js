// <domain-uses :domain (or null) :path @close /> : Domain Configuration, what sends from the domain (facts 5.1).
import { post } from "../api.js";
import { Icon } from "../ui/icon.js";
import { HlModal } from "../ui/modal.js";
import { toast } from "../ui/toast.js";

export const DomainUses = {
  name: "DomainUses",
  components: { HlModal, Icon },
  props: { domain: { type: Object, default: null }, path: { type: String, required: true } },
  emits: ["close"],
  setup(props) {
    const uses = Vue.ref([]);
    const managed = Vue.reactive({ type: "", entries: [] });
    Vue.watch(() => props.domain, (domain) => domain && (uses.value = domain.uses));
    const manage = (use) => Object.assign(managed, { type: use.type, entries: [...use.entries] });
    const take = (entry) => (managed.entries = managed.entries.filter((one) => one !== entry));
    async function apply() {
      const answer = await post(`${props.path}/${props.domain.id}/uses`, { type: managed.type, entries: managed.entries });
      uses.value = answer.uses;
      managed.type = "";
      toast.success("Your changes have been saved");
    }
    return { uses, managed, manage, take, apply };
  },
  template: `
    <hl-modal :show="domain !== null && managed.type === ''" title="Domain Configuration" :subtitle="domain?.domain" negative="Close"
      @update:show="$emit('close')">
      <div class="use-list">
        <div v-for="use in uses" :key="use.type" class="use-line">
          <span>{{ use.type }}</span><span class="cell-note">{{ use.entries.length ? use.entries.length + ' in use' : 'Not in use' }}</span>
          <n-button size="small" @click="manage(use)">Manage {{ use.type }}</n-button>
        </div>
      </div>
    </hl-modal>
    <hl-modal :show="managed.type !== ''" :title="'Manage ' + managed.type" positive="Apply" @update:show="managed.type = ''" @positive="apply">
      <p v-if="!managed.entries.length">Nothing sends from this domain.</p>
      <div v-for="entry in managed.entries" :key="entry" class="use-line">
        <span>{{ entry }}</span>
        <button type="button" class="icon-button" :aria-label="'Remove ' + entry" @click="take(entry)"><icon name="x" /></button>
      </div>
    </hl-modal>`,
};
