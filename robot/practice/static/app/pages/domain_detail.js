// Manage a domain: its connected products, its records, and its delete (facts 5.2; the delete's form is invented).
import { post } from "../api.js";
import { Chip } from "../ui/chip.js";
import { DataTable } from "../ui/data_table.js";
import { Icon } from "../ui/icon.js";
import { useLoad } from "../ui/load.js";
import { HlModal } from "../ui/modal.js";
import { named } from "../ui/other_object.js";
import { h } from "../ui/release.js";
import { RowMenu } from "../ui/row_menu.js";
import { toast } from "../ui/toast.js";
import { TypedConfirm } from "../ui/typed_confirm.js";

const PRODUCT_MENU_ID = "domain-hub-connected-product-table-drop-action-dropdown-trigger";
const FAILED = "Something went wrong while deleting domain!";

export const Page = {
  name: "DomainDetail",
  components: { Chip, DataTable, HlModal, Icon, RowMenu, TypedConfirm },
  setup() {
    const router = VueRouter.useRouter();
    const { locationId, domainId } = VueRouter.useRoute().params;
    const path = `/locations/${locationId}/domains/${domainId}`;
    const load = useLoad(() => post(path));
    const again = () => load.again({ quiet: true });
    const tab = Vue.ref("All");
    const dialog = Vue.reactive({ name: "", row: null }); // "delete" | "blocked" | "product" | "record"
    const back = () => router.push(`/v2/location/${locationId}/settings/domain`);
    const types = Vue.computed(() => ["All", ...new Set((load.data?.products ?? []).map((one) => one.type))]);
    const products = Vue.computed(() =>
      (load.data?.products ?? []).filter((one) => tab.value === "All" || one.type === tab.value),
    );
    const domainEntries = Vue.computed(() =>
      load.data?.source === "internal"
        ? [
            { key: "configure", label: "Configure" },
            { key: "move", label: "Move To Another Sub-Account" },
            { key: "transfer", label: "Transfer to Another Registrar" },
          ]
        : [
            { key: "refresh", label: "Refresh Status", icon: "refresh-cw" },
            { key: "delete", label: "Delete domain", icon: "trash-2", danger: true },
          ],
    );
    function pickDomain(key) {
      if (key === "delete") dialog.name = load.data.products.length && load.data.products_first ? "blocked" : "delete";
      else if (key === "refresh") again();
      else toast.info("This needs an agency admin");
    }
    const productEntries = [
      { key: "page", label: "Set Default Page" },
      { key: "redirect", label: "Set Redirect" },
      { key: "error", label: "Set default 404/Error Page" },
      { key: "sitemap", label: "XML Sitemap" },
      { key: "product", label: "Delete", danger: true },
    ];
    const pickProduct = (key, row) => key === "product" && Object.assign(dialog, { name: key, row });
    async function disconnect() {
      try {
        await post(`${path}/products/${dialog.row.id}/delete`);
        toast.success("Product removed", dialog.row.name);
        tab.value = "All";
      } catch (error) {
        toast.refused(error);
      }
      dialog.name = "";
      await again();
    }
    async function deleteRecord() {
      await post(`${path}/records/delete`, dialog.row);
      toast.success("Record deleted successfully");
      dialog.name = "";
      await again();
    }
    async function remove() {
      try {
        await post(`${path}/delete`, { word: "Delete" });
      } catch (error) {
        toast.error(FAILED, error.detail);
        throw error;
      }
      toast.success("Domain deleted successfully");
      back();
    }
    const productColumns = [
      { key: "name", title: "Name", render: (row) => [h("div", { class: "cell-main" }, row.name), h("div", { class: "cell-note" }, row.type)] },
      {
        key: "actions",
        menu: true,
        title: "Actions",
        width: 90,
        render: (row) =>
          h(RowMenu, { family: "hr", id: PRODUCT_MENU_ID, entries: productEntries, label: "Product options", onPick: (key) => pickProduct(key, row) }),
      },
    ];
    const recordColumns = [
      { key: "type", title: "Type", width: 100 },
      { key: "name", title: "Name" },
      { key: "value", title: "Value" },
      {
        key: "actions",
        title: "Actions",
        width: 90,
        render: (row) =>
          h("button", { type: "button", class: "icon-button", "aria-label": `Delete record for ${row.name}`, onClick: () => Object.assign(dialog, { name: "record", row }) }, [
            h(Icon, { name: "trash-2", size: 16 }),
          ]),
      },
    ];
    const productProps = (row) => ({ "data-product-id": row.id });
    return {
      load, tab, types, products, dialog, back, domainEntries, pickDomain, disconnect, deleteRecord, remove,
      productColumns, recordColumns, productProps, named,
    };
  },
  template: `
    <div class="domain-detail" data-v-app="">
      <a id="back-to-domains" class="back-link" role="button" tabindex="0" @click="back"><icon name="arrow-left" :size="16" />Back to Domains</a>
      <div v-if="load.error" class="load-error" role="alert">{{ load.error }}</div>
      <n-skeleton v-else-if="!load.data" text :repeat="6" />
      <template v-else>
        <div class="page-header">
          <div><h1 id="domain-detail-name" class="page-title">{{ load.data.domain }}</h1>
            <p class="page-hint"><chip :tone="load.data.status === 'connected' ? 'success' : 'warning'">{{ load.data.status === 'connected' ? 'Connected' : 'Action Required' }}</chip>
              <chip v-if="load.data.source === 'internal'" tone="info">Purchased</chip></p></div>
          <row-menu id="domain-hub-domain-options" :entries="domainEntries" label="Domain options" @pick="pickDomain" />
        </div>
        <h2 class="section-title">Connected products</h2>
        <n-tabs v-model:value="tab" type="line" size="small" :animated="false" class="page-tabs">
          <n-tab v-for="type in types" :key="type" :name="type">{{ type }}</n-tab>
        </n-tabs>
        <section id="connected-products" aria-label="Connected product table">
          <data-table family="hr" :columns="productColumns" :rows="products" :row-props="productProps" empty="No connected product" />
        </section>
        <h2 class="section-title second">DNS records</h2>
        <section id="dns-records" aria-label="DNS records">
          <data-table :columns="recordColumns" :rows="load.data.records" :row-key="(row) => row.type + row.name" empty="No records" />
        </section>
        <hl-modal :show="dialog.name === 'product'" family="hr" title="Delete connected product?" icon="trash-2" icon-tone="error" positive="Delete"
          positive-type="error" @update:show="dialog.name = ''" @positive="disconnect">
          <p><strong>{{ dialog.row?.name }}</strong> will no longer be reached under {{ named('domain_product', load.data.domain) }}.</p>
        </hl-modal>
        <hl-modal :show="dialog.name === 'record'" :title="'Delete record for ' + dialog.row?.name" icon="trash-2" icon-tone="error" positive="Delete"
          positive-type="error" @update:show="dialog.name = ''" @positive="deleteRecord"><p>The DNS record is removed.</p></hl-modal>
        <hl-modal id="domain-blocked-modal" :show="dialog.name === 'blocked'" title="Domain cannot be deleted yet" icon="triangle-alert" icon-tone="warning"
          negative="Close" @update:show="dialog.name = ''">
          <p>Remove all connected products from <strong>{{ load.data.domain }}</strong> before you delete it.</p>
        </hl-modal>
        <typed-confirm :show="dialog.name === 'delete'" title="Delete domain?" word="Delete" label="Confirm by typing Delete below"
          confirm="Delete" other-confirm="Delete domain" :run="remove" @update:show="dialog.name = ''">
          <p>Are you sure you want to delete <strong>{{ named('domain', load.data.domain) }}</strong>? This action is irreversible.</p>
        </typed-confirm>
      </template>
    </div>`,
};
