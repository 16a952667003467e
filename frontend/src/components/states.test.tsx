import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { show } from "../test/render";
import { ConfirmButton } from "./ConfirmButton";
import { EmptyState } from "./EmptyState";
import { ErrorState } from "./ErrorState";
import { LoadingState } from "./LoadingState";
import { PageHeader } from "./PageHeader";
import { StaleHint } from "./StaleHint";
import { StatusBadge } from "./StatusBadge";
import { When } from "./When";

test("a page's heading is also the window's title", async () => {
  show(<PageHeader title="Imports">What was imported.</PageHeader>);

  expect(await screen.findByRole("heading", { level: 1, name: "Imports" })).toBeVisible();
  expect(document.title).toBe("Imports · bankimport");
});

test("loading content is named", async () => {
  show(<LoadingState what="imports" />);

  expect(await screen.findByRole("status")).toHaveTextContent("Loading imports");
});

test("an empty state says why and what to do", async () => {
  show(
    <EmptyState title="No bank is connected yet" action={<button type="button">Connect a bank</button>}>
      Connect one first.
    </EmptyState>,
  );

  expect(await screen.findByRole("heading", { name: "No bank is connected yet" })).toBeVisible();
  expect(screen.getByRole("button", { name: "Connect a bank" })).toBeVisible();
});

test("a failed load can be retried", async () => {
  const again = vi.fn();
  show(<ErrorState error={new Error("the database cannot be reached")} onRetry={again} />);

  expect(await screen.findByRole("alert")).toHaveTextContent("the database cannot be reached");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(again).toHaveBeenCalledOnce();
});

test("outdated content shows since when, and why", async () => {
  show(
    <StaleHint error={new Error("Cannot reach bankimport")} since={Date.now() - 300_000} onRetry={() => undefined} />,
  );

  expect(await screen.findByText(/5 minutes ago/)).toBeVisible();
  expect(screen.getByRole("status")).toHaveTextContent("Cannot reach bankimport");
});

test("a status is shown in words", async () => {
  show(<StatusBadge status="partly_failed" />);

  expect(await screen.findByText("partly failed")).toBeVisible();
});

test("an instant carries the exact time", async () => {
  show(<When at="2026-01-31T12:00:00Z" />);

  const time = await screen.findByTitle(/2026/);
  expect(time).toHaveAttribute("datetime", "2026-01-31T12:00:00Z");
});

test("a confirmation does nothing before it is confirmed", async () => {
  const confirmed = vi.fn((close: () => void) => close());
  const button = (
    <ConfirmButton
      label="Undo"
      title="Undo this import?"
      confirm="Undo it"
      error={null}
      isPending={false}
      onConfirm={confirmed}
    >
      12 rows go.
    </ConfirmButton>
  );
  show(button);

  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByText("12 rows go.")).toBeVisible();
  expect(confirmed).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("button", { name: "Undo it" }));
  expect(confirmed).toHaveBeenCalledOnce();
  expect(screen.queryByText("12 rows go.")).not.toBeInTheDocument();
});
