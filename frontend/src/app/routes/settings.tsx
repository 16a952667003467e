import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { notificationQueries } from "../../api/notifications";
import { providersQuery } from "../../api/providers";
import { securityQueries } from "../../api/security";
import { drawnAfter } from "../drawnAfter";
import { root } from "./root";

/** The frame; its pages may come from any feature. */
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("../../features/settings/SettingsLayout"), "SettingsLayout"),
});

const profile = createRoute({
  getParentRoute: () => settings,
  path: "/",
  component: lazyRouteComponent(() => import("../../features/settings/ProfilePage"), "ProfilePage"),
});

const security = createRoute({
  getParentRoute: () => settings,
  path: "/security",
  ...drawnAfter((read) => [
    read.one(providersQuery),
    read.one(securityQueries.passkeys()),
    read.one(securityQueries.secondFactor()),
    read.one(securityQueries.identities()),
    read.one(securityQueries.sessions()),
  ]),
  component: lazyRouteComponent(() => import("../../features/settings/SecurityPage"), "SecurityPage"),
});

const tokens = createRoute({
  getParentRoute: () => settings,
  path: "/tokens",
  component: lazyRouteComponent(() => import("../../features/settings/TokensPage"), "TokensPage"),
});

const trueLayer = createRoute({
  getParentRoute: () => settings,
  path: "/truelayer",
  component: lazyRouteComponent(() => import("../../features/settings/TrueLayerPage"), "TrueLayerPage"),
});

const notifications = createRoute({
  getParentRoute: () => settings,
  path: "/notifications",
  ...drawnAfter((read) => [
    read.one(notificationQueries.quietHours()),
    read.one(notificationQueries.channels()),
    read.one(notificationQueries.webhooks()),
  ]),
  component: lazyRouteComponent(() => import("../../features/notifications/SettingsPage"), "SettingsPage"),
});

const names = createRoute({
  getParentRoute: () => settings,
  path: "/names",
  component: lazyRouteComponent(() => import("../../features/enrichment/PrivateNamesPage"), "PrivateNamesPage"),
});

const prices = createRoute({
  getParentRoute: () => settings,
  path: "/prices",
  component: lazyRouteComponent(() => import("../../features/settings/PricesPage"), "PricesPage"),
});

const appearance = createRoute({
  getParentRoute: () => settings,
  path: "/appearance",
  component: lazyRouteComponent(() => import("../../features/settings/AppearancePage"), "AppearancePage"),
});

const users = createRoute({
  getParentRoute: () => settings,
  path: "/users",
  component: lazyRouteComponent(() => import("../../features/settings/UsersPage"), "UsersPage"),
});

const audit = createRoute({
  getParentRoute: () => settings,
  path: "/audit",
  component: lazyRouteComponent(() => import("../../features/settings/AuditPage"), "AuditPage"),
});

/** Addresses that these pages had before. */
const oldNotifications = createRoute({
  getParentRoute: () => root,
  path: "/notifications/settings",
  beforeLoad: () => {
    throw redirect({ to: "/settings/notifications" });
  },
});

const oldNames = createRoute({
  getParentRoute: () => root,
  path: "/enrichment/names",
  beforeLoad: () => {
    throw redirect({ to: "/settings/names" });
  },
});

export const settingsRoutes = [
  settings.addChildren([profile, security, tokens, trueLayer, notifications, names, prices, appearance, users, audit]),
  oldNotifications,
  oldNames,
] as const;
