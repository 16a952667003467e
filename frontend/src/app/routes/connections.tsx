import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "./root";

const ConnectionsPage = lazyRouteComponent(
  () => import("../../features/connections/ConnectionsPage"),
  "ConnectionsPage",
);

const connections = createRoute({
  getParentRoute: () => root,
  path: "/connections",
  validateSearch: (search: Record<string, unknown>): { connected?: string; problem?: string } => ({
    ...(search.connected === undefined ? {} : { connected: String(search.connected) }),
    ...(typeof search.problem === "string" ? { problem: search.problem } : {}),
  }),
  component: function Connections() {
    const { connected, problem } = connections.useSearch();
    return <ConnectionsPage wasConnected={connected !== undefined} problem={problem} />;
  },
});

export const connectionRoutes = [connections] as const;
