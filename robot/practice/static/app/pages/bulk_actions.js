// Contacts > Bulk Actions: what runs in the background, and how it ended (facts 7.2).
import { post } from "../api.js";
import { Chip, toneOf } from "../ui/chip.js";
import { DataTable } from "../ui/data_table.js";
import { moment } from "../ui/dates.js";
import { DesignSystem } from "../ui/design.js";
import { Icon } from "../ui/icon.js";
import { useLoad } from "../ui/load.js";
import { HlModal } from "../ui/modal.js";
import { PageHeader } from "../ui/page_header.js";
import { h, label } from "../ui/release.js";
import { RowMenu } from "../ui/row_menu.js";
import { toast } from "../ui/toast.js";
import { TypedConfirm } from "../ui/typed_confirm.js";

const STATS = ["Total", "Successful", "Failed", "Warning", "Skipped", "Pending"];
const OVER = ["complete", "success", "cancelled", "failed", "error", "resumed"];
const capital = (word) => word[0].toUpperCase() + word.slice(1);

export const Page = {
  name: "BulkActionsPage",
  components: { DataTable, DesignSystem, HlModal, Icon, PageHeader, TypedConfirm },
  setup() {
    const place = VueRouter.useRoute().params.locationId;
    const list = useLoad(() => post(`/locations/${place}/bulk-actions/search`), { failed: "Failed to load bulk actions" });
    const chosen = Vue.shallowRef(null);
    const dialog = Vue.ref("");

    async function pick(key, row) {
      chosen.value = row;
      if (key === "restore") dialog.value = "restore";
      if (key !== "cancel") return;
      try {
        await post(`/locations/${place}/bulk-actions/${row.id}/cancel`);
        toast.success("Bulk action cancelled");
      } catch (error) {
        toast.refused(error);
      }
      list.again({ quiet: true });
    }
    async function restore() {
      try {
        await post(`/locations/${place}/bulk-actions/${chosen.value.id}/restore`, { word: "RESTORE" });
      } catch (error) {
        toast.refused(error);
        throw error;
      }
      toast.success("Restore started");
      list.again({ quiet: true });
    }
    const menuOf = (row) => [
      { key: "pause", label: "Pause", icon: "pause", disabled: true },
      { key: "cancel", label: "Cancel", icon: "circle-x", disabled: OVER.includes(row.status) },
      { key: "restore", label: "Restore", icon: "history", disabled: row.status !== "complete" },
    ];
    const columns = [
      { key: "name", title: "Action name", render: (row) => h("span", { class: "cell-main" }, row.name) },
      { key: "type", title: "Type", width: 130 },
      { key: "user", title: "User", width: 160 },
      { key: "created", title: "Created", width: 210, render: (row) => moment(row.created) },
      { key: "status", title: "Status", width: 130, render: (row) => h(Chip, { tone: toneOf(row.status), family: "hr" }, () => capital(row.status)) },
      {
        key: "stats",
        title: "Statistics",
        width: 130,
        render: (row) =>
          h(DesignSystem, { family: "hr" }, () =>
            h(naive.NButton, { text: true, type: "primary", onClick: () => ((chosen.value = row), (dialog.value = "stats")) }, () => label("Show stats")),
          ),
      },
      { key: "actions", menu: true, title: "Actions", width: 90, render: (row) => h(RowMenu, { family: "hr", entries: menuOf(row), label: "Actions", onPick: (key) => pick(key, row) }) },
    ];
    return { list, columns, chosen, dialog, restore, STATS };
  },
  template: `
    <page-header title="Bulk actions" hint="Actions on many records run in the background.">
      <design-system family="hr"><n-button @click="list.again()"><template #icon><icon name="refresh-cw" :size="16" /></template>Refresh</n-button></design-system>
    </page-header>
    <data-table family="hr" :columns="columns" :rows="list.data?.rows ?? []" :loading="list.loading" :error="list.error" empty="No bulk actions yet" />
    <hl-modal :show="dialog === 'stats'" family="hr" :title="chosen?.name ?? ''" subtitle="Statistics" negative="Close" :width="560" @update:show="dialog = ''">
      <div class="stats"><div v-for="name in STATS" :key="name" class="stat"><span class="stat-number">{{ chosen?.stats[name.toLowerCase()] }}</span><span class="stat-label">{{ name }}</span></div></div>
      <div v-for="error in chosen?.errors" :key="error" class="note error">{{ error }}</div>
    </hl-modal>
    <typed-confirm :show="dialog === 'restore'" family="hr" title="Restore bulk action?" word="RESTORE" label="Type RESTORE to proceed" confirm="Restore" :run="restore"
      @update:show="(open) => dialog = open ? 'restore' : ''">
      <p>The records get back what <strong>{{ chosen?.name }}</strong> changed.</p>
      <div class="note">Workflows that these changes trigger will be restarted.</div>
    </typed-confirm>`,
};
