// Audit Logs, of a sub-account or of the agency: who changed what, and when (facts 7.3).
import { post } from "../api.js";
import { DataTable } from "../ui/data_table.js";
import { moment } from "../ui/dates.js";
import { useLoad } from "../ui/load.js";
import { PageHeader } from "../ui/page_header.js";
import { Pager } from "../ui/pager.js";

const SIZE = 20;

export const Page = {
  name: "AuditLogsPage",
  components: { DataTable, PageHeader, Pager },
  setup() {
    const place = VueRouter.useRoute().params.locationId;
    const page = Vue.ref(1);
    const filters = Vue.reactive({ user: null, module: null, action: null });
    const list = useLoad(() => post(place ? `/locations/${place}/audit-logs` : "/audit-logs", { ...filters, page: page.value, size: SIZE }), {
      failed: "Failed to load audit logs",
    });
    Vue.watch(page, () => list.again());
    Vue.watch(filters, () => (page.value === 1 ? list.again() : (page.value = 1)));
    const choices = (key) => (list.data?.[key] ?? []).map((value) => ({ value, label: value }));
    const columns = [
      { key: "at", title: "Date & Time", width: 210, render: (row) => moment(row.at) },
      { key: "user", title: "User", width: 180 },
      { key: "module", title: "Module", width: 150 },
      { key: "action", title: "Action", width: 140 },
      { key: "object", title: "Record", width: 150 },
      { key: "details", title: "Details", className: "break" },
    ];
    return { page, SIZE, filters, list, choices, columns };
  },
  template: `
    <page-header title="Audit Logs" hint="Changes made in the last 60 days." />
    <data-table :columns="columns" :rows="list.data?.rows ?? []" :loading="list.loading" :error="list.error" empty="No audit logs found">
      <template #filters><div class="ui-table-custom-header filters">
        <n-select v-model:value="filters.user" clearable :options="choices('users')" placeholder="User" />
        <n-select v-model:value="filters.module" clearable :options="choices('modules')" placeholder="Module" />
        <n-select v-model:value="filters.action" clearable :options="choices('actions')" placeholder="Action" /></div></template>
      <template #footer><pager v-if="list.data" v-model:page="page" :size="SIZE" :total="list.data.total" /></template>
    </data-table>`,
};
