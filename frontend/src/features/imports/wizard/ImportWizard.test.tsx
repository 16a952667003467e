import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { show } from "../../../test/render";
import { answer, refuse, server } from "../../../test/server";
import type { Choice } from "./choice";
import { ImportWizard } from "./ImportWizard";
import { aSource, anAccount } from "./testSources";

const IMPORT = "/api/truelayer/import";
const BANKS = [aSource("1", "Monzo", [anAccount("5")]), aSource("2", "Barclays", [anAccount("7")])];
const figures = { low: 1, high: 2 };
const estimate = {
  date_range: { from: "2026-05-19", to: "2026-06-17" },
  estimated_range: { transactions: figures, api_calls: figures, duration_seconds: figures },
  cost: { amount: null, currency: null, amounts: [], parts: [], unknown: [] },
  limits: [],
  coverage: [],
  windows: [],
};

function showReview() {
  const chosen: Choice[] = [];
  server.use(
    answer("get", "/api/truelayer/connections", { connections: BANKS.map(({ bank }) => bank) }),
    ...BANKS.map(({ bank, accounts }) => answer("get", `/api/truelayer/connections/${bank.id}/accounts`, { accounts })),
    answer("get", `${IMPORT}/queue`, { is_paused: false }),
    answer("post", `${IMPORT}/estimate`, estimate),
  );
  show(<ImportWizard choice={{ step: 4 }} onChoose={(choice) => chosen.push(choice)} />);
  return chosen;
}

it("two banks have one plan, and one button starts both", async () => {
  const chosen = showReview();
  const started: unknown[] = [];
  server.use(
    http.post(`*${IMPORT}/plan`, async ({ request }) => {
      const { connection_id } = (await request.json()) as { connection_id: string };
      return HttpResponse.json({ job_id: `1${connection_id}` });
    }),
    http.post(`*${IMPORT}/start`, async ({ request }) => {
      started.push(await request.json());
      return HttpResponse.json({});
    }),
  );
  const plan = await screen.findByRole("region", { name: "The plan" });
  expect(plan).toHaveTextContent("BanksMonzo, Barclays");
  expect(plan).toHaveTextContent("Rows, about2 to 4");

  await userEvent.click(screen.getByRole("button", { name: "Start the import" }));

  expect(started).toEqual([{ job_id: "11" }, { job_id: "12" }]);
  expect(chosen).toEqual([{ step: 5, jobs: ["11", "12"] }]);
});

it("if one bank cannot be planned, nothing is started", async () => {
  const chosen = showReview();
  server.use(refuse("post", `${IMPORT}/plan`, 409, "connection_expired", "the consent to Monzo has ended"));
  await userEvent.click(await screen.findByRole("button", { name: "Start the import" }));
  expect(await screen.findByText(/the consent to Monzo has ended/)).toBeVisible();
  expect(chosen).toEqual([]);
});
