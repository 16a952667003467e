import { createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { ConnectionsPage } from "../features/connections/ConnectionsPage";
import { ImportJobPage } from "../features/imports/ImportJobPage";
import { ImportJobsPage } from "../features/imports/ImportJobsPage";
import { TransactionsPage } from "../features/transactions/TransactionsPage";
import { Layout } from "./Layout";

const root = createRootRoute({ component: Layout });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/imports" });
  },
});

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

const imports = createRoute({ getParentRoute: () => root, path: "/imports", component: ImportJobsPage });

const importJob = createRoute({
  getParentRoute: () => root,
  path: "/imports/$jobId",
  component: function ImportJob() {
    return <ImportJobPage jobId={Number(importJob.useParams().jobId)} />;
  },
});

const transactions = createRoute({
  getParentRoute: () => root,
  path: "/transactions",
  validateSearch: (search: Record<string, unknown>): { q?: string } =>
    typeof search.q === "string" && search.q ? { q: search.q } : {},
  component: function Transactions() {
    const { q = "" } = transactions.useSearch();
    const navigate = transactions.useNavigate();
    return <TransactionsPage text={q} onSearch={(text) => void navigate({ search: text ? { q: text } : {} })} />;
  },
});

export const router = createRouter({
  routeTree: root.addChildren([home, connections, imports, importJob, transactions]),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
