import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { root } from "./root";

const ImportJobPage = lazyRouteComponent(() => import("../../features/imports/ImportJobPage"), "ImportJobPage");

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/imports" });
  },
});

const imports = createRoute({
  getParentRoute: () => root,
  path: "/imports",
  component: lazyRouteComponent(() => import("../../features/imports/ImportJobsPage"), "ImportJobsPage"),
});

const importJob = createRoute({
  getParentRoute: () => root,
  path: "/imports/$jobId",
  component: function ImportJob() {
    return <ImportJobPage jobId={Number(importJob.useParams().jobId)} />;
  },
});

export const importRoutes = [home, imports, importJob] as const;
