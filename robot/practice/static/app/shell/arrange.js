// Menus in the order, and settings in the groups, of the release.
import { current } from "../ui/release.js";

function taken(entries, ids) {
  const left = [...entries];
  return ids.map((id) => left.splice(left.findIndex((entry) => entry.id === id), 1)[0]);
}

export function arrangedMenu(name, entries) {
  const ids = current().menus?.[name];
  return ids ? taken(entries, ids) : entries;
}

export function arrangedGroups(name, groups) {
  const own = current().menus?.[name];
  if (!own) return groups;
  const entries = groups.flatMap((group) => group.entries);
  return own.map(({ group, ids }) => ({ group, entries: taken(entries, ids) }));
}
