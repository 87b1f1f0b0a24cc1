// What a dialog calls the object that it is about; with the setting `dialog_names_other`, the name of another one.
import { state } from "../state.js";

// dialog: one of DIALOGS in setting.py; others: what the list besides holds, from which the other name is taken.
export function named(dialog, name, others = []) {
  if (!name || !state.settings.dialog_names_other?.includes(dialog)) return name;
  return others.find((one) => one !== name) ?? changed(name);
}

function changed(name) {
  if (/^\+\d+$/.test(name)) return name.replace(/.$/, (digit) => (Number(digit) + 1) % 10);
  return /^[\w-]+(\.[\w-]+)+$/.test(name) ? `old.${name}` : `${name} Plus`;
}
