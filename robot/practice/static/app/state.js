// What the whole app knows once it has started. Same object in the main document and in a frame.
const { reactive } = Vue;

export const state = reactive({
  ready: false,
  user: null, // {id, name, email, ...}
  settings: {}, // see setting.py
  pace: { skeletonMs: 0, blankFrameMs: 0, toastMs: 2500, name: "fast" },
  location: null, // the current sub-account {id, name, city, ...}, or null in agency view
  isEmpty: false, // the shell shows no page (the `cold_shell` setting)
  isSidebarOpen: true, // else it shows icons only
  framed: false, // the current page is drawn in a frame
  inFrame: false,
});
