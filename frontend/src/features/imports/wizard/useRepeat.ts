import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";
import { scheduleQueries } from "../../../api/schedules";
import { shownZone } from "../../../lib/timeZone";
import type { Choice, Wanted } from "./choice";
import { USUAL_TIME } from "./SettingsStep";

/** Saves a schedule for each bank that fetches what is new of its chosen accounts, in the time zone that the page shows. */
export function useRepeat() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ choice, wanted }: { choice: Choice; wanted: Wanted[] }) => {
      const frequency = choice.repeat ?? "daily";
      const today = new Date();
      return Promise.all(
        wanted.map((bank) =>
          answered(
            api.POST("/api/truelayer/import/schedules", {
              body: {
                connection_id: bank.connection_id,
                name: "",
                frequency,
                run_time: choice.time ?? USUAL_TIME,
                time_zone: shownZone(),
                weekday: frequency === "weekly" ? today.getDay() || 7 : null,
                day_of_month: frequency === "monthly" ? today.getDate() : null,
                incremental: true,
                account_ids: [...bank.account_ids, ...bank.card_ids].map(String),
                auto_enrich: bank.auto_enrich,
                enrich_time: choice.enrichTime ?? null,
                enabled: true,
                overlap: "skip",
                catch_up: "one",
                jitter_minutes: 15,
                pause_after_failures: 3,
              },
            }),
          ),
        ),
      );
    },
    onSuccess: () => client.invalidateQueries({ queryKey: scheduleQueries.all }),
  });
}
