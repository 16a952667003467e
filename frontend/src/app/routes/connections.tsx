import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { continuationQueries } from "../../api/connections";
import { searchOf, text } from "../../lib/search";
import { drawnAfter, readAccounts } from "../drawnAfter";
import { root } from "./root";

const ConnectionsPage = lazyRouteComponent(
  () => import("../../features/connections/ConnectionsPage"),
  "ConnectionsPage",
);

const connections = createRoute({
  getParentRoute: () => root,
  path: "/connections",
  validateSearch: searchOf({ connected: text(), problem: text(), about: text() }),
  ...drawnAfter((read) => [read.one(continuationQueries.list()), readAccounts(read)]),
  component: function Connections() {
    const { connected, problem, about } = connections.useSearch();
    return (
      <ConnectionsPage connectedId={connected} problem={problem === undefined ? undefined : { code: problem, about }} />
    );
  },
});

export const connectionRoutes = [connections] as const;
