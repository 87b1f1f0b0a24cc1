// A second help widget, of the white label's own: it leads to the agency and has nothing to do with the vendor's
// support (facts 6). Opening it is noted, since somebody at the agency is told (setting `own_help_widget`).
import { post } from "../api.js";
import { state } from "../state.js";

export const OwnHelp = {
  name: "OwnHelp",
  setup() {
    const isOpen = Vue.ref(false);
    async function toggle() {
      isOpen.value = !isOpen.value;
      if (isOpen.value) await post("/own-help/open");
    }
    return { state, isOpen, toggle };
  },
  template: `
    <teleport to="body">
      <div v-if="state.settings.own_help_widget" class="own-help">
        <div v-if="isOpen" class="own-help-box" role="dialog" aria-label="Help &amp; Support">
          <strong>Help &amp; Support</strong>
          <p>How can we help you today?</p>
          <button type="button" class="hl-btn">Start Chat</button>
          <textarea aria-label="Type your message" placeholder="Type your message" rows="2"></textarea>
        </div>
        <button type="button" class="own-help-launcher" aria-label="Need Help?" @click="toggle">?</button>
      </div>
    </teleport>`,
};
