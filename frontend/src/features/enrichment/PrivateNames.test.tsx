import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { show } from "../../test/render";
import { server } from "../../test/server";
import { PrivateNamesPage } from "./PrivateNamesPage";

it("names are listed with their origin, added and removed, and refusals are shown", async () => {
  let names = ["Maiden Name"];
  const answer = () => HttpResponse.json({ names, from_banks: ["John Doe"], from_cards: [], email: "ada@example.org" });
  server.use(
    http.get("*/api/truelayer/enrichment/names", answer),
    http.put("*/api/truelayer/enrichment/names", async ({ request }) => {
      const sent = ((await request.json()) as { names: string[] }).names;
      if (sent.includes("x"))
        return HttpResponse.json({ code: "invalid_request", message: "'x' is not a name" }, { status: 422 });
      names = sent;
      return answer();
    }),
  );
  show(<PrivateNamesPage />);
  const known = await screen.findByRole("region", { name: "Known from your data" });
  expect(known).toHaveTextContent("From your banks: John Doe");
  expect(known).toHaveTextContent("none");
  await userEvent.type(screen.getByLabelText("Another name"), "x");
  await userEvent.click(screen.getByRole("button", { name: "Add" }));
  expect(await screen.findByText("'x' is not a name")).toBeVisible();
  await userEvent.clear(screen.getByLabelText("Another name"));
  await userEvent.type(screen.getByLabelText("Another name"), " Bo   Li ");
  await userEvent.click(screen.getByRole("button", { name: "Add" }));
  expect(await screen.findByText("Bo Li")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Remove Maiden Name" }));
  await expect.poll(() => names).toEqual(["Bo Li"]);
});
