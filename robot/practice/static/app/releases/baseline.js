// The release that has always been here; the others say what differs from it.
export const release = { name: "baseline" };
