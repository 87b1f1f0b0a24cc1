// A page of the real dashboard that the practice one has only the place of.
import { EmptyState } from "../ui/empty_state.js";
import { PageHeader } from "../ui/page_header.js";

export const Page = {
  name: "QuietPage",
  components: { EmptyState, PageHeader },
  setup: () => ({ route: VueRouter.useRoute() }),
  template: `
    <page-header :title="route.meta.title" />
    <div class="panel"><empty-state title="Nothing here yet" hint="This page is not part of the practice dashboard." /></div>`,
};
