import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { accountQueries, connectionQueries, continuationQueries } from "../../api/connections";
import { searchOf, text } from "../../lib/search";
import { drawnAfter } from "../drawnAfter";
import { root } from "./root";

const ConnectionsPage = lazyRouteComponent(
  () => import("../../features/connections/ConnectionsPage"),
  "ConnectionsPage",
);

const connections = createRoute({
  getParentRoute: () => root,
  path: "/connections",
  validateSearch: searchOf({ connected: text(), problem: text(), about: text() }),
  ...drawnAfter((read) => [
    read.one(continuationQueries.list()),
    read
      .one(connectionQueries.list())
      .then((connections) => Promise.allSettled(connections.map(({ id }) => read.one(accountQueries.of(id))))),
  ]),
  component: function Connections() {
    const { connected, problem, about } = connections.useSearch();
    return (
      <ConnectionsPage connectedId={connected} problem={problem === undefined ? undefined : { code: problem, about }} />
    );
  },
});

export const connectionRoutes = [connections] as const;
