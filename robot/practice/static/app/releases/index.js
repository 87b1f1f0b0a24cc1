// Every release of the user interface. What a release may say:
//
// labels    baseline wording -> its own. "nav:Tags" holds only for Tags in the sidebar; see `label` in ui/release.js
//           for the other contexts. No wording on the right may stand on the left too.
// icons     name of a shape -> another one (vendor/lucide-icons.js)
// names     {prefix, classes, ids, attributes}: how classes, ids and data attributes are called; see ui/names.js
// menus     {agencyMain, locationMain}: menu entries in another order; {agencySettings, locationSettings}: in other groups
// layout    a class of the body that styles/releases.css knows
// drawers   true: dialogs are drawers
// inlineMenus  true: what is behind three dots is a line of buttons
// orders    {name: [keys]}: the order of the tabs that a page calls by that name
import { release as baseline } from "./baseline.js";
import { release as rearranged } from "./rearranged.js";
import { release as rebuilt } from "./rebuilt.js";
import { release as relabelled } from "./relabelled.js";

export const RELEASES = { baseline, relabelled, rebuilt, rearranged };
