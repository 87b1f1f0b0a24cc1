// toast.success(title, description) / toast.error / toast.info : `.n-notification-main`, gone after what the pace says.
import { state } from "../state.js";
import { label, prefixOf } from "./release.js";
import { theme } from "./theme.js";

let notification = null;

const BRIEF_MS = 15;

function show(type, title, description, action) {
  if (state.settings.toasts === "never") return;
  notification ??= naive.createDiscreteApi(["notification"], {
    configProviderProps: { themeOverrides: theme.value, clsPrefix: prefixOf("n") },
    notificationProviderProps: { placement: "top", max: 4 },
  }).notification;
  notification[type]({ title: label(title), description: label(description) || undefined, action, duration: state.settings.toasts === "brief" ? BRIEF_MS : state.pace.toastMs, keepAliveOnHover: false });
}

export const toast = {
  success: (title, description) => show("success", title, description),
  error: (title, description) => show("error", title, description),
  info: (title, description) => show("info", title, description),
  // A success with a link below it.
  linked: (title, description, link, go) =>
    show("success", title, description, () =>
      Vue.h("a", { href: "#", onClick: (event) => (event.preventDefault(), go()) }, label(link)),
    ),
  // Shows what an ApiError says.
  refused: (error, title) => show("error", title || error.title, title ? error.title : error.detail),
};
