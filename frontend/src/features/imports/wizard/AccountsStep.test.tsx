import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { show } from "../../../test/render";
import { AccountsStep } from "./AccountsStep";
import type { Choice, Source } from "./choice";
import { aSource, anAccount } from "./testSources";

const MARCH = { from: "2026-03-01", to: "2026-03-31" };

function showStep(sources: Source[]) {
  const choices: (string[] | undefined)[] = [];
  function Step() {
    const [choice, setChoice] = useState<Choice>({});
    return (
      <AccountsStep
        choice={choice}
        sources={sources}
        whole={MARCH}
        onChange={({ accounts: chosen }) => {
          choices.push(chosen);
          setChoice(chosen === undefined ? {} : { accounts: chosen });
        }}
      />
    );
  }
  show(<Step />);
  return choices;
}

it("many accounts are filtered, and those shown are chosen together without changing the others", async () => {
  const accounts = Array.from({ length: 10 }, (_, index) =>
    anAccount(String(index), { display_name: `${index < 3 ? "Savings" : "Account"} ${index}` }),
  );
  const choices = showStep([aSource("1", "Monzo", accounts)]);

  await userEvent.click(await screen.findByRole("checkbox", { name: "All 10 accounts and cards" }));
  await userEvent.type(screen.getByRole("textbox", { name: "Filter" }), "savings");
  await userEvent.click(screen.getByRole("checkbox", { name: "All 3 shown" }));

  expect(choices).toEqual([[], ["0", "1", "2"]]);
  expect(screen.getByText("3 of 10 chosen")).toBeVisible();
  expect(screen.queryByRole("checkbox", { name: "Account 3" })).toBeNull();
});

it("the accounts of several banks are chosen in one list, and a bank whose consent ended says what to do", async () => {
  const held = { held: [{ from: "2026-02-01", to: "2026-03-10" }], refused: [] };
  const choices = showStep([
    aSource("1", "Monzo", [anAccount("1", { coverage: held as never }), anAccount("2")]),
    aSource("2", "Barclays", [anAccount("3"), anAccount("4")]),
    aSource("3", "Old bank", [anAccount("5")], "expired"),
  ]);

  await userEvent.click(await screen.findByRole("checkbox", { name: "Barclays" }));
  await userEvent.click(screen.getByRole("checkbox", { name: "Account 2" }));
  await userEvent.click(screen.getByRole("checkbox", { name: "Account 4" }));

  expect(choices).toEqual([["1", "2"], ["1"], ["1", "4"]]);
  expect(screen.getByRole("checkbox", { name: "Account 5" })).toBeDisabled();
  expect(screen.getByRole("link", { name: "Reconnect it" })).toHaveAttribute("href", "/connections");
  const row = screen.getByRole("row", { name: /Account 1/ });
  expect(within(row).getAllByText("10 of 31 days")[0]).toBeInTheDocument();
});
