import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "./root";

const EnrichmentPage = lazyRouteComponent(() => import("../../features/enrichment/EnrichmentPage"), "EnrichmentPage");

const enrichment = createRoute({
  getParentRoute: () => root,
  path: "/enrichment",
  component: EnrichmentPage,
});

export const enrichmentRoutes = [enrichment] as const;
