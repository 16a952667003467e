import { expect, test } from "vitest";
import { sumOfMoney } from "./sumOfMoney";

test("amounts are added exactly, by currency", () => {
  const money = (amount: string, currency: string) => ({ amount, currency });
  expect(
    sumOfMoney([money("0.1", "GBP"), money("5", "EUR"), money("0.20", "GBP"), money("-9007199254740993.01", "USD")]),
  ).toEqual([money("0.30", "GBP"), money("5", "EUR"), money("-9007199254740993.01", "USD")]);
  expect(sumOfMoney([money("-0.05", "GBP"), money("0.1", "GBP")])).toEqual([money("0.05", "GBP")]);
});
