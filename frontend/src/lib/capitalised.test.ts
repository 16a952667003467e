import { expect, it } from "vitest";
import { capitalised } from "./capitalised";

it("the first letter becomes a capital, but not that of an address", () => {
  expect(capitalised("this is a client id")).toBe("This is a client id");
  expect(capitalised("https://example.org accepts the secret")).toBe("https://example.org accepts the secret");
  expect(capitalised("")).toBe("");
});
