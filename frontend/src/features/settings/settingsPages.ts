import { msg } from "@lingui/core/macro";

/** The pages of the settings, in their order. A further page is one line here and a route in `app/routes/settings.tsx`. */
export const SETTINGS_PAGES = [
  { to: "/settings", label: msg`Profile` },
  { to: "/settings/security", label: msg`Security` },
  { to: "/settings/tokens", label: msg`API tokens` },
  { to: "/settings/truelayer", label: msg`TrueLayer` },
  { to: "/settings/notifications", label: msg`Notifications` },
  { to: "/settings/names", label: msg`Private names` },
  { to: "/settings/prices", label: msg`Prices and caps` },
  { to: "/settings/appearance", label: msg`Appearance` },
  { to: "/settings/users", label: msg`Users` },
  { to: "/settings/audit", label: msg`Audit log` },
] as const;
