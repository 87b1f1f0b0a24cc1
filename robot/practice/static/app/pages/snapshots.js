// Account Snapshots of the agency: list, search, remembered dates, row actions (facts 4).
import { post } from "../api.js";
import { state } from "../state.js";
import { Chip } from "../ui/chip.js";
import { day } from "../ui/dates.js";
import { EmptyState } from "../ui/empty_state.js";
import { Icon } from "../ui/icon.js";
import { useLoad } from "../ui/load.js";
import { HlModal } from "../ui/modal.js";
import { PageHeader } from "../ui/page_header.js";
import { remembered } from "../ui/remembered.js";
import { RowMenu } from "../ui/row_menu.js";
import { SearchBox } from "../ui/search_box.js";
import { toast } from "../ui/toast.js";
import { TypedConfirm } from "../ui/typed_confirm.js";
import { VirtualList } from "../ui/virtual_list.js";
import { SnapshotCreate } from "./snapshot_create.js";
import { SnapshotRefresh } from "./snapshot_refresh.js";
import { SnapshotVersions } from "./snapshot_versions.js";

const ROW_PX = 60;
const SEARCH_PAUSE_MS = 120;
const LOOK_AGAIN_MS = 250;

export const Page = {
  name: "Snapshots",
  components: {
    Chip, EmptyState, HlModal, Icon, PageHeader, RowMenu, SearchBox, SnapshotCreate, SnapshotRefresh,
    SnapshotVersions, TypedConfirm, VirtualList,
  },
  setup() {
    const tab = Vue.ref("own");
    const query = remembered("snapshots");
    const sort = Vue.reactive({ key: "", descending: false });
    const dates = Vue.ref(null); // [from, to] in ms, as the date picker has them
    const dialog = Vue.reactive({ name: "", row: null }); // "refresh" | "create" | "versions" | "push" | "delete" | "edit"
    const list = useLoad(() =>
      post("/snapshots/search", { query: query.value, tab: tab.value, sort: sort.key, descending: sort.descending }),
    );
    const again = () => list.again({ quiet: true });
    let pause = 0;
    Vue.watch(query, () => {
      clearTimeout(pause);
      pause = setTimeout(again, SEARCH_PAUSE_MS);
    });
    Vue.watch(tab, () => list.again());
    Vue.watch(sort, again);
    const asText = (time) => new Date(time).toISOString().slice(0, 10);
    async function filterBy(range) {
      dates.value = range;
      await post("/snapshots/filter", range ? { from: asText(range[0]), to: asText(range[1]) } : {});
      again();
    }
    // The server remembers the filter; the picker shows what it remembers.
    Vue.watch(
      () => list.data?.filter,
      (kept) => {
        dates.value = kept?.from ? [Date.parse(kept.from), Date.parse(kept.to)] : null;
      },
    );
    const items = Vue.computed(() => (list.data?.rows ?? []).map((row) => ({ ...row, key: row.id })));
    const isRunning = Vue.computed(() => items.value.some((row) => row.run.state === "running"));
    let timer = 0;
    Vue.watch(
      isRunning,
      (running) => {
        clearInterval(timer);
        if (running) timer = setInterval(again, LOOK_AGAIN_MS);
      },
      { immediate: true },
    );
    Vue.onUnmounted(() => clearInterval(timer));
    const open = (name, row = null) => Object.assign(dialog, { name, row });
    const close = () => {
      dialog.name = "";
      again();
    };
    const entries = (row) => [
      ...(row.tab === "own" ? [{ key: "edit", label: "Edit snapshot", icon: "pencil" }] : []),
      { key: "share", label: "Share Snapshot", icon: "share-2" },
      { key: "copy", label: "Copy Snapshot ID", icon: "copy" },
      ...(row.tab === "own" ? [{ key: "delete", label: "Delete snapshot", icon: "trash-2", danger: true }] : []),
    ];
    async function pick(key, row) {
      if (key === "copy") {
        await navigator.clipboard?.writeText(row.id);
        toast.success("Copied");
      } else if (key === "share") toast.info("Share link", `${row.name} (${row.id})`);
      else {
        name.value = row.name;
        open(key, row);
      }
    }
    const name = Vue.ref("");
    async function rename() {
      await post(`/snapshots/${dialog.row.id}/rename`, { name: name.value });
      toast.success("Snapshot saved");
      close();
    }
    async function push() {
      await post(`/snapshots/${dialog.row.id}/push`);
      toast.success("Push update started");
      close();
    }
    async function remove() {
      await post(`/snapshots/${dialog.row.id}/delete`);
      toast.success("Snapshot deleted");
      again();
    }
    const may = (scope) => state.settings.snapshot_scopes.includes(scope);
    const sortBy = (key) => {
      sort.descending = sort.key === key && !sort.descending;
      sort.key = key;
    };
    return {
      tab, query, sort, sortBy, dates, filterBy, list, items, dialog, open, close, entries, pick, name, rename, push,
      remove, day, may, ROW_PX,
    };
  },
  template: `
    <div id="account-snapshots" class="hl_snapshot--settings">
      <page-header title="Account Snapshots" hint="Save the set-up of a sub-account, and load it into others">
        <n-button v-if="may('create')" id="create-new-snapshot" type="primary" @click="open('create')">+ Create New Snapshot</n-button>
      </page-header>
      <n-tabs v-model:value="tab" type="line" :animated="false">
        <n-tab name="own">My Snapshots</n-tab>
        <n-tab name="imported">Imported Snapshots</n-tab>
        <n-tab name="default">Default Snapshots</n-tab>
      </n-tabs>
      <div class="list-bar">
        <search-box v-model="query" id="snapshot-search" placeholder="Search by snapshot name or ID" :width="320" />
        <n-date-picker class="snapshot-dates" :value="dates" type="daterange" clearable size="medium"
          start-placeholder="Updated from" end-placeholder="to" @update:value="filterBy" />
        <n-button v-if="list.data?.filter.from" id="snapshot-clear-filter" quaternary @click="filterBy(null)">Clear filter</n-button>
        <span class="list-bar-gap" />
        <span v-if="list.data && !list.loading" id="snapshot-count" class="list-count">{{ list.data.total }} {{ list.data.total === 1 ? 'Snapshot' : 'Snapshots' }}</span>
      </div>
      <div class="snapshot-table" role="table" aria-label="Account Snapshots" :aria-busy="list.loading">
        <div class="snapshot-row head" role="row">
          <button type="button" role="columnheader" class="sort" @click="sortBy('name')">Name <icon name="arrow-up-down" :size="13" /></button>
          <span role="columnheader">Sub-Account</span>
          <span role="columnheader">Assets</span>
          <button type="button" role="columnheader" class="sort" @click="sortBy('updated')">Last updated <icon name="arrow-up-down" :size="13" /></button>
          <span role="columnheader">Actions</span>
        </div>
        <div v-if="list.error" class="load-error" role="alert">{{ list.error }}</div>
        <template v-else-if="list.loading">
          <div v-for="n in 6" :key="n" class="snapshot-row skeleton-loader"><n-skeleton v-for="m in 5" :key="m" text style="width: 70%" /></div>
        </template>
        <empty-state v-else-if="!items.length" title="No snapshots found" icon="camera"
          :hint="list.data.filter.from ? 'A date filter is set.' : ''" />
        <virtual-list v-else :items="items" :item-size="ROW_PX" height="calc(100vh - 300px)">
          <template #default="{ item }">
            <div :id="'snapshot-' + item.id" class="snapshot-row" role="row" :data-snapshot-id="item.id" :style="{ height: ROW_PX + 'px' }">
              <span role="cell"><button type="button" class="snapshot-name" @click="open('versions', item)">{{ item.name }}</button></span>
              <span role="cell" class="soft">{{ item.source || '—' }}</span>
              <span role="cell" class="soft">{{ item.assets }}</span>
              <span role="cell" class="soft">
                <template v-if="item.run.state === 'running'"><span class="snapshot-progress">Loading assets {{ item.run.loaded }} of {{ item.run.total }}</span></template>
                <chip v-else-if="item.run.state === 'partial'" tone="error">{{ item.run.failed.length }} failed</chip>
                <template v-else>{{ day(item.updated) }}<small>by {{ item.updated_by }}</small></template>
              </span>
              <span role="cell" class="snapshot-actions">
                <button v-if="item.tab === 'own' && may('refresh')" type="button" class="icon-button snapshot-refresh" aria-label="Refresh snapshot"
                  title="Refresh snapshot" :disabled="item.run.state === 'running'" @click="open('refresh', item)"><icon name="refresh-cw" /></button>
                <button type="button" class="icon-button" aria-label="Push update to linked accounts"
                  title="Push update to linked accounts" @click="open('push', item)"><icon name="upload" /></button>
                <button type="button" class="icon-button" aria-label="Version History" title="Version History"
                  @click="open('versions', item)"><icon name="history" /></button>
                <row-menu :id="'snapshot-opts-' + item.id" :entries="entries(item)" label="More snapshot actions" @pick="(key) => pick(key, item)" />
              </span>
            </div>
          </template>
        </virtual-list>
      </div>
      <snapshot-refresh :snapshot="dialog.name === 'refresh' ? dialog.row : null" @close="close" @push="open('push', dialog.row)" />
      <snapshot-create :show="dialog.name === 'create'" @close="close" />
      <snapshot-versions :snapshot="dialog.name === 'versions' ? dialog.row : null" @close="close" />
      <hl-modal :show="dialog.name === 'push'" title="Push update to linked accounts" icon="triangle-alert" icon-tone="warning"
        positive="Push Update" @update:show="close" @positive="push">
        <p>Every sub-account that was made from {{ dialog.row?.name }} is changed. Are you sure?</p>
      </hl-modal>
      <hl-modal :show="dialog.name === 'edit'" title="Edit snapshot" positive="Save" @update:show="close" @positive="rename">
        <label class="typed-label"><span>Snapshot name</span><n-input v-model:value="name" /></label>
      </hl-modal>
      <typed-confirm :show="dialog.name === 'delete'" title="Delete snapshot" word="DELETE"
        label="Confirm by typing DELETE below." confirm="Delete" :run="remove" @update:show="close">
        <p>{{ dialog.row?.name }} and its versions are deleted for good.</p>
      </typed-confirm>
    </div>`,
};
