// Every page: its address, view, and the module that draws it. Addresses are those of facts 3.
//
// view      "none" | "agency" | "location"
// section   "settings" shows the settings menu instead of the main one
// frame     {page, name}: `page` is the key in the `frames` setting, `name` the frame's name attribute
// title     what the window's title says
// tabs      which module tabs the top bar shows (shell/tabs.js)

const agency = (path, name, title, load, more = {}) => ({ path, name, title, load, view: "agency", ...more });
const location = (tail, name, title, load, more = {}) => ({
  path: `/v2/location/:locationId/${tail}`,
  alias: [`/location/:locationId/${tail}`],
  name,
  title,
  load,
  view: "location",
  ...more,
});
const settings = (tail, name, title, load, more = {}) =>
  location(`settings/${tail}`, name, title, load, { section: "settings", ...more });

const quiet = () => import("./pages/quiet.js");
const signIn = () => import("./pages/sign_in.js");
const dashboard = () => import("./pages/dashboard.js");
const phone = () => import("./pages/phone_system.js");
const contacts = () => import("./pages/contacts.js");
const contact = () => import("./pages/contact_detail.js");
const bulkActions = () => import("./pages/bulk_actions.js");
const tags = () => import("./pages/tags.js");
const auditLogs = () => import("./pages/audit_logs.js");
const subAccounts = () => import("./pages/sub_accounts.js");
const manageClient = () => import("./pages/manage_client.js");
const snapshots = () => import("./pages/snapshots.js");
const staff = () => import("./pages/staff.js");
const businessProfile = () => import("./pages/business_profile.js");
const calendars = () => import("./pages/calendars.js");
const emailServices = () => import("./pages/email_services.js");
const dedicatedDomains = () => import("./pages/dedicated_domains.js");
const domains = () => import("./pages/domains.js");
const domainDetail = () => import("./pages/domain_detail.js");

// Agency settings that are only a place here.
const AGENCY_SETTINGS_PLACES = [
  ["profile", "My Profile"],
  ["company", "Company"],
  ["billing", "Billing"],
  ["email_services", "Email Services"],
  ["twilio", "Phone Integration"],
  ["stripe", "Stripe"],
  ["affiliates", "Affiliates"],
  ["custom_menu_links", "Custom Menu Links"],
  ["api_keys", "API Keys"],
  ["compliance", "Compliance"],
  ["labs", "Labs"],
];

export const routes = [
  { path: "/", name: "sign-in", title: "Sign in", load: signIn, view: "none" },

  agency("/agency_dashboard", "agency-dashboard", "Agency Dashboard", dashboard),
  agency("/prospecting", "agency-prospecting", "Prospecting", quiet),
  agency("/reselling", "agency-reselling", "Reselling", quiet),
  agency("/marketplace", "agency-marketplace", "App Marketplace", quiet),

  agency("/sub-accounts", "sub-accounts", "Sub-Accounts", subAccounts, { alias: ["/accounts"] }),
  agency("/accounts/detail/:id", "manage-client", "Manage Client", manageClient, { key: (route) => route.params.id }),
  agency("/snapshots", "snapshots", "Account Snapshots", snapshots),
  agency("/settings/snapshots", "settings-snapshots", "Account Snapshots", snapshots, { section: "settings" }),
  agency("/settings/team", "team", "Team", staff, { section: "settings" }),
  ...AGENCY_SETTINGS_PLACES.map(([tail, title]) =>
    agency(`/settings/${tail}`, `agency-${tail}`, title, quiet, { section: "settings" }),
  ),

  location("launchpad", "launchpad", "Launchpad", quiet),
  location("dashboard", "dashboard", "Dashboard", dashboard),
  location("conversations", "conversations", "Conversations", quiet),
  location("calendars/view", "calendars-view", "Calendars", quiet),
  location("opportunities/list", "opportunities", "Opportunities", quiet),
  location("payments/invoices", "payments", "Payments", quiet),
  location("marketing/social-planner", "marketing", "Marketing", quiet),
  location("automation/workflows", "workflows", "Automation", quiet),
  location("funnels-websites/funnels", "sites", "Sites", quiet),
  location("memberships/client-portal/dashboard", "memberships", "Memberships", quiet),
  location("media-storage", "media", "Media Storage", quiet),
  location("reputation/overview", "reputation", "Reputation", quiet),
  location("reporting/reports", "reporting", "Reporting", quiet),
  location("integration", "app-marketplace", "App Marketplace", quiet),

  settings("company", "business-profile", "Business Profile", businessProfile, {
    frame: { page: "business_profile", name: "settings-app" },
  }),
  settings("staff/team", "my-staff", "My Staff", staff, { frame: { page: "staff", name: "settings-app" } }),
  settings("calendars", "calendar-settings", "Calendars", calendars, {
    frame: { page: "calendars", name: "calendar-app" },
  }),
  settings("smtp_service", "email-services", "Email Services", emailServices, {
    frame: { page: "email_services", name: "isv-app" },
  }),
  settings("smtp_service/dedicated_domains", "dedicated-domains", "Email Services", dedicatedDomains, {
    frame: { page: "email_services", name: "isv-app" },
  }),
  settings("domain", "domains", "Domains & URL Redirects", domains),
  settings("domain/:domainId", "domain-detail", "Domains & URL Redirects", domainDetail, {
    key: (route) => route.params.domainId,
  }),
  location("contacts/smart_list/:listId", "contacts", "Contacts", contacts, { tabs: "contacts" }),
  location("contacts/detail/:contactId", "contact", "Contacts", contact, {
    tabs: "contacts",
    key: (route) => `contact/${route.params.contactId}`,
  }),
  location("contacts/bulk/actions", "bulk-actions", "Contacts", bulkActions, { tabs: "contacts" }),

  settings("tags", "tags", "Tags", tags),
  settings("audit/logs", "audit-logs", "Audit Logs", auditLogs),
  agency("/settings/audit/logs", "agency-audit-logs", "Audit Logs", auditLogs, { section: "settings" }),
  settings("profile", "my-profile", "My Profile", quiet),
  settings("company-billing/billing", "billing", "Billing", quiet),
  settings("pipeline", "pipelines", "Opportunities & Pipelines", quiet),
  settings("whatsapp", "whatsapp", "WhatsApp", quiet),
  settings("fields", "custom-fields", "Custom Fields", quiet),
  settings("custom_values", "custom-values", "Custom Values", quiet),
  settings("integrations/list", "integrations", "Integrations", quiet),
  settings("labs", "labs", "Labs", quiet),
  settings("phone_system", "phone-system", "Phone System", phone, {
    alias: ["phone_number"].flatMap((tail) => [
      `/v2/location/:locationId/settings/${tail}`,
      `/location/:locationId/settings/${tail}`,
      "/location/:locationId/settings/phone_system",
    ]),
  }),
];
