import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, it, vi } from "vitest";
import { anEnrichment, aPreview, aRule, CATEGORIES } from "../../test/enrichment";
import { show } from "../../test/render";
import { answer, refuse, server } from "../../test/server";
import { aTransaction } from "../../test/transactions";
import { EditRulePage, NewRulePage } from "./RuleFormPage";
import { RulesPage } from "./RulesPage";

const PATH = "/api/truelayer/enrichment";

beforeEach(() => server.use(answer("get", `${PATH}/categories`, { categories: CATEGORIES })));

it("rules are ordered, disabled, and removed with an undo", async () => {
  const rules = [
    aRule({ id: "1", pattern: "corner" }),
    aRule({ id: "2", pattern: "shop", category: "Old" }),
    aRule({ id: "3", origin: "correction", match: "key", pattern: "zed" }),
  ];
  const order = vi.fn();
  const change = vi.fn();
  const restored = vi.fn();
  server.use(
    answer("get", `${PATH}/rules`, { rules }),
    http.put(`*${PATH}/rules/order`, async ({ request }) => {
      order(await request.json());
      return HttpResponse.json({ rules: [rules[1], rules[0], rules[2]] });
    }),
    http.patch(`*${PATH}/rules/1`, async ({ request }) => {
      change(await request.json());
      return HttpResponse.json({ ...rules[0], is_enabled: false });
    }),
    http.delete(`*${PATH}/rules/3`, () => new HttpResponse(null, { status: 204 })),
    http.post(`*${PATH}/rules/3/restore`, () => {
      restored();
      return HttpResponse.json(rules[2]);
    }),
  );
  show(<RulesPage />);
  const own = await screen.findByRole("region", { name: "Your own" });
  expect(await within(own).findByText("archived, not assigned")).toBeVisible();
  expect(screen.getByRole("region", { name: "Learned from corrections" })).toHaveTextContent("merchant is “zed”");
  const first = () => within(own).getAllByRole("listitem")[0];
  await userEvent.click(within(own).getByRole("button", { name: /Move down: description contains “corner”/ }));
  await expect.poll(() => order.mock.calls).toEqual([[{ rule_ids: ["2", "1"] }]]);
  await expect.poll(() => first()?.textContent).toContain("shop");
  await userEvent.click(screen.getByRole("switch", { name: /“corner”/ }));
  await expect.poll(() => change.mock.calls).toEqual([[{ is_enabled: false }]]);
  await userEvent.click(screen.getByRole("button", { name: /Remove the rule: merchant is “zed”/ }));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await expect.poll(() => restored.mock.calls.length).toBe(1);
});

it("without rules the page explains them; a failed load can be retried", async () => {
  server.use(answer("get", `${PATH}/rules`, { rules: [] }));
  const { unmount } = show(<RulesPage />);
  expect(await screen.findByRole("heading", { name: "No rules yet" })).toBeVisible();
  unmount();
  server.use(refuse("get", `${PATH}/rules`, 500, "unknown", "the server stumbled"));
  show(<RulesPage />);
  expect(await screen.findByRole("button", { name: "Try again" })).toBeVisible();
});

it("a saved rule is applied in a separate step, its result is shown, and it is undone", async () => {
  const rule = aRule({ id: "9" });
  const done = anEnrichment({ rule_id: "9", total_transactions: 3, processed: 3, changed: 1 });
  let applied = false;
  server.use(
    answer("get", `${PATH}/rules/9`, rule),
    http.post(`*${PATH}/rules/preview`, () =>
      HttpResponse.json(applied ? aPreview({ changing: 0, samples: [] }) : aPreview()),
    ),
    http.post(`*${PATH}/rules/9/apply`, () => {
      applied = true;
      return HttpResponse.json(done, { status: 201 });
    }),
    answer("get", `${PATH}/jobs/3`, done),
  );
  show(<EditRulePage ruleId="9" />);
  const apply = await screen.findByRole("button", { name: "Apply to 1 row" });
  expect(screen.getByText(/1 row would change/)).toBeVisible();
  await userEvent.type(screen.getByLabelText("Text"), " x");
  expect(screen.queryByRole("button", { name: "Apply to 1 row" })).toBeNull();
  await userEvent.clear(screen.getByLabelText("Text"));
  await userEvent.type(screen.getByLabelText("Text"), "corner");
  expect(apply).not.toBeInTheDocument();
  await userEvent.click(await screen.findByRole("button", { name: "Apply to 1 row" }));
  expect(await screen.findByText(/Applied: 1 row changed/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Undo enrichment 3" })).toBeVisible();
});

it("a rule is made from a row's merchant, and an unknown category is added first", async () => {
  const made = vi.fn();
  const origin = { transaction_id: "41", merchant_key: "zed", direction: "out" };
  server.use(
    answer("get", "/api/transactions/41", aTransaction({ id: "41", description: "ZED 1001" })),
    answer("get", `${PATH}/transactions/41`, origin),
    answer("post", `${PATH}/rules/preview`, aPreview()),
    http.post(`*${PATH}/categories`, async ({ request }) => {
      made(await request.json());
      return HttpResponse.json(CATEGORIES[0], { status: 201 });
    }),
  );
  show(<NewRulePage search={{ row: "41", category: "Boats" }} />);
  expect(await screen.findByLabelText("Text")).toHaveValue("zed");
  expect(screen.getByText(/“Boats” is not one of your active categories/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Add it" }));
  await expect.poll(() => made.mock.calls).toEqual([[{ name: "Boats", parent_id: null, colour: "#868e96" }]]);
});
