// The newer generation of the contacts table: no Tabulator classes, rows are known by their link (facts 7.1).
import { DataTable } from "../../ui/data_table.js";
import { day } from "../../ui/dates.js";
import { h } from "../../ui/release.js";

export const NewerTable = {
  name: "NewerTable",
  components: { DataTable },
  props: { rows: { type: Array, required: true }, loading: Boolean, checked: { type: Array, required: true } },
  emits: ["update:checked", "open"],
  setup(_, { emit }) {
    const route = VueRouter.useRoute();
    const columns = [
      { type: "selection", width: 48 },
      {
        key: "name",
        title: "Contact Name",
        render: (row) =>
          h(
            "a",
            {
              href: `/v2/location/${route.params.locationId}/contacts/detail/${row.id}`,
              onClick: (event) => (event.preventDefault(), emit("open", row.id)),
            },
            row.name,
          ),
      },
      { key: "phone", title: "Phone", width: 150 },
      { key: "email", title: "Email", ellipsis: true },
      { key: "company", title: "Business Name", ellipsis: true },
      { key: "created", title: "Created", width: 130, render: (row) => day(row.created) },
      { key: "tags", title: "Tags", ellipsis: true, render: (row) => row.tags.map((tag) => h("span", { class: "tag-pill" }, tag)) },
    ];
    return { columns };
  },
  template: `
    <data-table family="hr" :columns="columns" :rows="rows" :loading="loading" empty="No records found" max-height="calc(100vh - 400px)"
      :checked="checked" @update:checked="(ids) => $emit('update:checked', ids)"><template #footer><slot /></template></data-table>`,
};
