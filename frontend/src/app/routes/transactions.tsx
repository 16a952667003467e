import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readSearch } from "../../features/transactions/filters";
import { root } from "./root";

const TransactionsPage = lazyRouteComponent(
  () => import("../../features/transactions/TransactionsPage"),
  "TransactionsPage",
);

const transactions = createRoute({
  getParentRoute: () => root,
  path: "/transactions",
  validateSearch: readSearch,
  component: function Transactions() {
    const navigate = transactions.useNavigate();
    return (
      <TransactionsPage
        search={transactions.useSearch()}
        onSearch={(search, how) => void navigate({ search, replace: how?.replace ?? false, resetScroll: false })}
      />
    );
  },
});

export const transactionRoutes = [transactions] as const;
