// Menus in the order, and settings in the groups, of the white label (setting `menu_order`), else of the release. What
// they do not name comes last.
import { state } from "../state.js";
import { current } from "../ui/release.js";

// Takes the entries of these ids out of `left`, in the order of the ids.
const take = (left, ids) =>
  ids.flatMap((id) => {
    const at = left.findIndex((entry) => entry.id === id);
    return at < 0 ? [] : left.splice(at, 1);
  });

const orderOf = (name) => state.settings.menu_order?.[name] ?? current().menus?.[name];

export function arrangedMenu(name, entries) {
  const ids = orderOf(name);
  if (!ids) return entries;
  const left = [...entries];
  return [...take(left, ids), ...left];
}

export function arrangedGroups(name, groups) {
  const own = orderOf(name);
  if (!own) return groups;
  const left = groups.flatMap((group) => group.entries);
  const arranged = own.map(({ group, ids }) => ({ group, entries: take(left, ids) }));
  arranged.at(-1).entries.push(...left);
  return arranged;
}
