// Drawers that any page may open from the top bar: components that watch `state` and teleport to body.
import { HelpDrawer } from "../help/help_drawer.js";

export const DRAWERS = [HelpDrawer];
