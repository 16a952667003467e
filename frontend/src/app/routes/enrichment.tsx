import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { NewRuleSearch } from "../../features/enrichment/RuleFormPage";
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
  component: EnrichmentPage,
});

const newEnrichment = createRoute({
  getParentRoute: () => root,
  path: "/enrichment/new",
  validateSearch: (search: Record<string, unknown>): { import?: number } => withNumber(search, "import"),
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
  validateSearch: (search: Record<string, unknown>): NewRuleSearch => ({
    ...withNumber(search, "row"),
    ...(search.category === undefined ? {} : { category: String(search.category) }),
    ...(search.merchant === undefined ? {} : { merchant: String(search.merchant) }),
  }),
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
  component: lazyRouteComponent(() => import("../../features/enrichment/CategoriesPage"), "CategoriesPage"),
});

const names = createRoute({
  getParentRoute: () => root,
  path: "/enrichment/names",
  component: lazyRouteComponent(() => import("../../features/enrichment/PrivateNamesPage"), "PrivateNamesPage"),
});

/** A whole number above nothing of a URL's search; anything else is left out. */
function withNumber<Name extends string>(search: Record<string, unknown>, name: Name): { [K in Name]?: number } {
  const value = Number(search[name]);
  // The name is the only key, and its value a number.
  return (Number.isSafeInteger(value) && value > 0 ? { [name]: value } : {}) as { [K in Name]?: number };
}

export const enrichmentRoutes = [
  enrichment,
  newEnrichment,
  enrichmentJob,
  doubts,
  rules,
  newRule,
  rule,
  categories,
  names,
] as const;
