import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readHistoryFilter } from "../../features/imports/history/filters";
import { readFilter } from "../../features/imports/queue/filters";
import { readChoice } from "../../features/imports/wizard/choice";
import { Numbered } from "../Numbered";
import { root } from "./root";

const ImportJobPage = lazyRouteComponent(() => import("../../features/imports/job/ImportJobPage"), "ImportJobPage");
const ImportWizard = lazyRouteComponent(() => import("../../features/imports/wizard/ImportWizard"), "ImportWizard");
const HistoryPage = lazyRouteComponent(() => import("../../features/imports/history/HistoryPage"), "HistoryPage");
const QueuePage = lazyRouteComponent(() => import("../../features/imports/queue/QueuePage"), "QueuePage");

const imports = createRoute({
  getParentRoute: () => root,
  path: "/imports",
  validateSearch: readHistoryFilter,
  component: function Imports() {
    const navigate = imports.useNavigate();
    return (
      <HistoryPage filter={imports.useSearch()} onFilter={(search) => void navigate({ search, resetScroll: false })} />
    );
  },
});

const newImport = createRoute({
  getParentRoute: () => root,
  path: "/imports/new",
  validateSearch: readChoice,
  component: function NewImport() {
    const navigate = newImport.useNavigate();
    return (
      <ImportWizard
        choice={newImport.useSearch()}
        onChoose={(search, { replace }) => void navigate({ search, replace, resetScroll: !replace })}
      />
    );
  },
});

const importJob = createRoute({
  getParentRoute: () => root,
  path: "/imports/$jobId",
  component: function ImportJob() {
    return <Numbered text={importJob.useParams().jobId}>{(jobId) => <ImportJobPage jobId={jobId} />}</Numbered>;
  },
});

const queue = createRoute({
  getParentRoute: () => root,
  path: "/queue",
  validateSearch: readFilter,
  component: function Queue() {
    const navigate = queue.useNavigate();
    return (
      <QueuePage filter={queue.useSearch()} onFilter={(search) => void navigate({ search, resetScroll: false })} />
    );
  },
});

export const importRoutes = [imports, newImport, importJob, queue] as const;
