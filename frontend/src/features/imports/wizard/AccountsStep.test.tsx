import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import type { Account } from "../../../api/types";
import { show } from "../../../test/render";
import { AccountsStep } from "./AccountsStep";
import type { Choice } from "./choice";

function anAccount(number: number): Account {
  return {
    account_id: String(number),
    display_name: `${number < 3 ? "Savings" : "Account"} ${number}`,
    kind: "account",
    currency: "GBP",
    balance: null,
    last_digits: null,
    last_synced_at: null,
    coverage: { held_days: 0 },
  } as Account;
}

it("many accounts are filtered, and those shown are chosen together without changing the others", async () => {
  const accounts = Array.from({ length: 10 }, (_, index) => anAccount(index));
  const choices: (string[] | undefined)[] = [];
  function Step() {
    const [choice, setChoice] = useState<Choice>({});
    return (
      <AccountsStep
        choice={choice}
        accounts={accounts}
        onChange={({ accounts: chosen }) => {
          choices.push(chosen);
          setChoice(chosen === undefined ? {} : { accounts: chosen });
        }}
      />
    );
  }
  show(<Step />);

  await userEvent.click(await screen.findByRole("checkbox", { name: "All 10 accounts and cards" }));
  await userEvent.type(screen.getByRole("textbox", { name: "Filter" }), "savings");
  await userEvent.click(screen.getByRole("checkbox", { name: "All 3 shown" }));

  expect(choices).toEqual([[], ["0", "1", "2"]]);
  expect(screen.getByText("3 of 10 chosen")).toBeVisible();
  expect(screen.queryByRole("checkbox", { name: "Account 3" })).toBeNull();
});
