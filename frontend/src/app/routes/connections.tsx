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
  validateSearch: searchOf({ connected: text(), problem: text(), about: text() }),
  component: function Connections() {
    const { connected, problem, about } = connections.useSearch();
    return (
      <ConnectionsPage connectedId={connected} problem={problem === undefined ? undefined : { code: problem, about }} />
    );
  },
});

export const connectionRoutes = [connections] as const;
