// const list = useLoad(() => post("/…", {...}), { failed: "Failed to retrieve Phone Numbers" });
// list.loading, list.error (text or ""), list.data, list.again(). A skeleton is shown at least as long as the pace
// says. A later call overtakes an earlier one. With the setting `rows_move` a sub-account's rows change places as the
// pointer moves, once for each time they were loaded. With `list_paints`
// rows are painted in two goes.
import { state } from "../state.js";

// How many rows are painted before the others, by the setting `list_paints`.
const PAINTED_FIRST = { "empty-first": () => 0, "one-first": (rows) => Math.min(1, rows.length) };

export function useLoad(fetcher, { failed = "Something went wrong", immediate = true } = {}) {
  const load = Vue.reactive({ loading: true, error: "", data: null, again });
  let latest = 0;
  async function again({ quiet = false } = {}) {
    const mine = ++latest;
    if (!quiet) load.loading = true;
    load.error = "";
    const least = new Promise((done) => setTimeout(done, quiet ? 0 : state.pace.skeletonMs));
    try {
      const data = await fetcher();
      await least;
      if (mine !== latest) return;
      load.data = data;
      if (!quiet && Array.isArray(data?.rows) && PAINTED_FIRST[state.settings.list_paints]) {
        const first = data.rows.slice(0, PAINTED_FIRST[state.settings.list_paints](data.rows));
        load.data = { ...data, rows: first, total: first.length };
        load.loading = false;
        const whole = await fetcher();
        if (mine !== latest) return;
        load.data = whole;
      }
      if (state.settings.rows_move && location.pathname.includes("/location/")) moveRows(load);
    } catch (error) {
      if (mine !== latest) return;
      load.error = error.status === 403 ? error.title : failed;
    }
    load.loading = false;
  }
  if (immediate) again();
  return load;
}

function moveRows(load) {
  const move = () => {
    if (load.data?.rows) load.data.rows = [...load.data.rows].reverse();
  };
  window.addEventListener("pointermove", move, { once: true, capture: true });
}
