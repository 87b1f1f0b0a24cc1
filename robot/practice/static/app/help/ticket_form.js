// <ticket-form :areas :scopes :fields @opened="(threadId) => …" /> : kind, scope, product area, then the form (facts 6).
import { post } from "../api.js";
import { Icon } from "../ui/icon.js";
import { toast } from "../ui/toast.js";

const KINDS = ["Technical Support", "Billing & Invoices", "Feature Request"];
const EMPTY = { location_id: "", subject: "", description: "", business_profile: "", loom: "" };

export const TicketForm = {
  name: "TicketForm",
  components: { Icon },
  props: { areas: { type: Array, required: true }, scopes: { type: Array, required: true }, fields: { type: Array, required: true } },
  emits: ["opened"],
  setup(props) {
    const picked = Vue.reactive({ kind: "", scope: "", area: "" });
    const form = Vue.reactive({ ...EMPTY });
    const problem = Vue.ref("");
    const busy = Vue.ref(false);
    const done = Vue.ref(null); // {thread, ticket_number}
    const question = Vue.computed(() => {
      if (!picked.kind) return { title: "What do you need?", options: KINDS, key: "kind" };
      if (!picked.scope) return { title: "Where does the issue occur?", options: props.scopes, key: "scope" };
      if (!picked.area) return { title: "Which product area is it about?", options: props.areas, key: "area" };
      return null;
    });
    function choose(option) {
      if (question.value.key === "kind" && option !== KINDS[0]) toast.info("Please contact your account manager");
      else picked[question.value.key] = option;
    }
    async function submit() {
      busy.value = true;
      problem.value = "";
      try {
        done.value = await post("/support/tickets", { scope: picked.scope, area: picked.area, ...form });
        toast.success("Ticket submitted", `Ticket number: #${done.value.ticket_number}`);
      } catch (error) {
        problem.value = error.title;
      }
      busy.value = false;
    }
    async function upload() {
      await post("/support/threads/new-ticket/screen-capture");
      toast.info("Screen recording started");
    }
    return { picked, form, problem, busy, done, question, choose, submit, upload };
  },
  template: `
    <div class="help-body !p-5 ticket-form">
      <div v-if="done" class="ticket-done" role="status">
        <icon name="circle-check" :size="30" />
        <h3>Your request has been submitted</h3>
        <p>Ticket number: #{{ done.ticket_number }}. Our team will answer here and by email.</p>
        <n-button @click="$emit('opened', done.thread)">View conversation</n-button>
      </div>
      <template v-else-if="question">
        <h3>{{ question.title }}</h3>
        <button v-for="option in question.options" :key="option" type="button" class="help-choice" @click="choose(option)">
          <span><b>{{ option }}</b></span><icon name="chevron-right" :size="16" /></button>
      </template>
      <form v-else @submit.prevent="submit">
        <p class="cell-note">{{ picked.kind }} · {{ picked.scope }} · {{ picked.area }}</p>
        <label class="field"><span>Account ID (Location ID)</span><n-input v-model:value="form.location_id" placeholder="20 letters and digits" /></label>
        <label class="field"><span>Subject</span><n-input v-model:value="form.subject" placeholder="Subject" /></label>
        <label class="field"><span>Describe the issue</span><n-input v-model:value="form.description" type="textarea" :rows="4" placeholder="What happened?" /></label>
        <label class="field"><span>Business Profile information</span><n-input v-model:value="form.business_profile" type="textarea" :rows="2" placeholder="Legal business name, address, website" /></label>
        <label class="field"><span>Loom recording</span><n-input v-model:value="form.loom" placeholder="Link, or None" /></label>
        <label v-for="name in fields" :key="name" class="field"><span>{{ name }}</span><n-input v-model:value="form[name]" /></label>
        <button type="button" class="upload-box" aria-label="Click to upload" @click="upload"><icon name="upload" /> Click to upload a screen recording</button>
        <div v-if="problem" class="field-error" role="alert">{{ problem }}</div>
        <n-button type="primary" block attr-type="submit" :loading="busy">Submit ticket</n-button>
      </form>
    </div>`,
};
