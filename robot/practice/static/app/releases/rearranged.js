// The same things in other places: menus regrouped, dialogs as drawers, row menus as buttons, sections and tabs in
// another order. Words, ids, classes and addresses stay, but for those of the parts that are another part now. All
// of it is invented.
export const release = {
  name: "rearranged",
  layout: "layout-rearranged",
  drawers: true,
  inlineMenus: true,
  menus: {
    // Ids in their new order; an id that is there twice stands for its entries in turn.
    agencyMain: [
      "sb_agency-accounts", "sb_agency-account-snapshots", "sb_agency-dashboard", "sb_agency-account-reselling",
      "sb_agency-prospecting", "sb_agency-accounts",
    ],
    locationMain: [
      "sb_dashboard", "sb_contacts", "sb_conversations", "sb_opportunities", "sb_calendars", "sb_automation",
      "sb_email-marketing", "sb_sites", "sb_payments", "sb_memberships", "sb_reputation", "sb_reporting", "sb_app-media",
      "sb_app-marketplace", "sb_launchpad",
    ],
    agencySettings: [
      { group: "People", ids: ["sb_agency-team-settings", "sb_agency-profile-settings", "sb_agency-affiliate-settings"] },
      {
        group: "Agency",
        ids: [
          "sb_agency-company-settings", "sb_agency-billing-settings", "sb_agency-stripe-settings",
          "sb_agency-compliance-settings", "sb_agency-audit-logs-settings",
        ],
      },
      {
        group: "Platform",
        ids: [
          "sb_agency-snapshot-settings", "sb_agency-email-settings", "sb_agency-twilio-settings",
          "sb_agency-custom-link-settings", "sb_agency-api-keys-settings", "sb_agency-labs-settings",
        ],
      },
    ],
    locationSettings: [
      { group: "Messaging", ids: ["sb_phone-system", "sb_whatsapp", "sb_location-email-services"] },
      { group: "Websites & Booking", ids: ["sb_domains-urlRedirects", "sb_calendars", "sb_integrations"] },
      { group: "People", ids: ["sb_my-staff", "sb_profile", "sb_audit-logs-location"] },
      { group: "Records", ids: ["sb_tags", "sb_custom-fields-settings", "sb_custom-values", "sb_opportunities-pipelines"] },
      { group: "Account", ids: ["sb_business_info", "sb_saas-billing", "sb_labs"] },
    ],
  },
  orders: {
    phone: [
      "trust-center", "regulatory-bundles", "phone-numbers", "voice", "messaging", "messaging-analytics", "additional-settings",
    ],
    email: ["dedicated", "smtp", "postmaster", "bounces", "risk"],
    bulk: ["export", "merge", "pipeline", "automation", "review", "sms", "email", "delete", "remove", "add"],
  },
};
