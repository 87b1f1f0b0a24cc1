// Email and password, then (if asked) the agency, then the six-digit code (facts 2).
import { keepSession } from "../session.js";
import { Icon } from "../ui/icon.js";

const CHANNELS = [
  { key: "email", label: "Email", icon: "mail" },
  { key: "sms", label: "SMS", icon: "smartphone" },
  { key: "authenticator", label: "Authenticator App", icon: "shield-check" },
];
const HOME = "/agency_dashboard?tab=summary";

async function ask(path, body) {
  const answer = await fetch(`/api/session/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const read = await answer.json().catch(() => ({ title: "Unable to log you in at this time" }));
  if (!answer.ok) throw new Error(read.title);
  return read;
}

export const Page = {
  name: "SignInPage",
  components: { Icon },
  setup() {
    const route = VueRouter.useRoute();
    const router = VueRouter.useRouter();
    const step = Vue.ref("password"); // "password" | "agency" | "channel" | "code"
    const email = Vue.ref("");
    const password = Vue.ref("");
    const error = Vue.ref("");
    const busy = Vue.ref(false);
    const accounts = Vue.ref([]);
    const channel = Vue.ref("authenticator");
    const digits = Vue.reactive(["", "", "", "", "", ""]);
    const boxes = Vue.ref([]);
    let challenge = "";

    const attempt = (work) => async () => {
      if (busy.value) return;
      busy.value = true;
      error.value = "";
      try {
        await work();
      } catch (failure) {
        error.value = failure.message;
      } finally {
        busy.value = false;
      }
    };
    const signIn = attempt(async () => {
      const answer = await ask("login", { email: email.value, password: password.value });
      challenge = answer.challenge;
      accounts.value = answer.accounts;
      step.value = accounts.value.length ? "agency" : "channel";
    });
    const choose = (account) =>
      attempt(async () => {
        await ask("choose", { challenge, account: account.id });
        step.value = "channel";
      })();
    const sendCode = attempt(async () => {
      await ask("code", { challenge, channel: channel.value });
      step.value = "code";
      Vue.nextTick(() => boxes.value[0]?.focus());
    });
    const confirm = attempt(async () => {
      try {
        await keepSession(await ask("verify", { challenge, code: digits.join("") }));
      } catch (failure) {
        digits.fill("");
        Vue.nextTick(() => boxes.value[0]?.focus());
        throw failure;
      }
      router.push(route.query.redirect || HOME);
    });
    function typed(at, event) {
      const figures = event.target.value.replace(/\D/g, "");
      digits[at] = figures.slice(-1);
      event.target.value = digits[at];
      if (digits[at] && at < 5) boxes.value[at + 1].focus();
      if (digits.every(Boolean)) confirm();
    }
    function pasted(event) {
      const figures = event.clipboardData.getData("text").replace(/\D/g, "").slice(0, 6);
      [...figures].forEach((figure, at) => (digits[at] = figure));
      boxes.value[Math.min(figures.length, 5)].focus();
      if (digits.every(Boolean)) confirm();
    }
    function back(at) {
      if (!digits[at] && at > 0) boxes.value[at - 1].focus();
    }
    const again = attempt(async () => ask("code", { challenge, channel: channel.value }));
    return {
      CHANNELS, step, email, password, error, busy, accounts, channel, digits, boxes,
      signIn, choose, sendCode, confirm, typed, pasted, back, again,
    };
  },
  template: `
    <section class="hl_login">
      <div class="hl_login--logo"><span class="sidebar-mark">W</span> Woot Recruit Hub</div>
      <div class="card"><div class="card-body">
        <form v-if="step === 'password'" novalidate @submit.prevent="signIn">
          <div class="login-card-heading"><h2 class="heading2">Sign into your account</h2></div>
          <div class="form-group"><label for="email">Email</label>
            <input id="email" v-model="email" type="email" class="form-control" placeholder="Your email address" autocomplete="username" /></div>
          <div class="form-group"><label for="password">Password</label>
            <input id="password" v-model="password" type="password" class="form-control" placeholder="The password you picked" autocomplete="current-password" /></div>
          <p v-if="error" class="login-error" role="alert"><icon name="circle-alert" :size="16" /> {{ error }}</p>
          <div class="form-group button-holder"><button type="submit" class="hl-btn" :disabled="busy || !email || !password">Sign in</button></div>
          <p class="login-foot"><a href="#" @click.prevent>Trouble Logging In?</a></p>
        </form>

        <div v-else-if="step === 'agency'">
          <div class="login-card-heading"><h2 class="heading2">Choose an account to continue</h2></div>
          <div v-for="account in accounts" :key="account.id" class="login-account" tabindex="0" @click="choose(account)" @keydown.enter="choose(account)">
            <span class="user">{{ account.name }}</span><icon name="chevron-right" /></div>
          <p v-if="error" class="login-error" role="alert"><icon name="circle-alert" :size="16" /> {{ error }}</p>
        </div>

        <form v-else-if="step === 'channel'" @submit.prevent="sendCode">
          <div class="login-card-heading"><h2 class="heading2">Verify Security Code</h2>
            <p>Choose how you would like to receive your security code.</p></div>
          <label v-for="one in CHANNELS" :key="one.key" class="login-channel" :class="{ chosen: channel === one.key }">
            <input v-model="channel" type="radio" name="channel" :value="one.key" /><icon :name="one.icon" /> {{ one.label }}</label>
          <p v-if="error" class="login-error" role="alert"><icon name="circle-alert" :size="16" /> {{ error }}</p>
          <div class="form-group button-holder"><button type="submit" class="hl-btn" :disabled="busy">Send Security Code</button></div>
        </form>

        <form v-else @submit.prevent="confirm">
          <div class="login-card-heading"><h2 class="heading2">Verify Security Code</h2>
            <p>Enter the 6-digit code {{ channel === 'authenticator' ? 'from your authenticator app' : 'we sent you' }}.</p></div>
          <div class="login-code" role="group" aria-label="Security code">
            <input v-for="(digit, at) in 6" :key="at" :ref="(box) => (boxes[at] = box)" :value="digits[at]" type="text" maxlength="1"
              inputmode="numeric" autocomplete="off" :aria-label="'Digit ' + (at + 1)" :disabled="busy"
              @input="typed(at, $event)" @paste.prevent="pasted" @keydown.backspace="back(at)" /></div>
          <p v-if="error" class="login-error" role="alert"><icon name="circle-alert" :size="16" /> {{ error }}</p>
          <div class="form-group button-holder"><button type="submit" class="hl-btn" :disabled="busy || !digits.every(Boolean)">Confirm Code</button></div>
          <p class="login-foot"><a href="#" @click.prevent="again">Resend code</a></p>
        </form>
      </div></div>
    </section>`,
};
