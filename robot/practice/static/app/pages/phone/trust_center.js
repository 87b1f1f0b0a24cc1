// Trust Center: the cards, and behind "Brand & Campaigns" the two tables (facts 5.7).
import { post } from "../../api.js";
import { Chip, toneOf } from "../../ui/chip.js";
import { CopyText } from "../../ui/copy_text.js";
import { DataTable } from "../../ui/data_table.js";
import { day } from "../../ui/dates.js";
import { DesignSystem } from "../../ui/design.js";
import { Icon } from "../../ui/icon.js";
import { useLoad } from "../../ui/load.js";
import { HlModal } from "../../ui/modal.js";
import { h, label } from "../../ui/release.js";

const VOICE_CARDS = [
  { key: "shaken", icon: "shield-check", title: "SHAKEN/STIR (Voice)", text: "Sign outgoing calls so that they are not marked as spam." },
  { key: "cnam", icon: "user", title: "CNAM (Voice)", text: "Show the business name on the screen of the person called." },
  { key: "integrity", icon: "voicemail", title: "Voice Integrity", text: "Register numbers with the carriers' analytics." },
];
const chip = (status) => h(Chip, { tone: toneOf(status), family: "hr" }, () => status);
const copied = (text) => h(CopyText, { text });

export const TrustCenter = {
  name: "TrustCenter",
  components: { Chip, CopyText, DataTable, DesignSystem, HlModal, Icon },
  setup() {
    const route = VueRouter.useRoute();
    const router = VueRouter.useRouter();
    const id = route.params.locationId;
    const trust = useLoad(() => post(`/locations/${id}/trust`), { failed: "Failed to retrieve registrations" });
    const inTables = Vue.computed(() => route.query.view === "brands");
    const openTables = () => router.push({ path: route.path, query: { tab: "trust-center", view: "brands" } });
    const closeTables = () => router.push({ path: route.path, query: { tab: "trust-center" } });
    const details = Vue.shallowRef(null); // {title, lines: [[label, text]]}
    const showsDetails = Vue.ref(false);

    const seeBrand = (brand) => {
      details.value = {
        title: "Brand Details",
        lines: [
          ["Friendly Name", brand.name],
          ["SID", brand.sid],
          ["Business Profile SID", brand.profile_sid],
          ["Submitted On", day(brand.created)],
        ],
      };
      showsDetails.value = true;
    };
    const seeCampaign = (campaign) => {
      details.value = {
        title: "Campaign Details",
        lines: [
          ["Friendly Name", campaign.friendly_name],
          ["SID", campaign.sid],
          ["Business Profile SID", campaign.profile_sid],
          ["Submitted On", day(campaign.submitted)],
          ["Use Case", campaign.use_case],
        ],
      };
      showsDetails.value = true;
    };
    const seeButton = (see) => (row) =>
      h(DesignSystem, { family: "hr" }, () => h(naive.NButton, { text: true, type: "primary", onClick: () => see(row) }, () => label("View Details")));
    const brandColumns = [
      { key: "sid", title: "Brand SID", width: 300, render: (row) => copied(row.sid) },
      { key: "type", title: "Brand type", render: (row) => row.type },
      { key: "status", title: "Brand status", render: (row) => chip(row.status) },
      { key: "identity", title: "Identity Status", render: (row) => chip(row.identity_status) },
      { key: "attempts", title: "Brand Submission Attempts", render: (row) => String(row.attempts) },
      { key: "created", title: "Date Created", render: (row) => day(row.created) },
      { key: "see", title: "Actions", width: 105, render: seeButton(seeBrand) },
    ];
    const campaignColumns = [
      { key: "campaign_id", title: "Campaign ID", width: 118, render: (row) => copied(row.campaign_id) },
      { key: "brand", title: "Connected Brand", width: 292, render: (row) => (row.brand ? copied(row.brand.sid) : "None") },
      { key: "status", title: "Campaign status", width: 118, render: (row) => chip(row.status) },
      { key: "use_case", title: "Use Case", width: 130, render: (row) => row.use_case },
      { key: "service", title: "Messaging Service", width: 292, render: (row) => copied(row.messaging_service) },
      { key: "see", title: "Actions", width: 105, render: seeButton(seeCampaign) },
    ];
    const status = Vue.computed(() => (trust.data?.suspended ? "Suspended" : (trust.data?.brands[0]?.status ?? "Not registered")));
    return { trust, inTables, openTables, closeTables, details, showsDetails, brandColumns, campaignColumns, status, toneOf, VOICE_CARDS };
  },
  template: `
    <n-alert v-if="trust.data?.suspended" type="error" title="This account has been suspended">
      Messaging registrations are not available. Please contact support.</n-alert>
    <div v-if="trust.error" class="load-error" role="alert">{{ trust.error }}</div>
    <template v-else-if="!inTables">
      <div class="hero-section-container">
        <div><h2 class="section-title">Trust Center</h2>
          <p>Register the business once, so that its texts are delivered and its calls are trusted.</p></div>
        <icon name="shield-check" :size="64" />
      </div>
      <div class="service-cards">
        <div id="CardA2PWizard" class="service-card">
          <div class="service-head"><span class="service-icon-container"><icon name="message-square" /></span>
            <n-skeleton v-if="trust.loading" text style="width: 90px" /><chip v-else :tone="toneOf(status)" family="hr">{{ status }}</chip></div>
          <h3>A2P Messaging (SMS)</h3>
          <p>Brand and campaign registration for texting in the United States.</p>
          <design-system family="hr"><div class="hr-card-footer">
            <n-button class="hr-button--outline-type hr-button--secondary" @click="openTables">Brand &amp; Campaigns</n-button>
            <n-button v-if="status === 'Failed'" class="hr-button--outline-type hr-button--secondary">Re-Submit</n-button>
            <n-button v-else class="hr-button--outline-type hr-button--secondary">Create Campaign</n-button>
          </div></design-system>
        </div>
        <div v-for="card in VOICE_CARDS" :key="card.key" class="service-card">
          <div class="service-head"><span class="service-icon-container"><icon :name="card.icon" /></span><chip tone="plain" family="hr">Not started</chip></div>
          <h3>{{ card.title }}</h3><p>{{ card.text }}</p>
          <design-system family="hr"><div class="hr-card-footer">
            <n-button class="hr-button--outline-type hr-button--secondary">Start Registration</n-button></div></design-system>
        </div>
      </div>
    </template>
    <template v-else>
      <button type="button" class="back-link" @click="closeTables"><icon name="arrow-left" :size="16" /> Back to Trust Center</button>
      <div class="section-head"><h2 class="section-title">Brands</h2></div>
      <data-table class="sid-table" family="hr" :columns="brandColumns" :rows="trust.data?.brands ?? []" :loading="trust.loading" empty="No Brands Yet" :scroll-x="1010" />
      <div class="section-head below"><h2 class="section-title">Campaigns</h2></div>
      <data-table class="sid-table" family="hr" :columns="campaignColumns" :rows="trust.data?.campaigns ?? []" :loading="trust.loading" empty="No Campaigns Yet" :scroll-x="1055" />
    </template>
    <hl-modal v-model:show="showsDetails" family="hr" :title="details?.title ?? ''" :width="620" negative="Close">
      <dl class="facts"><template v-for="[name, text] in details?.lines" :key="name"><dt>{{ name }}</dt>
        <dd><copy-text v-if="name.endsWith('SID')" :text="text" /><template v-else>{{ text }}</template></dd></template></dl>
    </hl-modal>`,
};
