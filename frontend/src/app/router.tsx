/** Every route of the page. A group of pages has a file in `routes/` and one line here; pages are loaded when opened. */
import { createRouter } from "@tanstack/react-router";
import { ErrorPage } from "./ErrorPage";
import { NotFoundPage } from "./NotFoundPage";
import { connectionRoutes } from "./routes/connections";
import { costRoutes } from "./routes/costs";
import { enrichmentRoutes } from "./routes/enrichment";
import { importRoutes } from "./routes/imports";
import { operationRoutes } from "./routes/operations";
import { overviewRoutes } from "./routes/overview";
import { recordRoutes } from "./routes/records";
import { root } from "./routes/root";
import { scheduleRoutes } from "./routes/schedules";
import { settingsRoutes } from "./routes/settings";
import { transactionRoutes } from "./routes/transactions";
import { parseSearch, stringifySearch } from "./search";

export const router = createRouter({
  routeTree: root.addChildren([
    ...overviewRoutes,
    ...connectionRoutes,
    ...importRoutes,
    ...transactionRoutes,
    ...recordRoutes,
    ...scheduleRoutes,
    ...costRoutes,
    ...enrichmentRoutes,
    ...operationRoutes,
    ...settingsRoutes,
  ]),
  defaultErrorComponent: ErrorPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
  parseSearch,
  stringifySearch,
});

declare module "@tanstack/react-router" {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface extends the router's own
  interface Register {
    router: typeof router;
  }
}
