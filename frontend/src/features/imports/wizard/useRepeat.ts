import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";
import { scheduleQueries } from "../../../api/schedules";
import type { Frequency } from "./choice";

type Wanted = {
  connectionId: string;
  frequency: Frequency;
  time: string;
  accountIds: string[];
  isEnriched: boolean;
  enrichTime: string | null;
};

/** Saves a schedule that fetches what is new of the chosen accounts, in the reader's own time zone. */
export function useRepeat() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ connectionId, frequency, time, accountIds, isEnriched, enrichTime }: Wanted) => {
      const today = new Date();
      return answered(
        api.POST("/api/truelayer/import/schedules", {
          body: {
            connection_id: connectionId,
            name: "",
            frequency,
            run_time: time,
            time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
            weekday: frequency === "weekly" ? today.getDay() || 7 : null,
            day_of_month: frequency === "monthly" ? today.getDate() : null,
            incremental: true,
            account_ids: accountIds,
            auto_enrich: isEnriched,
            enrich_time: enrichTime,
            enabled: true,
            overlap: "skip",
            catch_up: "one",
            jitter_minutes: 15,
            pause_after_failures: 3,
          },
        }),
      );
    },
    onSuccess: () => client.invalidateQueries({ queryKey: scheduleQueries.all }),
  });
}
