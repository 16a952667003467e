import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../test/render";
import { answer, hang, refuse, server } from "../../test/server";
import { aTransaction } from "../../test/transactions";
import { CameFrom } from "./CameFrom";

const PATH = "/api/truelayer/enrichment/transactions/1";
const NOTHING = {
  value: null,
  source: null,
  confidence: null,
  reason: null,
  rule: null,
  model: null,
  prompt_version: null,
  since: "2026-03-05T10:00:00Z",
  enrichment_job_id: null,
};
const RULE = { id: "9", origin: "user", match: "contains", pattern: "coffee", is_removed: false };

function tell(category: object, merchant: object = NOTHING) {
  const origin = { transaction_id: "1", merchant_key: "coffee bar", direction: "out", merchant, category };
  server.use(answer("get", PATH, { ...origin, enriched_at: "2026-03-05T10:00:00Z", enrichment_job_id: "3" }));
  show(<CameFrom row={aTransaction({ category: "Coffee" })} />);
}

it("names the rule, its confidence and the enrichment, each with a link", async () => {
  tell({ ...NOTHING, value: "Coffee", source: "rule", confidence: 1, rule: RULE, enrichment_job_id: "3" });
  const rule = await screen.findByRole("link", { name: "description contains “coffee”" });
  expect(rule).toHaveAttribute("href", "/enrichment/rules/9");
  expect(screen.getByText(/100.% sure/)).toBeVisible();
  expect(screen.getByRole("link", { name: "enrichment 3" })).toHaveAttribute("href", "/enrichment/jobs/3");
  expect(screen.queryByRole("link", { name: "Create a rule from it" })).toBeNull();
});

it("names model and prompt, and a removed rule without a link", async () => {
  tell(
    { ...NOTHING, value: "Coffee", source: "model", confidence: 0.62, model: "openai:small", prompt_version: "abc123" },
    { ...NOTHING, value: "Bar", source: "rule", confidence: 1, rule: { ...RULE, is_removed: true } },
  );
  const table = await screen.findByRole("table", { name: "Source of merchant and category" });
  expect(table).toHaveTextContent("suggested by a model: openai:small, prompt abc123, 62 % sure");
  expect(table).toHaveTextContent("description contains “coffee” (since removed)");
  expect(screen.queryByRole("link", { name: /contains/ })).toBeNull();
  expect(screen.getByRole("link", { name: "Create a rule from it" })).toHaveAttribute(
    "href",
    "/enrichment/rules/new?row=1&category=Coffee",
  );
});

it("shows loading and errors", async () => {
  server.use(hang("get", PATH));
  const { unmount } = show(<CameFrom row={aTransaction()} />);
  expect(await screen.findByText("Loading the sources")).toBeInTheDocument();
  unmount();
  server.use(refuse("get", PATH, 404, "transaction_not_found", "you have no transaction 1"));
  show(<CameFrom row={aTransaction()} />);
  expect(await screen.findByText("you have no transaction 1")).toBeVisible();
});
