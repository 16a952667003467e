import { createRoute, lazyRouteComponent, notFound } from "@tanstack/react-router";
import { costsQuery, ROWS, rowsQuery } from "../../features/costs/costsSearch";
import { root } from "./root";

const CostsPage = lazyRouteComponent(() => import("../../features/costs/CostsPage"), "CostsPage");
const CostRowsPage = lazyRouteComponent(() => import("../../features/costs/CostRowsPage"), "CostRowsPage");

const costs = createRoute({
  getParentRoute: () => root,
  path: "/costs",
  validateSearch: costsQuery,
  component: function Costs() {
    const navigate = costs.useNavigate();
    return <CostsPage query={costs.useSearch()} onQuery={(search) => void navigate({ search })} />;
  },
});

const costRows = createRoute({
  getParentRoute: () => root,
  path: "/costs/$what",
  validateSearch: rowsQuery,
  component: function CostRows() {
    const { what } = costRows.useParams();
    const query = costRows.useSearch();
    const known = ROWS.find((name) => name === what);
    if (known === undefined) throw notFound();
    return <CostRowsPage what={known} query={query} />;
  },
});

export const costRoutes = [costs, costRows] as const;
