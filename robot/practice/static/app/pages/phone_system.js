import { EmptyState } from "../ui/empty_state.js";
export const Page = { components: { EmptyState }, template: `<empty-state title="x" />` };
