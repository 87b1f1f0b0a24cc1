// toast.success(title, description) / toast.error / toast.info : `.n-notification-main`, gone after 4.5 s.
import { theme } from "./theme.js";

const LASTS_MS = 4500;
let notification = null;

function show(type, title, description, action) {
  notification ??= naive.createDiscreteApi(["notification"], {
    configProviderProps: { themeOverrides: theme },
    notificationProviderProps: { placement: "top", max: 4 },
  }).notification;
  notification[type]({ title, description: description || undefined, action, duration: LASTS_MS, keepAliveOnHover: false });
}

export const toast = {
  success: (title, description) => show("success", title, description),
  error: (title, description) => show("error", title, description),
  info: (title, description) => show("info", title, description),
  // A success with a link below it.
  linked: (title, description, link, go) =>
    show("success", title, description, () =>
      Vue.h("a", { href: "#", onClick: (event) => (event.preventDefault(), go()) }, link),
    ),
  // Shows what an ApiError says.
  refused: (error, title) => show("error", title || error.title, title ? error.title : error.detail),
};
