import { useInfiniteQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

/** The transactions that hold the text, newest first, a page at a time. */
export function useTransactions(text: string) {
  return useInfiniteQuery({
    queryKey: ["transactions", text],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/api/transactions", {
          params: { query: { limit: 100, ...(text ? { q: text } : {}), ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
}
