import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "./root";

const notifications = createRoute({
  getParentRoute: () => root,
  path: "/notifications",
  component: lazyRouteComponent(() => import("../../features/notifications/NotificationsPage"), "NotificationsPage"),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/notifications/settings",
  component: lazyRouteComponent(() => import("../../features/notifications/SettingsPage"), "SettingsPage"),
});

const health = createRoute({
  getParentRoute: () => root,
  path: "/health",
  component: lazyRouteComponent(() => import("../../features/health/HealthPage"), "HealthPage"),
});

export const operationRoutes = [notifications, settings, health] as const;
