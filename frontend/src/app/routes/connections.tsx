import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "./root";

const ConnectionsPage = lazyRouteComponent(
  () => import("../../features/connections/ConnectionsPage"),
  "ConnectionsPage",
);

const connections = createRoute({
  getParentRoute: () => root,
  path: "/connections",
  validateSearch: (search: Record<string, unknown>): { connected?: string; message?: string } => ({
    ...(search.connected === undefined ? {} : { connected: String(search.connected) }),
    ...(typeof search.message === "string" ? { message: search.message } : {}),
  }),
  component: function Connections() {
    const { connected, message } = connections.useSearch();
    return <ConnectionsPage wasConnected={connected !== undefined} problem={message} />;
  },
});

export const connectionRoutes = [connections] as const;
