// A select of this sub-account's tags that must be searched or scrolled: options exist only while in view.
import { post } from "../../api.js";

export function useTagOptions(show) {
  const place = VueRouter.useRoute().params.locationId;
  const options = Vue.ref([]);
  const loading = Vue.ref(false);
  Vue.watch(show, async (open) => {
    if (!open) return;
    loading.value = true;
    try {
      const { rows } = await post(`/locations/${place}/tags/search`, {});
      options.value = rows.map((tag) => ({ value: tag.name, label: tag.name }));
    } finally {
      loading.value = false;
    }
  }, { immediate: true });
  return { options, loading };
}
