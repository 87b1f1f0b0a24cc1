// The newer generation of the contacts table: no Tabulator classes, rows are known by their link (facts 7.1).
import { DataTable } from "../../ui/data_table.js";
import { moment } from "../../ui/dates.js";

const { h } = Vue;

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
      { key: "phone", title: "Phone" },
      { key: "email", title: "Email" },
      { key: "company", title: "Business Name" },
      { key: "created", title: "Created", render: (row) => moment(row.created) },
      { key: "tags", title: "Tags", render: (row) => row.tags.map((tag) => h("span", { class: "tag-pill" }, tag)) },
    ];
    return { columns };
  },
  template: `
    <data-table family="hr" :columns="columns" :rows="rows" :loading="loading" empty="No records found" :max-height="520"
      :checked="checked" @update:checked="(ids) => $emit('update:checked', ids)"><template #footer><slot /></template></data-table>`,
};
