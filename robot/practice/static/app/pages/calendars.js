// Settings > Calendars of a sub-account: calendars and groups, one switched off at a time (facts 5.3).
import { post } from "../api.js";
import { Chip, toneOf } from "../ui/chip.js";
import { DataTable } from "../ui/data_table.js";
import { Icon } from "../ui/icon.js";
import { useLoad } from "../ui/load.js";
import { HlModal } from "../ui/modal.js";
import { named } from "../ui/other_object.js";
import { PageHeader } from "../ui/page_header.js";
import { Pager } from "../ui/pager.js";
import { h } from "../ui/release.js";
import { remembered } from "../ui/remembered.js";
import { RowMenu } from "../ui/row_menu.js";
import { SearchBox } from "../ui/search_box.js";
import { toast } from "../ui/toast.js";
import { TypedConfirm } from "../ui/typed_confirm.js";
import { CalendarGroups } from "./calendar_groups.js";

const SIZE = 10;
const SEARCH_PAUSE_MS = 120;

export const Page = {
  name: "Calendars",
  components: { CalendarGroups, DataTable, HlModal, Icon, PageHeader, Pager, SearchBox, TypedConfirm },
  setup() {
    const path = `/locations/${VueRouter.useRoute().params.locationId}/calendars`;
    const tab = Vue.ref("calendars");
    const query = remembered("calendars");
    const page = Vue.ref(1);
    const dialog = Vue.reactive({ name: "", row: null }); // "deactivate" | "delete"
    const list = useLoad(() => post(`${path}/search`, { query: query.value, page: page.value, size: SIZE }));
    const again = () => list.again({ quiet: true });
    let pause = 0;
    Vue.watch(query, () => {
      page.value = 1;
      clearTimeout(pause);
      pause = setTimeout(again, SEARCH_PAUSE_MS);
    });
    Vue.watch(page, again);
    Vue.watch(tab, (name) => name === "calendars" && list.again());

    async function setStatus(row, status) {
      try {
        await post(`${path}/${row.id}/status`, { status });
        toast.success(status === "Active" ? "Calendar activated" : "Calendar deactivated", row.name);
        dialog.name = "";
      } catch (error) {
        toast.refused(error);
      }
      await again();
    }
    async function remove() {
      await post(`${path}/${dialog.row.id}/delete`);
      toast.success("Calendar deleted");
      await again();
    }
    function pick(key, row) {
      if (key === "activate") setStatus(row, "Active");
      else if (key === "duplicate") post(`${path}/${row.id}/duplicate`).then(again);
      else if (key === "copy") toast.success("Copied");
      else if (key !== "edit") Object.assign(dialog, { name: key, row });
    }
    const entries = (row) => [
      { key: "edit", label: "Edit Calendar", icon: "pencil" },
      row.status === "Active"
        ? { key: "deactivate", label: "Deactivate Calendar", icon: "circle-x" }
        : { key: "activate", label: "Activate Calendar", icon: "circle-check" },
      { key: "copy", label: "Copy Scheduling Link", icon: "link" },
      { key: "duplicate", label: "Duplicate Calendar", icon: "copy" },
      { key: "delete", label: "Delete Calendar", icon: "trash-2", danger: true },
    ];
    const columns = [
      {
        key: "name",
        title: "Name",
        render: (row) => [h("div", { class: "cell-main" }, row.name), h("div", { class: "cell-note" }, `/${row.slug}`)],
      },
      { key: "group", title: "Group", width: 180, render: (row) => row.group ?? "—" },
      { key: "duration", title: "Duration", width: 110 },
      { key: "type", title: "Type", width: 170 },
      { key: "status", title: "Status", width: 120, render: (row) => h(Chip, { tone: toneOf(row.status) }, () => row.status) },
      {
        key: "actions",
        menu: true,
        title: "Actions",
        width: 90,
        render: (row) => h(RowMenu, { entries: entries(row), label: "Calendar options", onPick: (key) => pick(key, row) }),
      },
    ];
    const shown = Vue.computed(() => named("calendar", dialog.row?.name, list.data?.rows.map((row) => row.name)));
    const rowProps = (row) => ({ id: `calendar-${row.id}`, "data-calendar-id": row.id });
    return { tab, query, page, list, dialog, columns, rowProps, shown, setStatus, remove, SIZE };
  },
  template: `
    <div class="calendar-settings">
      <page-header title="Calendar Settings" hint="Manage the calendars and groups that people book with">
        <n-button>Create Group</n-button>
        <n-button type="primary"><template #icon><icon name="plus" /></template>Create Calendar</n-button>
      </page-header>
      <n-tabs v-model:value="tab" type="line" :animated="false" class="page-tabs">
        <n-tab name="calendars">Calendars</n-tab>
        <n-tab name="groups">Groups</n-tab>
      </n-tabs>
      <calendar-groups v-if="tab === 'groups'" />
      <data-table v-else :columns="columns" :rows="list.data?.rows ?? []" :loading="list.loading" :error="list.error"
        :row-props="rowProps" empty="No calendars found" empty-hint="Create a calendar to let people book you.">
        <template #filters><div class="ui-table-custom-header">
          <search-box v-model="query" id="calendar-search" placeholder="Search calendars" />
          <span class="spread" /><span v-if="list.data" class="list-count">{{ list.data.total }} Calendars</span>
        </div></template>
        <template #footer><pager v-if="list.data" v-model:page="page" :size="SIZE" :total="list.data.total" /></template>
      </data-table>
      <hl-modal id="deactivate-calendar-modal" :show="dialog.name === 'deactivate'" title="Deactivate Calendar" icon="circle-x" icon-tone="warning"
        positive="Save" @update:show="dialog.name = ''" @positive="setStatus(dialog.row, 'Inactive')">
        <p>The calendar <strong>{{ shown }}</strong> will be hidden from booking. Existing appointments stay as they are.</p>
      </hl-modal>
      <typed-confirm :show="dialog.name === 'delete'" title="Delete Calendar" word="DELETE" label="Confirm by typing DELETE below."
        confirm="Delete" :run="remove" @update:show="dialog.name = ''">
        <p>{{ dialog.row?.name }} and its appointments are deleted for good.</p>
      </typed-confirm>
    </div>`,
};
