// How a release names classes, ids and attributes. A name that is ready (`ui-…`, `hr-…`) stays, so a name may pass
// through here twice: once where a component is used, once where it draws.

// Names that the pages' HTML or a library writes.
const KEPT = /^(ui-|hr-|is-|v-vl|app$|app-loader|lds-ring|in-frame)/;
// Classes that say in which state something is.
const STATES = new Set([
  "active", "chosen", "danger", "error", "warning", "success", "info", "plain", "small", "wide", "back", "box", "big",
  "head", "second", "below", "card", "table", "help", "submitted", "open", "spread", "soft", "nowrap",
]);

const kebab = (name) =>
  name.replace(/([a-z])([A-Z])/g, "$1-$2").replace(/[^A-Za-z0-9-]+/g, "-").replace(/-{2,}/g, "-").replace(/^-|-$/g, "");

export function classOf(names, name) {
  const own = names.classes[name];
  if (own !== undefined) return own;
  if (KEPT.test(name)) return name;
  if (STATES.has(name)) return `is-${name}`;
  if (name.startsWith("--")) return `is-${name.slice(2)}`;
  if (name.startsWith("n-")) return `${names.prefix}-${name.slice(2)}`;
  if (/^hl[-_]/.test(name)) return /^hl-(success|warning|error|info|plain)$/.test(name) ? `is-${name.slice(3)}` : `ui-${kebab(name.slice(3))}`;
  return name.includes("!") ? name : `ui-${kebab(name)}`;
}

// Undefined where the release has no id. A pattern of `ids` ends in a star.
export function idOf(names, name) {
  if (KEPT.test(name)) return name;
  for (const [pattern, own] of names.ids) {
    if (pattern.endsWith("*") ? !name.startsWith(pattern.slice(0, -1)) : name !== pattern) continue;
    if (own === null) return undefined;
    return pattern.endsWith("*") ? own + kebab(name.slice(pattern.length - 1)) : own;
  }
  return `ui-${kebab(name)}`;
}

export function attributeOf(names, name) {
  const own = names.attributes[name];
  if (own !== undefined) return own;
  return /^data-(?!ui-|v-)/.test(name) ? `data-ui-${name.slice(5)}` : name;
}
