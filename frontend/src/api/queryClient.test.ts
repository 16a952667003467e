import { describe, expect, it, vi } from "vitest";
import { ApiError } from "./errors";
import { meQuery } from "./me";
import { queryClient } from "./queryClient";

const REFUSED = new ApiError(401, "not_signed_in", "sign in first");

async function fail(error: Error) {
  await queryClient.query({ queryKey: ["rows"], queryFn: () => Promise.reject(error) }).catch(() => undefined);
}

describe("an answer that nobody is signed in", () => {
  it("makes the page ask again who is signed in", async () => {
    queryClient.setQueryData(meQuery.queryKey, { id: 1, email: "ada@example.org" } as never);
    const invalidated = vi.spyOn(queryClient, "invalidateQueries");

    await fail(new ApiError(500, "internal_error", "broken"));
    expect(invalidated).not.toHaveBeenCalled();
    await fail(REFUSED);
    expect(invalidated).toHaveBeenCalledExactlyOnceWith({ queryKey: meQuery.queryKey });
    invalidated.mockRestore();
  });

  it("changes nothing for who never was", async () => {
    queryClient.clear();
    const invalidated = vi.spyOn(queryClient, "invalidateQueries");

    await fail(REFUSED);

    expect(invalidated).not.toHaveBeenCalled();
    invalidated.mockRestore();
  });
});
