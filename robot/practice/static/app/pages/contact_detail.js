// One contact: fields, tags and automations left, conversation in the middle, rail on the right (facts 7.3).
import { post } from "../api.js";
import { moment } from "../ui/dates.js";
import { Icon } from "../ui/icon.js";
import { useLoad } from "../ui/load.js";
import { label } from "../ui/release.js";
import { ContactActions } from "./contact/contact_actions.js";
import { ContactFields } from "./contact/contact_fields.js";
import { ContactTags } from "./contact/contact_tags.js";
import { DeleteContacts } from "./contacts/delete_contacts.js";

const RAIL = [
  ["activity", "Activities"], ["share-2", "Associations"], ["target", "Opportunities"], ["clipboard-list", "Tasks"],
  ["notebook-pen", "Notes"], ["calendar", "Appointments"], ["file-text", "Documents"], ["credit-card", "Payments"],
];

export const Page = {
  name: "ContactPage",
  components: { ContactActions, ContactFields, ContactTags, DeleteContacts, Icon },
  setup() {
    const route = VueRouter.useRoute();
    const router = VueRouter.useRouter();
    const { locationId, contactId } = route.params;
    const contact = useLoad(() => post(`/locations/${locationId}/contacts/${contactId}`), { failed: "Contact not found" });
    const tab = Vue.ref("fields");
    const deleting = Vue.ref(false);
    const back = () => router.push(`/v2/location/${locationId}/contacts/smart_list/All`);
    return { RAIL: RAIL.map(([shape, text]) => [shape, label(text)]), moment, contact, tab, deleting, back };
  },
  template: `
    <div class="record-page">
      <section id="record-details-lhs">
        <button type="button" class="back-link" @click="back"><icon name="arrow-left" :size="16" /> Contacts</button>
        <div v-if="contact.loading" class="skeleton-loader"><n-skeleton height="56px" :sharp="false" /><n-skeleton text :repeat="8" /></div>
        <div v-else-if="contact.error" class="load-error" role="alert">{{ contact.error }}</div>
        <template v-else>
          <div class="record-head"><span class="contact-initials big">{{ contact.data.first[0] }}{{ contact.data.last[0] }}</span>
            <div><h1 class="record-name">{{ contact.data.name }}</h1><div class="cell-note">{{ contact.data.company }}</div></div>
            <i id="delete-contact-trigger" role="img" aria-label="Delete contact" title="Delete contact" @click="deleting = true"><icon name="trash-2" :size="17" /></i></div>
          <div class="record-owner"><span class="cell-note">Owner</span>
            <button id="owner-dropdown-trigger" type="button" class="text-button plain">{{ contact.data.owner || 'Unassigned' }}<icon name="chevron-down" :size="14" /></button></div>
          <contact-tags :contact="contact.data" @changed="contact.again({ quiet: true })" />
          <n-tabs v-model:value="tab" type="line" size="small" class="record-tabs">
            <n-tab name="fields">All fields</n-tab><n-tab name="dnd">DND</n-tab><n-tab name="actions">Actions</n-tab></n-tabs>
          <contact-fields v-if="tab === 'fields'" :contact="contact.data" />
          <contact-actions v-else-if="tab === 'actions'" :contact="contact.data" />
          <div v-else class="dnd"><label v-for="way in ['All channels', 'Email', 'Text Messages', 'Calls & Voicemails']" :key="way">{{ way }} <n-switch size="small" disabled /></label></div>
        </template>
      </section>
      <section class="central-panel"><div id="contact-conversation-panel">
        <div class="conversation-head">Conversation</div>
        <div class="conversation-body"><div v-if="contact.data" class="conversation-event"><span class="service-icon-container small"><icon name="user-plus" :size="15" /></span>
          <span><strong>{{ contact.data.name }}</strong> was added as a contact</span><span class="cell-note">{{ moment(contact.data.created) }}</span></div></div>
        <div class="conversation-box"><span>Type a message</span><icon name="send" :size="18" /></div></div></section>
      <nav class="record-rail" aria-label="Record"><button v-for="[shape, label] in RAIL" :key="label" type="button" class="icon-button" :aria-label="label" :title="label"><icon :name="shape" /></button></nav>
      <delete-contacts v-if="contact.data" v-model:show="deleting" :contacts="[contact.data]" @done="back" />
    </div>`,
};
