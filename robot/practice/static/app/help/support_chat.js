// <support-chat :first="thread" @fresh /> : one conversation; the other side asks one thing at a time (facts 6).
import { post } from "../api.js";
import { state } from "../state.js";
import { moment } from "../ui/dates.js";
import { Icon } from "../ui/icon.js";
import { toast } from "../ui/toast.js";
import { ChatForm } from "./chat_form.js";

const LOOK_AGAIN_MS = { fast: 60, demo: 250, real: 2000 };
const NAMES = { ai: "AI Support", agent: "Support", ticket: "Support" };

export const SupportChat = {
  name: "SupportChat",
  components: { ChatForm, Icon },
  props: { first: { type: Object, required: true } },
  emits: ["fresh"],
  setup(props) {
    const thread = Vue.ref(props.first);
    const text = Vue.ref("");
    const log = Vue.ref(null);
    let timer = 0;
    async function toEnd() {
      await Vue.nextTick();
      log.value?.scrollTo({ top: log.value.scrollHeight });
    }
    async function look() {
      clearTimeout(timer);
      if (thread.value.typing || thread.value.waiting) {
        thread.value = await post(`/support/threads/${thread.value.id}`);
        timer = setTimeout(look, LOOK_AGAIN_MS[state.pace.name]);
      }
      toEnd();
    }
    look();
    Vue.onUnmounted(() => clearTimeout(timer));
    async function send(message) {
      if (!message.trim() || thread.value.typing) return;
      try {
        thread.value = await post(`/support/threads/${thread.value.id}/send`, { text: message });
        text.value = "";
      } catch (error) {
        toast.refused(error);
      }
      look();
    }
    async function sendForm(values) {
      try {
        thread.value = await post(`/support/threads/${thread.value.id}/form`, { values });
      } catch (error) {
        toast.refused(error);
      }
      look();
    }
    async function carryOn() {
      thread.value = await post(`/support/threads/${thread.value.id}/reopen`, { by: "button" });
      look();
    }
    async function upload() {
      await post(`/support/threads/${thread.value.id}/screen-capture`);
      toast.info("Screen recording started");
    }
    const replies = Vue.computed(() => {
      const last = thread.value.messages.at(-1);
      return thread.value.typing || thread.value.status !== "open" || !last ? [] : last.replies;
    });
    // The form of the last message, until it is sent.
    const form = Vue.computed(() => (thread.value.typing ? null : thread.value.messages.at(-1)?.form));
    const mayType = Vue.computed(
      () => thread.value.status !== "ended" && !form.value && !(replies.value.length && thread.value.replies_only),
    );
    const onEnter = (event) => {
      if (event.shiftKey) return;
      event.preventDefault();
      send(text.value);
    };
    const author = (message) => (message.from === "user" ? "You" : message.author ?? NAMES[thread.value.channel]);
    return { thread, text, log, send, sendForm, carryOn, upload, replies, form, mayType, onEnter, author, moment };
  },
  template: `
    <div class="hs-chat" :data-thread-id="thread.id" :data-status="thread.status">
      <div class="hs-chat-bar">
        <span>{{ thread.ticket_number ? 'Ticket #' + thread.ticket_number : 'Conversation' }}</span>
        <button type="button" class="help-link" @click="$emit('fresh')">New conversation</button>
      </div>
      <div ref="log" class="hs-log" role="log" aria-label="Conversation" :aria-busy="thread.typing">
        <div v-for="(message, n) in thread.messages" :key="n" class="hs-message" :class="'--' + message.from" :data-from="message.from" :data-index="n">
          <div class="hs-author">{{ author(message) }} <time :datetime="message.at">{{ moment(message.at) }}</time></div>
          <div class="hs-text">{{ message.text }}</div>
        </div>
        <div v-if="thread.typing" class="hs-typing" role="status" aria-label="Typing"><i /><i /><i /></div>
        <div v-if="replies.length" class="hs-replies" role="group" aria-label="Suggested replies">
          <button v-for="reply in replies" :key="reply" type="button" class="hs-reply" @click="send(reply)">{{ reply }}</button>
        </div>
        <chat-form v-if="form" :key="thread.messages.length" :fields="form" @submit="sendForm" @upload="upload" />
        <button v-if="thread.can_continue" type="button" class="hs-reply hs-continue" @click="carryOn">Continue this conversation</button>
      </div>
      <div v-if="mayType" class="hs-composer">
        <textarea v-model="text" class="hs-input" rows="2" aria-label="Type your message" placeholder="Type your message..." :disabled="thread.typing"
          @keydown.enter="onEnter"></textarea>
        <div class="hs-composer-bar">
          <button type="button" class="help-link" aria-label="Click to upload" @click="upload"><icon name="paperclip" :size="15" />Click to upload</button>
          <n-button type="primary" size="small" aria-label="Send message" :disabled="thread.typing || !text.trim()" @click="send(text)">Send</n-button>
        </div>
      </div>
    </div>`,
};
