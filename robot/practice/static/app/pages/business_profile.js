// Settings > Business Profile of a sub-account, with its Location ID (facts 5.7).
import { post } from "../api.js";
import { CopyText } from "../ui/copy_text.js";
import { useLoad } from "../ui/load.js";
import { PageHeader } from "../ui/page_header.js";
import { toast } from "../ui/toast.js";

const GENERAL = [
  { key: "friendly_name", label: "Friendly Business Name" },
  { key: "legal_name", label: "Legal Business Name" },
  { key: "email", label: "Business Email" },
  { key: "phone", label: "Business Phone" },
  { key: "website", label: "Business Website" },
  { key: "niche", label: "Business Niche" },
];
const BUSINESS = [
  { key: "business_type", label: "Business Type" },
  { key: "industry", label: "Business Industry" },
  { key: "registration_type", label: "Business Registration ID Type" },
  { key: "registration_number", label: "Business Registration Number" },
  { key: "regions", label: "Business Regions of Operations" },
  { key: "currency", label: "Business Currency" },
];
const ADDRESS = [
  { key: "street", label: "Street Address" },
  { key: "city", label: "City" },
  { key: "state", label: "State / Region" },
  { key: "postal_code", label: "Postal/Zip Code" },
  { key: "country", label: "Country" },
];
const PERSON = [
  { key: "first", label: "First Name" },
  { key: "last", label: "Last Name" },
  { key: "email", label: "Representative Email" },
  { key: "job_position", label: "Job Position" },
  { key: "phone", label: "Phone Number (with country code)" },
];

export const Page = {
  name: "BusinessProfile",
  components: { CopyText, PageHeader },
  setup() {
    const path = `/locations/${VueRouter.useRoute().params.locationId}/business-profile`;
    const load = useLoad(() => post(path));
    const form = Vue.reactive({});
    Vue.watch(() => load.data, (data) => data && Object.assign(form, Object.fromEntries(GENERAL.map(({ key }) => [key, data[key]]))));
    async function save() {
      try {
        await post(`${path}/save`, form);
        toast.success("Business profile updated");
      } catch (error) {
        toast.refused(error);
      }
    }
    return { load, form, save, GENERAL, BUSINESS, ADDRESS, PERSON };
  },
  template: `
    <div id="business-profile">
      <page-header title="Business Profile Settings" hint="Manage your business profile information and settings" />
      <div v-if="load.error" class="load-error" role="alert">{{ load.error }}</div>
      <n-skeleton v-else-if="!load.data" text :repeat="10" />
      <div v-else class="profile-columns">
        <div>
          <section class="panel"><h2 class="panel-title">General Information</h2>
            <div class="field location-id"><span class="field-label">Location ID</span><copy-text id="location-id" :text="load.data.location_id" /></div>
            <div class="form-grid">
              <label v-for="one in GENERAL" :key="one.key" class="field"><span>{{ one.label }}</span>
                <n-input v-model:value="form[one.key]" :input-props="{ id: 'profile-' + one.key }" /></label>
            </div>
            <div class="panel-actions"><n-button type="primary" @click="save">Update Information</n-button></div>
          </section>
          <section class="panel"><h2 class="panel-title">Business Physical Address</h2>
            <div class="form-grid"><label v-for="one in ADDRESS" :key="one.key" class="field"><span>{{ one.label }}</span>
              <n-input :value="load.data.address[one.key]" readonly :input-props="{ id: 'profile-address-' + one.key }" /></label></div>
          </section>
        </div>
        <div>
          <section class="panel"><h2 class="panel-title">Business Information</h2>
            <div class="form-grid"><label v-for="one in BUSINESS" :key="one.key" class="field"><span>{{ one.label }}</span>
              <n-input :value="load.data[one.key]" readonly :input-props="{ id: 'profile-' + one.key }" /></label></div>
          </section>
          <section class="panel"><h2 class="panel-title">Authorized Representative</h2>
            <div class="form-grid"><label v-for="one in PERSON" :key="one.key" class="field"><span>{{ one.label }}</span>
              <n-input :value="load.data.representative[one.key]" readonly :input-props="{ id: 'profile-representative-' + one.key }" /></label></div>
          </section>
        </div>
      </div>
    </div>`,
};
