// All fields: inputs with ids such as `contact.first_name` (facts 7.3). Read only here.

const FIELDS = [
  ["contact.first_name", "First Name", "first"],
  ["contact.last_name", "Last Name", "last"],
  ["contact.email", "Email", "email"],
  ["contact.phone", "Phone", "phone"],
  ["contact.company_name", "Business Name", "company"],
];

export const ContactFields = {
  name: "ContactFields",
  props: { contact: { type: Object, required: true } },
  setup: () => ({ FIELDS }),
  template: `
    <div class="record-fields"><h2 class="record-group">Contact</h2>
      <label v-for="[id, label, key] in FIELDS" :key="id" class="field"><span>{{ label }}</span>
        <input :id="id" class="form-control" :value="contact[key]" readonly /></label></div>`,
};
