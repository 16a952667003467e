import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { searchOf, text } from "../../lib/search";
import { root } from "./root";

const ConnectionsPage = lazyRouteComponent(
  () => import("../../features/connections/ConnectionsPage"),
  "ConnectionsPage",
);

const connections = createRoute({
  getParentRoute: () => root,
  path: "/connections",
  validateSearch: searchOf({ connected: text(), message: text() }),
  component: function Connections() {
    const { connected, message } = connections.useSearch();
    return <ConnectionsPage wasConnected={connected !== undefined} problem={message} />;
  },
});

export const connectionRoutes = [connections] as const;
