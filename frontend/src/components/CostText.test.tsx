import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Cost } from "../api/types";
import { show } from "../test/render";
import { CostText } from "./CostText";

function enrichment(quantity: number): Cost {
  return {
    amount: null,
    currency: null,
    amounts: [{ amount: "0.35", currency: "GBP" }],
    unknown: ["enrichment"],
    parts: [{ what: "enrichment", quantity, amount: null, currency: null, note: "" }],
  } as unknown as Cost;
}

it("says of a quantity that nobody knows yet when it shows, not that its price is missing", async () => {
  show(<CostText cost={enrichment(0)} />);

  expect(await screen.findByText(/£0.35, and enrichment that shows after the import/)).toBeVisible();
});

it("names what has no price", async () => {
  show(<CostText cost={enrichment(3)} />);

  expect(await screen.findByText(/£0.35, and no price set for enrichment/)).toBeVisible();
});
