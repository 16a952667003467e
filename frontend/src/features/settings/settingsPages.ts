/** The pages of the settings, in their order. A further page is one line here and a route in `app/routes/settings.tsx`. */
export const SETTINGS_PAGES = [
  { to: "/settings", label: "Profile" },
  { to: "/settings/security", label: "Security" },
  { to: "/settings/tokens", label: "API tokens" },
  { to: "/settings/truelayer", label: "TrueLayer" },
  { to: "/settings/notifications", label: "Notifications" },
  { to: "/settings/names", label: "Private names" },
  { to: "/settings/prices", label: "Prices and caps" },
  { to: "/settings/appearance", label: "Appearance" },
  { to: "/settings/users", label: "Users" },
  { to: "/settings/audit", label: "Audit log" },
] as const;
