// <calendar-groups /> : the Groups tab of the calendar settings (facts 5.3).
import { post } from "../api.js";
import { DataTable } from "../ui/data_table.js";
import { useLoad } from "../ui/load.js";
import { HlModal } from "../ui/modal.js";
import { h } from "../ui/release.js";
import { RowMenu } from "../ui/row_menu.js";
import { toast } from "../ui/toast.js";

export const CalendarGroups = {
  name: "CalendarGroups",
  components: { DataTable, HlModal },
  setup() {
    const path = `/locations/${VueRouter.useRoute().params.locationId}/calendar-groups`;
    const list = useLoad(() => post(`${path}/search`, { size: 100 }));
    const asked = Vue.reactive({ status: "", row: null });
    async function setStatus() {
      await post(`${path}/${asked.row.id}/status`, { status: asked.status });
      toast.success(asked.status === "Active" ? "Calendars activated" : "Calendars deactivated", asked.row.name);
      asked.status = "";
      await list.again({ quiet: true });
    }
    const entries = (row) => [
      { key: "edit", label: "Edit Group", icon: "pencil" },
      { key: "Inactive", label: "Deactivate all calendars in group", icon: "circle-x", disabled: row.active === 0 },
      { key: "Active", label: "Activate all calendars in group", icon: "circle-check", disabled: row.active === row.calendars },
      { key: "delete", label: "Delete Group", icon: "trash-2", danger: true, disabled: true },
    ];
    const pick = (key, row) => key !== "edit" && Object.assign(asked, { status: key, row });
    const columns = [
      {
        key: "name",
        title: "Group name",
        render: (row) => [h("div", { class: "cell-main" }, row.name), h("div", { class: "cell-note" }, row.description)],
      },
      { key: "calendars", title: "Calendars", width: 130 },
      { key: "active", title: "Active", width: 110 },
      {
        key: "actions",
        menu: true,
        title: "Actions",
        width: 90,
        render: (row) => h(RowMenu, { entries: entries(row), label: "Group options", horizontal: true, onPick: (key) => pick(key, row) }),
      },
    ];
    const rowProps = (row) => ({ id: `calendar-group-${row.id}`, "data-group-id": row.id });
    const verb = Vue.computed(() => (asked.status === "Active" ? "Activate" : "Deactivate"));
    return { list, asked, columns, rowProps, setStatus, verb };
  },
  template: `
    <data-table :columns="columns" :rows="list.data?.rows ?? []" :loading="list.loading" :error="list.error"
      :row-props="rowProps" empty="No groups found" />
    <hl-modal id="calendar-group-modal" :show="asked.status !== ''" :title="verb + ' all calendars in group'" icon="calendar"
      icon-tone="warning" positive="Save" @update:show="asked.status = ''" @positive="setStatus">
      <p>Every calendar of the group <strong>{{ asked.row?.name }}</strong> will be {{ verb.toLowerCase() }}d.</p>
    </hl-modal>`,
};
