// Manage Numbers: inner tabs, the list, and what its row menu opens (facts 5.5).
import { post } from "../../api.js";
import { Chip } from "../../ui/chip.js";
import { DataTable } from "../../ui/data_table.js";
import { DesignSystem } from "../../ui/design.js";
import { EmptyState } from "../../ui/empty_state.js";
import { Icon } from "../../ui/icon.js";
import { useLoad } from "../../ui/load.js";
import { HlModal } from "../../ui/modal.js";
import { h, label } from "../../ui/release.js";
import { remembered } from "../../ui/remembered.js";
import { RowMenu } from "../../ui/row_menu.js";
import { SearchBox } from "../../ui/search_box.js";
import { DeleteNumber } from "./delete_number.js";
import { EditNumber } from "./edit_number.js";
import { LinkCampaign } from "./link_campaign.js";
import { NumberPools } from "./number_pools.js";

const FILTERS = [
  { key: "all", label: "All" },
  { key: "default", label: "Default" },
  { key: "a2p", label: "A2P Verified" },
];

function menuOf(number) {
  const edit = { key: "edit", label: "Edit Configuration", icon: "settings" };
  if (number.pool_id) return [edit, { key: "pool", label: "Manage Pool", icon: "layers" }];
  return [
    edit,
    { key: "link", label: "Select A2P Campaign to Link", icon: "link" },
    { key: "delete", label: "Delete", icon: "trash-2", danger: true },
  ];
}

export const ManageNumbers = {
  name: "ManageNumbers",
  components: { DataTable, DeleteNumber, DesignSystem, EditNumber, EmptyState, HlModal, Icon, LinkCampaign, NumberPools, SearchBox },
  setup() {
    const id = VueRouter.useRoute().params.locationId;
    const inner = Vue.ref("numbers");
    const query = remembered("numbers");
    const filter = Vue.ref("all");
    const chosen = Vue.shallowRef(null); // the number a dialog is about
    const dialog = Vue.ref(""); // "" | "edit" | "link" | "delete" | "add"
    const list = useLoad(() => post(`/locations/${id}/numbers/search`, { query: query.value, filter: filter.value }), {
      failed: "Failed to retrieve Phone Numbers",
    });
    Vue.watch(query, () => list.again({ quiet: true }));
    Vue.watch(filter, () => list.again());

    function pick(key, number) {
      if (key === "pool") {
        inner.value = "pools";
        return;
      }
      chosen.value = number;
      dialog.value = key;
    }
    const columns = [
      {
        key: "number",
        title: "Phone Number",
        render: (row) =>
          h("div", { class: "number-cell" }, [
            h("div", [
              h("div", { class: "cell-main" }, row.number),
              h("div", { class: "cell-note" }, row.friendly_name),
            ]),
            row.is_default ? h(Chip, { tone: "info", family: "hr" }, () => label("Default Number")) : null,
            row.a2p_verified ? h(Chip, { tone: "success", family: "hr" }, () => label("A2P Verified")) : null,
            row.pool ? h(Chip, { tone: "plain", family: "hr" }, () => label("Number Pool")) : null,
            row.whatsapp_linked ? h(Chip, { tone: "plain", family: "hr" }, () => label("WhatsApp")) : null,
          ]),
      },
      { key: "type", title: "Type", width: 110, render: (row) => row.type },
      {
        key: "capabilities",
        title: "Capabilities",
        width: 190,
        render: (row) => row.capabilities.join(", "),
      },
      { key: "campaign", title: "A2P Campaign", width: 160, render: (row) => row.campaign ?? "Not linked" },
      {
        key: "actions",
        menu: true,
        title: "Actions",
        width: 90,
        render: (row) => h(RowMenu, { family: "hr", entries: menuOf(row), label: "Actions", onPick: (key) => pick(key, row) }),
      },
    ];
    const isOpen = (kind) => dialog.value === kind;
    const setOpen = (kind, open) => (dialog.value = open ? kind : "");
    return { inner, query, filter, FILTERS, list, columns, chosen, isOpen, setOpen, pick };
  },
  template: `
    <section class="hl_allphonenumber--container">
      <div class="section-head">
        <h2 class="section-title">Manage Numbers</h2>
        <span v-if="list.data && !list.loading" class="count-badge">{{ list.data.total }}</span>
        <span class="spread"></span>
        <design-system family="hr"><n-button type="primary" @click="setOpen('add', true)">
          <template #icon><icon name="plus" :size="16" /></template>Add Number</n-button></design-system>
      </div>
      <n-tabs class="inner-tabs" type="line" size="small" v-model:value="inner">
        <n-tab name="numbers">Phone Numbers</n-tab><n-tab name="pools">Number Pools</n-tab>
        <n-tab name="caller-ids">Verified Caller IDs</n-tab><n-tab name="port-in">Port-In Numbers</n-tab>
      </n-tabs>

      <data-table v-if="inner === 'numbers'" family="hr" :columns="columns" :rows="list.data?.rows ?? []" :loading="list.loading"
        :error="list.error" :empty="query ? 'No results found' : 'No Phone Numbers'" :empty-hint="query ? '' : 'Add a number to start calling and texting.'">
        <template #filters>
          <div class="ui-table-custom-header">
            <search-box v-model="query" family="hr" placeholder="Search" />
            <design-system family="hr">
              <n-button v-for="one in FILTERS" :key="one.key" size="small" round :class="{ 'ui-active-btn': filter === one.key }"
                @click="filter = one.key">{{ one.label }}</n-button>
              <span class="spread"></span>
              <n-button quaternary aria-label="Refresh" @click="list.again()"><icon name="refresh-cw" :size="16" /></n-button>
            </design-system>
          </div>
        </template>
      </data-table>
      <number-pools v-else-if="inner === 'pools'" />
      <div v-else class="panel"><empty-state :title="inner === 'port-in' ? 'No Port-In Numbers' : 'No Verified Caller IDs'" icon="phone" /></div>

      <delete-number v-if="chosen" :show="isOpen('delete')" :number="chosen" :telephony="list.data?.telephony ?? 'lc'"
        @update:show="(open) => setOpen('delete', open)" @done="list.again({ quiet: true })" />
      <edit-number v-if="chosen" :show="isOpen('edit')" :number="chosen"
        @update:show="(open) => setOpen('edit', open)" @done="list.again({ quiet: true })" />
      <link-campaign v-if="chosen" :show="isOpen('link')" :number="chosen"
        @update:show="(open) => setOpen('link', open)" @done="list.again({ quiet: true })" />
      <hl-modal :show="isOpen('add')" family="hr" title="Add Number" negative="Close" @update:show="(open) => setOpen('add', open)">
        <p>Numbers cannot be bought on the practice dashboard.</p>
      </hl-modal>
    </section>`,
};
