// Makes the router from routes.js: of the main document (all pages), or of a frame (pages that may be framed).
import { routes } from "./routes.js";

const Nothing = { render: () => null };

export function makeRouter({ framed, elsewhere }) {
  const known = routes
    .filter((route) => !framed || route.frame)
    .map(({ path, alias = [], name, ...meta }) => ({ path, alias, name, component: Nothing, meta }));
  const rest = framed
    ? { path: "/:rest(.*)*", component: Nothing, beforeEnter: (to) => (elsewhere(to.fullPath), false) }
    : { path: "/:rest(.*)*", redirect: "/agency_dashboard?tab=summary" };
  return VueRouter.createRouter({ history: VueRouter.createWebHistory(), routes: [...known, rest] });
}
