import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "./root";

const ConnectionsPage = lazyRouteComponent(
  () => import("../../features/connections/ConnectionsPage"),
  "ConnectionsPage",
);

const connections = createRoute({
  getParentRoute: () => root,
  path: "/connections",
  validateSearch: (search: Record<string, unknown>): { connected?: string; problem?: string; about?: string } => ({
    ...(search.connected === undefined ? {} : { connected: String(search.connected) }),
    ...(typeof search.problem === "string" ? { problem: search.problem } : {}),
    ...(typeof search.about === "string" ? { about: search.about } : {}),
  }),
  component: function Connections() {
    const { connected, problem, about } = connections.useSearch();
    return <ConnectionsPage wasConnected={connected !== undefined} problem={problem === undefined ? undefined : { code: problem, about }} />;
  },
});

export const connectionRoutes = [connections] as const;
