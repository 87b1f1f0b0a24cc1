// Contacts: smart lists, search, the table of either generation, the bulk bar (facts 7.1, 7.2).
import { post } from "../api.js";
import { state } from "../state.js";
import { useLoad } from "../ui/load.js";
import { remembered } from "../ui/remembered.js";
import { SearchBox } from "../ui/search_box.js";
import { toast } from "../ui/toast.js";
import { BulkBar } from "./contacts/bulk_bar.js";
import { DeleteContacts } from "./contacts/delete_contacts.js";
import { NewerTable } from "./contacts/newer_table.js";
import { PageBar } from "./contacts/page_bar.js";
import { TabulatorTable } from "./contacts/tabulator_table.js";
import { TagsDialogNewer } from "./contacts/tags_dialog_newer.js";
import { TagsDialogOlder } from "./contacts/tags_dialog_older.js";
import { ViewsBar } from "./contacts/views_bar.js";

const LEAST = 3;
const MOST = 75;

export const Page = {
  name: "ContactsPage",
  components: { BulkBar, DeleteContacts, NewerTable, PageBar, SearchBox, TabulatorTable, TagsDialogNewer, TagsDialogOlder, ViewsBar },
  setup() {
    const route = VueRouter.useRoute();
    const router = VueRouter.useRouter();
    const place = route.params.locationId;
    const list = Vue.computed(() => route.params.listId);
    const query = remembered("contacts");
    const sought = Vue.ref(query.value); // what the rows shown were searched with
    const hint = Vue.ref("");
    const page = Vue.ref(1);
    const size = Vue.ref(20);
    const checked = Vue.ref([]); // contact ids
    const everything = Vue.ref(false); // "Select all n records" was pressed
    const dialog = Vue.ref(""); // "" | "add" | "remove" | "delete"
    const views = useLoad(() => post(`/locations/${place}/smart-lists`), { failed: "Failed to load smart lists" });
    const contacts = useLoad(
      () => post(`/locations/${place}/contacts/search`, { list: list.value, query: sought.value, page: page.value, size: size.value }),
      { failed: "Something went wrong while loading contacts" },
    );
    const rows = Vue.computed(() => contacts.data?.rows ?? []);
    const total = Vue.computed(() => contacts.data?.total ?? 0);
    const title = Vue.computed(() =>
      list.value === "All" ? "All" : (views.data?.rows.find((view) => view.id === list.value)?.name ?? ""),
    );
    // What "Select all n records" is about: what was found, or the whole list (setting `selects_whole_list`).
    const whole = Vue.ref(0);
    Vue.watch(() => contacts.data, (data) => sought.value || (whole.value = data?.total ?? 0));
    const offered = Vue.computed(() => (state.settings.selects_whole_list ? whole.value : total.value));
    const known = new Map(); // every row seen, for the dialogs' lists of names
    Vue.watch(rows, (shown) => shown.forEach((row) => known.set(row.id, row)));
    const chosen = Vue.computed(() => checked.value.map((id) => known.get(id)).filter(Boolean));

    function unselect() {
      checked.value = [];
      everything.value = false;
    }
    function fresh() {
      page.value = 1;
      unselect();
      contacts.again();
    }
    function search() {
      const text = query.value.trim();
      hint.value = text && text.length < LEAST ? `Type at least ${LEAST} characters` : "";
      if (hint.value || text === sought.value) return;
      sought.value = text;
      fresh();
    }
    function clear() {
      query.value = "";
      hint.value = "";
      if (!sought.value) return;
      sought.value = "";
      fresh();
    }
    Vue.watch(query, (text) => text || clear());
    Vue.watch(list, () => {
      query.value = "";
      sought.value = "";
      hint.value = "";
      fresh();
    });
    Vue.watch(page, () => {
      everything.value = false;
      contacts.again();
    });
    Vue.watch(size, fresh);

    async function selectEverything() {
      const all = [];
      const wanted = state.settings.selects_whole_list ? "" : sought.value;
      for (let at = 1; all.length < offered.value; at += 1) {
        const part = await post(`/locations/${place}/contacts/search`, { list: list.value, query: wanted, page: at, size: 100 });
        part.rows.forEach((row) => (known.set(row.id, row), all.push(row.id)));
        if (!part.rows.length) break;
      }
      checked.value = all;
      everything.value = true;
    }
    const open = (id) => router.push(`/v2/location/${place}/contacts/detail/${id}`);
    const show = (id) => router.push(`/v2/location/${place}/contacts/smart_list/${id}`);
    function started(change) {
      unselect();
      toast.linked(
        "Bulk action initiated",
        `Tags ${change === "add" ? "addition" : "removal"} is in progress for the selected contacts.`,
        "Check progress",
        () => router.push(`/v2/location/${place}/contacts/bulk/actions`),
      );
    }
    function deleted() {
      unselect();
      contacts.again({ quiet: true });
    }
    const quiet = (label) => toast.info(label, "This is not part of the practice dashboard.");
    return {
      state, MOST, list, views, contacts, rows, total, offered, title, query, hint, page, size, checked, everything, chosen, dialog,
      search, clear, unselect, selectEverything, open, show, started, deleted, quiet,
    };
  },
  template: `
    <div class="contacts-page">
      <views-bar :views="views" :current="list" @pick="show" />
      <div class="pipeline-ribbon">
        <h1 class="smartlist-title">{{ title }}</h1>
        <span v-if="!contacts.loading && !contacts.error" class="count">{{ total }} {{ total === 1 ? 'Contact' : 'Contacts' }}</span>
      </div>
      <div class="list-tools">
        <div class="list-search">
          <search-box id="list-view-record-search" v-model="query" placeholder="Search contacts" :maxlength="MOST" :width="300"
            @enter="search" @clear="clear" />
          <span v-if="hint" class="field-error">{{ hint }}</span>
        </div>
        <bulk-bar :count="checked.length" :loaded="!contacts.loading" @pick="(key) => dialog = key" @quiet="quiet" />
      </div>
      <div v-if="checked.length" class="selected-bar">
        <button v-if="state.settings.selects_whole_list && !everything" type="button" class="text-button" @click="selectEverything">Select all {{ offered }} records</button>
        <span>You have selected <strong>{{ checked.length }}</strong> records</span>
        <button v-if="!state.settings.selects_whole_list && !everything && checked.length < total" type="button" class="text-button" @click="selectEverything">Select all {{ total }} records</button>
        <button v-else-if="everything" type="button" class="text-button" @click="unselect">Unselect all {{ offered }} records</button>
      </div>
      <div v-if="contacts.error" class="load-error" role="alert">{{ contacts.error }}</div>
      <tabulator-table v-else-if="state.settings.contacts_table === 'tabulator'" :rows="rows" :loading="contacts.loading"
        v-model:checked="checked" @open="open">
        <page-bar v-model:page="page" v-model:size="size" :total="total" tabulator />
      </tabulator-table>
      <newer-table v-else :rows="rows" :loading="contacts.loading" v-model:checked="checked" @open="open">
        <page-bar v-model:page="page" v-model:size="size" :total="total" />
      </newer-table>
      <component :is="state.settings.bulk_dialog === 'older' ? 'tags-dialog-older' : 'tags-dialog-newer'" v-for="change in ['add', 'remove']"
        :key="change" :change="change" :show="dialog === change" :contacts="chosen" @update:show="(open) => dialog = open ? change : ''"
        @started="started(change)" />
      <delete-contacts :show="dialog === 'delete'" :contacts="chosen" @update:show="(open) => dialog = open ? 'delete' : ''" @done="deleted" />
    </div>`,
};
