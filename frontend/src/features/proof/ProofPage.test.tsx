import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { show } from "../../test/render";
import { answer, server } from "../../test/server";
import { ProofPage } from "./ProofPage";

const NONE = { proven: 0, balanced: 0, unprovable: 0, broken: 0, before_history: 0 };

function account(account_id: string, display_name: string) {
  return { account_id, display_name, bank: "Plain Bank", kind: "account", coverage: { strip: [] } };
}

function proof(account_id: string, days: Partial<typeof NONE>, strip: object[] = [], refetch: object[] = []) {
  const body = { account_id, display_name: account_id, currency: "GBP", strip, refetch, newest_proven_day: null };
  return answer("get", `/api/truelayer/accounts/${account_id}/proof`, { ...body, days: { ...NONE, ...days } });
}

function stretch(from: string, to: string, more = {}) {
  const plain = { state: "answered", proof: "proven", why: null, error_code: null, missing_amount: null };
  return { from, to, ...plain, refetch: null, is_before_history: false, ...more };
}

it("sums up all accounts, shows broken ones first, and fetches the broken days of all again", async () => {
  const requests: string[] = [];
  const days = [{ from: "2026-06-01", to: "2026-06-03" }];
  server.use(
    answer("get", "/api/truelayer/connections", { connections: [{ id: "1", bank: "Plain Bank", status: "active" }] }),
    answer("get", "/api/truelayer/connections/1/accounts", { accounts: [account("7", "Whole"), account("8", "Torn")] }),
    answer("get", "/api/overview/counts", { broken_accounts: 1 }),
    answer("get", "/api/truelayer/import/history", { imports: [], next_cursor: null }),
    answer("get", "/api/truelayer/import/status/5", { job_id: "5", completed_at: null, accounts: [] }),
    proof("7", { proven: 10, unprovable: 5, before_history: 4 }, [
      stretch("2026-05-28", "2026-05-31", { state: "empty", proof: "unprovable", is_before_history: true }),
      stretch("2026-06-01", "2026-06-10"),
    ]),
    proof("8", { proven: 7, broken: 3 }, [stretch("2026-06-01", "2026-06-03", { proof: "broken" })], days),
    http.post("*/api/truelayer/accounts/:id/heal", ({ params }) => {
      requests.push(String(params.id));
      return HttpResponse.json({ code: "not_possible_now", message: "wait for it" }, { status: 409 });
    }),
  );
  show(<ProofPage choice={{}} onChoose={() => undefined} />);

  expect(await screen.findByText("3 broken days in 1 account of 2.")).toBeVisible();
  const summary = screen.getByRole("region", { name: "Summary" });
  expect(within(summary).getByText("Days before the bank's history").nextSibling).toHaveTextContent("4");
  expect(within(summary).getByText("Days not provable").nextSibling).toHaveTextContent("1");
  expect(screen.getAllByRole("heading", { level: 2 }).map((item) => item.textContent)).toEqual(
    expect.arrayContaining(["Torn", "Whole"]),
  );
  expect(screen.getAllByRole("heading", { level: 2 })[0]).toHaveTextContent("Torn");
  expect(screen.getByRole("button", { name: /May.*2026: 4 before the bank's history/ })).toBeVisible();

  await userEvent.click(screen.getByRole("button", { name: "Fetch all broken days again…" }));
  await userEvent.click(await screen.findByRole("button", { name: "Fetch again" }));
  expect(await screen.findByText("wait for it")).toBeVisible();
  expect(requests).toEqual(["8"]);
});
