// Drawers that any page may open from the top bar: components that watch `state` and teleport to body.

export const DRAWERS = [];
