// Menus in the order, and settings in the groups, of the release. What a release does not name comes last.
import { current } from "../ui/release.js";

// Takes the entries of these ids out of `left`, in the order of the ids.
const take = (left, ids) =>
  ids.flatMap((id) => {
    const at = left.findIndex((entry) => entry.id === id);
    return at < 0 ? [] : left.splice(at, 1);
  });

export function arrangedMenu(name, entries) {
  const ids = current().menus?.[name];
  if (!ids) return entries;
  const left = [...entries];
  return [...take(left, ids), ...left];
}

export function arrangedGroups(name, groups) {
  const own = current().menus?.[name];
  if (!own) return groups;
  const left = groups.flatMap((group) => group.entries);
  const arranged = own.map(({ group, ids }) => ({ group, entries: take(left, ids) }));
  arranged.at(-1).entries.push(...left);
  return arranged;
}
