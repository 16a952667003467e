import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "./root";

const notifications = createRoute({
  getParentRoute: () => root,
  path: "/notifications",
  component: lazyRouteComponent(() => import("../../features/notifications/NotificationsPage"), "NotificationsPage"),
});

const health = createRoute({
  getParentRoute: () => root,
  path: "/health",
  component: lazyRouteComponent(() => import("../../features/health/HealthPage"), "HealthPage"),
});

export const operationRoutes = [notifications, health] as const;
