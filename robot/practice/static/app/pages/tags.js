// Settings > Tags.
import { post } from "../api.js";
import { DataTable } from "../ui/data_table.js";
import { day } from "../ui/dates.js";
import { useLoad } from "../ui/load.js";
import { HlModal } from "../ui/modal.js";
import { PageHeader } from "../ui/page_header.js";
import { h } from "../ui/release.js";
import { RowMenu } from "../ui/row_menu.js";
import { SearchBox } from "../ui/search_box.js";
import { toast } from "../ui/toast.js";

export const Page = {
  name: "TagsPage",
  components: { DataTable, HlModal, PageHeader, SearchBox },
  setup() {
    const place = VueRouter.useRoute().params.locationId;
    const query = Vue.ref("");
    const list = useLoad(() => post(`/locations/${place}/tags/search`, { query: query.value }), { failed: "Failed to load tags" });
    Vue.watch(query, () => list.again({ quiet: true }));
    const dialog = Vue.ref(""); // "" | "create" | "delete"
    const chosen = Vue.shallowRef(null);
    const name = Vue.ref("");
    const busy = Vue.ref(false);
    async function run(path, body, said) {
      busy.value = true;
      try {
        await post(`/locations/${place}/tags/${path}`, body);
        toast.success(said);
        dialog.value = "";
        list.again({ quiet: true });
      } catch (error) {
        toast.refused(error);
      } finally {
        busy.value = false;
      }
    }
    const create = () => run("create", { name: name.value }, "Tag created");
    const remove = () => run(`${chosen.value.id}/delete`, {}, "Tag deleted");
    const begin = () => ((name.value = ""), (dialog.value = "create"));
    const columns = [
      { key: "name", title: "Tag Name", render: (row) => h("span", { class: "cell-main" }, row.name) },
      { key: "contacts", title: "Contacts", width: 160 },
      { key: "created", title: "Created On", width: 200, render: (row) => day(row.created) },
      {
        key: "actions",
        menu: true,
        title: "Actions",
        width: 100,
        render: (row) =>
          h(RowMenu, {
            entries: [{ key: "delete", label: "Delete", icon: "trash-2", danger: true }],
            label: "Actions",
            onPick: () => ((chosen.value = row), (dialog.value = "delete")),
          }),
      },
    ];
    return { query, list, columns, dialog, chosen, name, busy, create, remove, begin };
  },
  template: `
    <page-header title="Tags" hint="Tags group contacts and start automations."><n-button type="primary" @click="begin">New Tag</n-button></page-header>
    <data-table :columns="columns" :rows="list.data?.rows ?? []" :loading="list.loading" :error="list.error" empty="No tags found">
      <template #filters><div class="ui-table-custom-header"><search-box v-model="query" placeholder="Search tags" />
        <span class="spread"></span><span v-if="list.data && !list.loading" class="count-badge">{{ list.data.total }} tags</span></div></template>
    </data-table>
    <hl-modal :show="dialog === 'create'" title="New Tag" positive="Create" :positive-disabled="!name.trim()" :busy="busy" @update:show="dialog = ''" @positive="create">
      <label class="field"><span>Tag Name</span><n-input v-model:value="name" /></label></hl-modal>
    <hl-modal :show="dialog === 'delete'" title="Delete Tag" icon="trash-2" icon-tone="error" positive="Delete" positive-type="error" :busy="busy" @update:show="dialog = ''" @positive="remove">
      <p>The tag <strong>{{ chosen?.name }}</strong> will be removed from {{ chosen?.contacts }} contacts.</p></hl-modal>`,
};
