// Which release of the user interface is shown, and what it calls things. releases/index.js says what a release is.
// A document shows one release from its start to its end: main.js takes its name from the page, frame.js from the
// document around it. Pages are written in the words of the baseline; ui/template.js reads their templates as the
// release has them, and `label`, `names` and `h` do it for what is not in a template.
import { RELEASES } from "../releases/index.js";
import { attributeOf, classOf, idOf } from "./names.js";

let release = RELEASES.baseline;

export function useRelease(name) {
  release = RELEASES[name];
  if (release.layout) document.body.classList.add(release.layout);
}

export const current = () => release;
export const iconOf = (name) => release.icons?.[name] ?? name;
export const prefixOf = (family) => release.names?.prefix ?? family;

// A wording of the baseline in this release's own. The context, if there is one, is "nav", "menu", "tab" or the name
// of the attribute or property that shows it. White space around the text stays.
export function label(text, context = "") {
  if (!release.labels || typeof text !== "string") return text;
  const bare = text.trim();
  const own = release.labels[`${context}:${bare}`] ?? release.labels[bare];
  return own === undefined ? text : text.replace(bare, () => own);
}

// The value of a `class` attribute, of an `id`, or an object of attributes, as this release names them.
export function classes(value) {
  if (!release.names) return value;
  return Vue.normalizeClass(value).split(/\s+/).filter(Boolean).map((name) => classOf(release.names, name)).join(" ");
}
export const id = (value) => (release.names && value ? idOf(release.names, String(value)) : value);
export function names(attributes) {
  if (!release.names || !attributes) return attributes;
  const own = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") own.class = classes(value);
    else if (key === "id") own.id = id(value);
    else own[attributeOf(release.names, key)] = value;
  }
  return own;
}

const SAID = ["aria-label", "title"];

// Vue.h, for elements drawn without a template.
export function h(type, props, ...rest) {
  const plain = props && typeof props === "object" && !Array.isArray(props) && !Vue.isVNode(props);
  if (!plain) return Vue.h(type, props, ...rest);
  if (typeof type !== "string") return Vue.h(type, props.class ? { ...props, class: classes(props.class) } : props, ...rest);
  const own = names(props);
  if (!release.labels) return Vue.h(type, own, ...rest);
  return Vue.h(type, Object.fromEntries(Object.entries(own).map(([key, value]) => [key, SAID.includes(key) ? label(value) : value])), ...rest);
}

// A page's tabs or other items in this release's order, those it does not name last; `name` is what it calls the list.
export function ordered(name, items, keyOf = (item) => item.key ?? item.name) {
  const keys = release.orders?.[name];
  if (!keys) return items;
  const place = (item) => (keys.includes(keyOf(item)) ? keys.indexOf(keyOf(item)) : keys.length);
  return [...items].sort((one, other) => place(one) - place(other));
}
