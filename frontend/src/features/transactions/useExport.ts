import { useMutation } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { type Filters, toQuery } from "./filters";

export type ExportFormat = "csv" | "ndjson" | "ofx" | "beancount";
type Wanted = { filters: Filters; format: ExportFormat; status: "booked" | "pending" | "all"; bookmark: string };

/** Downloads an export as a file; returns its number of rows and the bookmark to continue from. */
export function useExport() {
  return useMutation({
    mutationFn: async ({ filters, format, status, bookmark }: Wanted) => {
      const query = { ...toQuery(filters), format, status, ...(bookmark ? { bookmark } : {}), byte_order_mark: true };
      const call = api.GET("/api/transactions/export", { params: { query }, parseAs: "blob" });
      // openapi-fetch types a blob by the media types of the answer, of which none is JSON.
      const content = (await answered<unknown>(call)) as Blob;
      const { headers } = (await call).response;
      const name = /filename="([^"]+)"/.exec(headers.get("Content-Disposition") ?? "")?.[1] ?? `transactions.${format}`;
      save(content, name);
      return {
        name,
        rows: Number(headers.get("X-Export-Rows") ?? 0),
        leftOut: Number(headers.get("X-Export-Left-Out") ?? 0),
        leftOutCurrencies: headers.get("X-Export-Left-Out-Currencies") ?? "",
        bookmark: headers.get("X-Export-Bookmark") ?? "",
      };
    },
  });
}

function save(content: Blob, name: string) {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun the download when this runs.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
