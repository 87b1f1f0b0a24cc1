// My Staff of a sub-account, and Team of the agency: the same table of users (facts 5.6).
import { post } from "../api.js";
import { Chip } from "../ui/chip.js";
import { DataTable } from "../ui/data_table.js";
import { Icon } from "../ui/icon.js";
import { useLoad } from "../ui/load.js";
import { named } from "../ui/other_object.js";
import { PageHeader } from "../ui/page_header.js";
import { Pager } from "../ui/pager.js";
import { h } from "../ui/release.js";
import { remembered } from "../ui/remembered.js";
import { SearchBox } from "../ui/search_box.js";
import { toast } from "../ui/toast.js";
import { TypedConfirm } from "../ui/typed_confirm.js";
import { StaffUser } from "./staff_user.js";

const SEARCH_PAUSE_MS = 120;
const LATER = "It can take a few minutes until the change is seen. Please refresh the page.";
const TYPES = [
  { value: "account", label: "Account" },
  { value: "agency", label: "Agency" },
];
const ROLES = [
  { value: "admin", label: "Admin" },
  { value: "user", label: "User" },
];
const SIZES = [10, 20, 50].map((value) => ({ value, label: String(value) }));

export const Page = {
  name: "Staff",
  components: { DataTable, Icon, PageHeader, Pager, SearchBox, StaffUser, TypedConfirm },
  setup() {
    const locationId = VueRouter.useRoute().params.locationId; // none in the agency's Team
    const path = locationId ? `/locations/${locationId}/users` : "/users";
    const filters = Vue.reactive({ query: remembered("staff"), type: null, role: null, sub_account: null });
    const page = Vue.ref(1);
    const size = Vue.ref(10);
    const dialog = Vue.reactive({ name: "", row: null }); // "edit" | "remove" | "delete"
    const accounts = Vue.ref([]);
    if (!locationId)
      post("/locations/search", {}).then(({ rows }) => (accounts.value = rows.map((row) => ({ value: row.id, label: row.name }))));
    const list = useLoad(() => post(`${path}/search`, { ...filters, page: page.value, size: size.value }), {
      failed: "Failed to load users",
    });
    const again = () => list.again({ quiet: true });
    let pause = 0;
    Vue.watch(filters, () => {
      page.value = 1;
      clearTimeout(pause);
      pause = setTimeout(again, SEARCH_PAUSE_MS);
    });
    Vue.watch([page, size], again);
    const full = (row) => (row ? `${row.first} ${row.last}` : "");
    const shown = (which) => named(which, full(dialog.row), list.data?.rows.map(full));
    async function run(action, word, done) {
      try {
        await post(`${path}/${dialog.row.id}/${action}`, { word });
      } catch (error) {
        toast.refused(error);
        throw error;
      }
      toast.success(done, LATER);
      again();
    }
    const remove = () => run("remove", "REMOVE", "User Removed Successfully");
    const erase = () => run("delete", "DELETE", "User Deleted Successfully");
    const open = (name, row) => Object.assign(dialog, { name, row });
    const action = (label, icon, name, row, more = {}) =>
      h("button", { type: "button", class: ["icon-button", `staff-${name}`], "aria-label": label, title: label, onClick: () => open(name, row), ...more }, [
        h(Icon, { name: icon, size: 17 }),
      ]);
    const columns = [
      {
        key: "name",
        title: "Name",
        render: (row) =>
          h("div", { class: "staff-name" }, [
            h("span", { class: "staff-avatar" }, (row.first[0] ?? "") + (row.last[0] ?? "")),
            h("span", { class: "cell-main" }, full(row)),
            row.is_owner ? h(Chip, { tone: "info" }, () => "Owner") : null,
          ]),
      },
      { key: "email", title: "Email" },
      { key: "phone", title: "Phone number", width: 150, className: "nowrap" },
      { key: "type", title: "User type", width: 140, render: (row) => `${row.type === "agency" ? "Agency" : "Account"} ${row.role}` },
      {
        key: "sub_accounts",
        title: "Sub-account",
        render: (row) =>
          row.sub_accounts.length === 0
            ? "—"
            : h("ul", { class: "staff-places" }, row.sub_accounts.map((one) => h("li", { "data-location-id": one.id, title: one.id }, one.name))),
      },
      {
        key: "actions",
        title: "Actions",
        width: 140,
        render: (row) =>
          h("div", { class: "staff-actions" }, [
            action("Edit user", "pencil", "edit", row),
            locationId ? action("Remove from this sub-account", "user-minus", "remove", row) : null,
            action("Delete user", "trash-2", "delete", row, { disabled: row.is_owner }),
          ]),
      },
    ];
    const rowProps = (row) => ({ id: `user-${row.id}`, "data-user-id": row.id });
    return {
      locationId, path, filters, page, size, list, again, dialog, accounts, columns, rowProps, shown, remove, erase,
      types: TYPES, roles: ROLES, sizes: SIZES,
    };
  },
  template: `
    <div class="hl_settings--team-management">
      <page-header :title="locationId ? 'My Staff' : 'Team'" hint="People who can sign in">
        <n-button type="primary"><template #icon><icon name="plus" /></template>Add user</n-button>
      </page-header>
      <data-table :columns="columns" :rows="list.data?.rows ?? []" :loading="list.loading" :error="list.error" :row-props="rowProps"
        empty="No Users found">
        <template #filters><div class="ui-table-custom-header">
          <search-box v-model="filters.query" id="staff-search" placeholder="name, email, phone, ids" :width="260" />
          <n-select v-model:value="filters.type" class="staff-filter" clearable placeholder="User type" :options="types" />
          <n-select v-model:value="filters.role" class="staff-filter" clearable placeholder="User role" :options="roles" />
          <n-select v-if="!locationId" v-model:value="filters.sub_account" class="staff-filter wide" clearable filterable placeholder="Sub-account" :options="accounts" />
          <span class="spread" /><span v-if="list.data" id="staff-count" class="list-count">{{ list.data.total }} {{ list.data.total === 1 ? 'user' : 'users' }}</span>
        </div></template>
        <template #footer><div v-if="list.data" class="staff-foot">
          <span class="cell-note">Rows per page</span><n-select v-model:value="size" size="small" class="staff-size" :options="sizes" />
          <pager v-model:page="page" class="spread" :size="size" :total="list.data.total" />
        </div></template>
      </data-table>
      <staff-user :user="dialog.name === 'edit' ? dialog.row : null" :path="path" @close="dialog.name = ''" @saved="again" />
      <typed-confirm :show="dialog.name === 'remove'" word="REMOVE" confirm="Remove" label="Confirm by typing REMOVE below."
        placeholder="Enter REMOVE to Confirm" :title="'Are you sure you want to remove ' + shown('user_remove') + ' from this sub-account?'"
        :run="remove" @update:show="dialog.name = ''">
        <p>{{ dialog.row?.email }} will no longer have access to this sub-account. The user and all other sub-accounts stay as they are.</p>
      </typed-confirm>
      <typed-confirm :show="dialog.name === 'delete'" word="DELETE" confirm="Confirm Delete" other-confirm="Delete" label="Confirm by typing DELETE below."
        placeholder="Enter DELETE to Confirm" :title="'Are you sure you want to delete ' + shown('user_delete') + '?'" :run="erase"
        @update:show="dialog.name = ''">
        <p>{{ dialog.row?.email }} will be unassigned from all calendars, campaigns, conversations, contacts, smart lists, opportunities,
          triggers and numbers in <strong>ALL locations</strong>.</p>
      </typed-confirm>
    </div>`,
};
