import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { enrichmentQueries } from "../../api/enrichment";
import { transactionQueries } from "../../api/transactions";
import { readNewRule } from "../../features/enrichment/newRuleSearch";
import { id, searchOf } from "../../lib/search";
import { drawnAfter } from "../drawnAfter";
import { root } from "./root";

const EnrichmentPage = lazyRouteComponent(() => import("../../features/enrichment/EnrichmentPage"), "EnrichmentPage");
const NewEnrichmentPage = lazyRouteComponent(
  () => import("../../features/enrichment/NewEnrichmentPage"),
  "NewEnrichmentPage",
);
const EnrichmentJobPage = lazyRouteComponent(
  () => import("../../features/enrichment/EnrichmentJobPage"),
  "EnrichmentJobPage",
);
const NewRulePage = lazyRouteComponent(() => import("../../features/enrichment/RuleFormPage"), "NewRulePage");
const EditRulePage = lazyRouteComponent(() => import("../../features/enrichment/RuleFormPage"), "EditRulePage");

const enrichment = createRoute({
  getParentRoute: () => root,
  path: "/enrichment",
  ...drawnAfter((read) => [read.one(enrichmentQueries.spend()), read.pages(enrichmentQueries.jobs())]),
  component: EnrichmentPage,
});

const newEnrichment = createRoute({
  getParentRoute: () => root,
  path: "/enrichment/new",
  validateSearch: searchOf({ import: id }),
  component: function NewEnrichment() {
    const navigate = newEnrichment.useNavigate();
    const { import: importJobId } = newEnrichment.useSearch();
    return <NewEnrichmentPage importJobId={importJobId} onAllRows={() => void navigate({ search: {} })} />;
  },
});

const enrichmentJob = createRoute({
  getParentRoute: () => root,
  path: "/enrichment/jobs/$jobId",
  component: function EnrichmentJob() {
    return <EnrichmentJobPage jobId={enrichmentJob.useParams().jobId} />;
  },
});

const doubts = createRoute({
  getParentRoute: () => root,
  path: "/enrichment/doubts",
  component: lazyRouteComponent(() => import("../../features/enrichment/DoubtsPage"), "DoubtsPage"),
});

const rules = createRoute({
  getParentRoute: () => root,
  path: "/enrichment/rules",
  component: lazyRouteComponent(() => import("../../features/enrichment/RulesPage"), "RulesPage"),
});

const newRule = createRoute({
  getParentRoute: () => root,
  path: "/enrichment/rules/new",
  validateSearch: readNewRule,
  component: function NewRule() {
    const search = newRule.useSearch();
    return <NewRulePage key={JSON.stringify(search)} search={search} />;
  },
});

const rule = createRoute({
  getParentRoute: () => root,
  path: "/enrichment/rules/$ruleId",
  component: function Rule() {
    return <EditRulePage ruleId={rule.useParams().ruleId} />;
  },
});

const categories = createRoute({
  getParentRoute: () => root,
  path: "/enrichment/categories",
  ...drawnAfter((read) => [read.one(enrichmentQueries.categories()), read.one(transactionQueries.categories())]),
  component: lazyRouteComponent(() => import("../../features/enrichment/CategoriesPage"), "CategoriesPage"),
});

export const enrichmentRoutes = [
  enrichment,
  newEnrichment,
  enrichmentJob,
  doubts,
  rules,
  newRule,
  rule,
  categories,
] as const;
