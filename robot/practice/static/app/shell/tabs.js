// Module tabs in the top bar: `.topmenu-nav .topmenu-navitem(.active)` with ids `tb_…` (facts 1.1).
// A route shows a set by naming it in `tabs`.

export const MODULE_TABS = {
  contacts: [
    { id: "tb_smart-lists", label: "Smart Lists", tail: "contacts/smart_list/All", also: ["contacts", "contact"] },
    { id: "tb_bulk-actions", label: "Bulk Actions", tail: "contacts/bulk/actions", also: ["bulk-actions"] },
  ],
};
