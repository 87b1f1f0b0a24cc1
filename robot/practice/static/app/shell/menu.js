// Menu entries: {id, meta, label, icon, tail}; `tail` is the address, under the sub-account where there is one.
// Ids are those of facts 1.1 and 3, the doubled ones too.

export const AGENCY_MENU = [
  { id: "sb_agency-dashboard", label: "Agency Dashboard", icon: "layout-dashboard", tail: "/agency_dashboard?tab=summary" },
  { id: "sb_agency-prospecting", label: "Prospecting", icon: "target", tail: "/prospecting" },
  { id: "sb_agency-accounts", label: "Sub-Accounts", icon: "building-2", tail: "/sub-accounts" },
  { id: "sb_agency-account-snapshots", label: "Account Snapshots", icon: "camera", tail: "/snapshots" },
  { id: "sb_agency-account-reselling", label: "Reselling", icon: "repeat", tail: "/reselling" },
  // Some accounts carry the Sub-Accounts id a second time here (facts 1.1).
  { id: "sb_agency-accounts", label: "App Marketplace", icon: "grid-2x2", tail: "/marketplace" },
];
export const AGENCY_FOOTER = [
  { id: "sb_agency-settings", label: "Settings", icon: "settings", tail: "/settings/company" },
];
export const AGENCY_SETTINGS = [
  {
    group: "",
    entries: [
      { id: "sb_agency-profile-settings", label: "My Profile", icon: "user", tail: "/settings/profile" },
      { id: "sb_agency-company-settings", label: "Company", icon: "building-2", tail: "/settings/company" },
      { id: "sb_agency-team-settings", label: "Team", icon: "users", tail: "/settings/team" },
      { id: "sb_agency-billing-settings", label: "Billing", icon: "credit-card", tail: "/settings/billing" },
      { id: "sb_agency-snapshot-settings", label: "Account Snapshots", icon: "camera", tail: "/settings/snapshots" },
      { id: "sb_agency-email-settings", label: "Email Services", icon: "mail", tail: "/settings/email_services" },
      { id: "sb_agency-twilio-settings", label: "Phone Integration", icon: "phone", tail: "/settings/twilio" },
      { id: "sb_agency-stripe-settings", label: "Stripe", icon: "dollar-sign", tail: "/settings/stripe" },
      { id: "sb_agency-affiliate-settings", label: "Affiliates", icon: "heart-handshake", tail: "/settings/affiliates" },
      { id: "sb_agency-custom-link-settings", label: "Custom Menu Links", icon: "link", tail: "/settings/custom_menu_links" },
      { id: "sb_agency-api-keys-settings", label: "API Keys", icon: "key-round", tail: "/settings/api_keys" },
      { id: "sb_agency-compliance-settings", label: "Compliance", icon: "scale", tail: "/settings/compliance" },
      { id: "sb_agency-labs-settings", label: "Labs", icon: "flask-conical", tail: "/settings/labs" },
      { id: "sb_agency-audit-logs-settings", label: "Audit Logs", icon: "clipboard-list", tail: "/settings/audit/logs" },
    ],
  },
];

export const LOCATION_MENU = [
  { id: "sb_launchpad", label: "Launchpad", icon: "rocket", tail: "launchpad" },
  { id: "sb_dashboard", label: "Dashboard", icon: "layout-dashboard", tail: "dashboard" },
  { id: "sb_conversations", label: "Conversations", icon: "message-square", tail: "conversations" },
  { id: "sb_calendars", label: "Calendars", icon: "calendar", tail: "calendars/view" },
  { id: "sb_contacts", label: "Contacts", icon: "contact", tail: "contacts/smart_list/All" },
  { id: "sb_opportunities", label: "Opportunities", icon: "target", tail: "opportunities/list" },
  { id: "sb_payments", label: "Payments", icon: "credit-card", tail: "payments/invoices" },
  { id: "sb_email-marketing", label: "Marketing", icon: "megaphone", tail: "marketing/social-planner" },
  { id: "sb_automation", label: "Automation", icon: "workflow", tail: "automation/workflows" },
  { id: "sb_sites", label: "Sites", icon: "globe", tail: "funnels-websites/funnels" },
  { id: "sb_memberships", label: "Memberships", icon: "graduation-cap", tail: "memberships/client-portal/dashboard" },
  { id: "sb_app-media", label: "Media Storage", icon: "image", tail: "media-storage" },
  { id: "sb_reputation", label: "Reputation", icon: "star", tail: "reputation/overview" },
  { id: "sb_reporting", label: "Reporting", icon: "chart-column", tail: "reporting/reports" },
  { id: "sb_app-marketplace", label: "App Marketplace", icon: "grid-2x2", tail: "integration" },
];
export const LOCATION_FOOTER = [
  { id: "sb_settings", label: "Settings", icon: "settings", tail: "settings/company" },
];
export const LOCATION_SETTINGS = [
  {
    group: "My Business",
    entries: [
      { id: "sb_business_info", label: "Business Profile", icon: "building-2", tail: "settings/company" },
      { id: "sb_profile", label: "My Profile", icon: "user", tail: "settings/profile" },
      { id: "sb_saas-billing", label: "Billing", icon: "credit-card", tail: "settings/company-billing/billing" },
      { id: "sb_my-staff", label: "My Staff", icon: "users", tail: "settings/staff/team" },
      { id: "sb_opportunities-pipelines", label: "Opportunities & Pipelines", icon: "list-filter", tail: "settings/pipeline" },
    ],
  },
  {
    group: "Business Services",
    entries: [
      { id: "sb_calendars", label: "Calendars", icon: "calendar", tail: "settings/calendars" },
      { id: "sb_location-email-services", label: "Email Services", icon: "mail", tail: "settings/smtp_service" },
      { id: "sb_phone-system", label: "Phone System", icon: "phone", tail: "settings/phone_system" },
      { id: "sb_whatsapp", label: "WhatsApp", icon: "smartphone", tail: "settings/whatsapp" },
    ],
  },
  {
    group: "Other Settings",
    entries: [
      { id: "sb_custom-fields-settings", label: "Custom Fields", icon: "notebook-pen", tail: "settings/fields" },
      { id: "sb_custom-values", label: "Custom Values", icon: "sliders-horizontal", tail: "settings/custom_values" },
      { id: "sb_domains-urlRedirects", label: "Domains & URL Redirects", icon: "globe", tail: "settings/domain" },
      { id: "sb_integrations", label: "Integrations", icon: "plug", tail: "settings/integrations/list" },
      { id: "sb_tags", label: "Tags", icon: "tag", tail: "settings/tags" },
      { id: "sb_labs", label: "Labs", icon: "flask-conical", tail: "settings/labs" },
      { id: "sb_audit-logs-location", label: "Audit Logs", icon: "clipboard-list", tail: "settings/audit/logs" },
    ],
  },
];
