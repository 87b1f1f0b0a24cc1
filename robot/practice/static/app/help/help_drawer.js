// The [?] drawer `#help-drawer`, "Help & Support": chats, tickets and numbers (facts 6).
import { post } from "../api.js";
import { state } from "../state.js";
import { day } from "../ui/dates.js";
import { Icon } from "../ui/icon.js";
import { label } from "../ui/release.js";
import { toast } from "../ui/toast.js";
import { SupportChat } from "./support_chat.js";
import { TicketForm } from "./ticket_form.js";

export const HelpDrawer = {
  name: "HelpDrawer",
  components: { Icon, SupportChat, TicketForm },
  setup() {
    const view = Vue.ref("home"); // "home" | "choice" | "chat" | "ticket"
    const told = Vue.ref(null); // what the drawer shows first, see api/support.py
    const thread = Vue.ref(null);
    const error = Vue.ref("");
    async function home() {
      view.value = "home";
      error.value = "";
      try {
        told.value = await post("/support");
      } catch (failed) {
        error.value = failed.title;
      }
    }
    Vue.watch(() => state.helpOpen, (open) => open && home());
    const close = () => (state.helpOpen = false);
    async function chat(channel, fresh = false) {
      thread.value = await post("/support/chats/open", { channel, new: fresh });
      view.value = "chat";
    }
    async function reopen(id) {
      thread.value = await post(`/support/threads/${id}/reopen`, { by: "list" });
      view.value = "chat";
    }
    async function copyNumber() {
      await navigator.clipboard?.writeText(told.value.agency.relationship_number);
      toast.success("Copied");
    }
    const away = (name) => toast.info(`${name} opens outside of the dashboard`);
    const titles = { home: "Help & Support", choice: "Start Chat", chat: "Support Chat", ticket: "Raise Ticket" };
    const statuses = { open: "Open", submitted: "Submitted", ended: "Ended" };
    const width = Vue.computed(() => (view.value === "home" || view.value === "choice" ? 420 : 480));
    return { state, view, told, thread, error, home, close, chat, reopen, copyNumber, away, titles, statuses, width, day, label };
  },
  template: `
    <n-drawer :show="!!state.helpOpen" :width="width" :show-mask="false" :trap-focus="false" :block-scroll="false"
      :auto-focus="false" :close-on-esc="false" :mask-closable="false">
      <div id="help-drawer" role="dialog" aria-label="Help &amp; Support">
        <div class="help-head">
          <button v-if="view !== 'home'" type="button" class="icon-button" aria-label="Back" @click="home"><icon name="arrow-left" /></button>
          <h2 class="help-title">{{ label(titles[view]) }}</h2>
          <button type="button" class="icon-button" aria-label="Close Help &amp; Support drawer" @click="close"><icon name="x" /></button>
        </div>
        <div v-if="error" class="load-error" role="alert">{{ error }}</div>
        <div v-else-if="!told" class="help-body !p-5"><n-skeleton text :repeat="6" /></div>
        <template v-else-if="view === 'home'">
          <div class="help-body !p-5">
            <div class="help-buttons">
              <button type="button" class="help-button" aria-label="Start Chat" @click="view = 'choice'"><icon name="message-square" /><b>Start Chat</b><small>AI or agent</small></button>
              <button type="button" class="help-button" aria-label="Raise a support ticket" @click="view = 'ticket'"><icon name="ticket" /><b>Raise Ticket</b><small>Answer by email</small></button>
              <button type="button" class="help-button" aria-label="Start Zoom" @click="away('Zoom')"><icon name="video" /><b>Video Call</b><small>Start Zoom</small></button>
            </div>
            <section class="help-section" aria-label="Your conversations">
              <h3>Your conversations</h3>
              <p v-if="!told.threads.length" class="cell-note">No conversations yet</p>
              <button v-for="one in told.threads" :key="one.id" type="button" class="help-thread" :data-thread-id="one.id" @click="reopen(one.id)">
                <span class="help-thread-first"><b>{{ one.subject }}</b>
                  <span class="help-thread-status" :class="one.status">{{ statuses[one.status] }}</span></span>
                <span class="cell-note"><template v-if="one.ticket_number">Ticket #{{ one.ticket_number }} · </template>{{ day(one.opened_at) }}<template v-if="one.account_id"> · {{ one.account_id }}</template></span>
              </button>
            </section>
            <ul class="help-section">
              <li><button type="button" class="help-line" aria-label="Call support"><icon name="phone" /><span>{{ told.agency.support_phone }}</span></button></li>
              <li><button type="button" class="help-line" aria-label="Visit our Help Center" @click="away('The Help Center')"><icon name="book-open" /><span>Visit our Help Center</span><icon name="external-link" :size="14" /></button></li>
              <li><button type="button" class="help-line" aria-label="Announcements"><icon name="megaphone" /><span>Announcements</span></button></li>
              <li><button type="button" class="help-line" aria-label="Relationship Number" @click="copyNumber"><icon name="hash" /><span>Relationship Number</span><em>{{ told.agency.relationship_number }}</em></button></li>
              <li><div class="help-line" aria-label="Support Access"><icon name="shield-check" /><span>Support Access<small class="cell-note">On until {{ day(told.agency.support_access_until) }}</small></span>
                <button type="button" class="help-link" @click="away('Support access')">Manage support access →</button></div></li>
            </ul>
          </div>
        </template>
        <div v-else-if="view === 'choice'" class="help-body !p-5">
          <button type="button" class="help-choice" aria-label="AI Support Chat" @click="chat('ai')"><icon name="sparkles" /><span><b>AI Support Chat</b><small>Answers at once</small></span></button>
          <button type="button" class="help-choice" aria-label="Agent Chat" @click="chat('agent')"><icon name="headphones" /><span><b>Agent Chat</b><small>Wait time 2-5 minutes</small></span></button>
        </div>
        <support-chat v-else-if="view === 'chat'" :key="thread.id" :first="thread" @fresh="chat(thread.channel === 'agent' ? 'agent' : 'ai', true)" />
        <ticket-form v-else :areas="told.areas" :scopes="told.scopes" :fields="told.fields" @opened="reopen" />
      </div>
    </n-drawer>`,
};
