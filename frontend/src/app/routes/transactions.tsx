import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "./root";

const TransactionsPage = lazyRouteComponent(
  () => import("../../features/transactions/TransactionsPage"),
  "TransactionsPage",
);

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

export const transactionRoutes = [transactions] as const;
