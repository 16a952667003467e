import type { Schedule, ScheduleRequest } from "../../api/types";
import { shownZone } from "../../lib/timeZone";

/** What the form holds: as text or numbers that may be half written. */
export type ScheduleValues = {
  connectionId: string | null;
  name: string;
  frequency: Schedule["frequency"];
  runTime: string;
  timeZone: string;
  weekday: number;
  dayOfMonth: number | string;
  cron: string;
  incremental: boolean;
  daysBack: number | string;
  accountIds: string[];
  autoEnrich: boolean;
  enrichTime: string | null;
  isEnabled: boolean;
  overlap: Schedule["overlap"];
  catchUp: Schedule["catch_up"];
  jitterMinutes: number | string;
  pauseAfter: number | string;
};

export const DAYS_BACK = { incremental: 84, whole: 7 };

export function newSchedule(connectionId: string | null): ScheduleValues {
  return {
    connectionId,
    name: "",
    frequency: "daily",
    runTime: "02:00",
    timeZone: shownZone(),
    weekday: 1,
    dayOfMonth: 1,
    cron: "0 6 * * 1-5",
    incremental: true,
    daysBack: DAYS_BACK.incremental,
    accountIds: [],
    autoEnrich: true,
    enrichTime: null,
    isEnabled: true,
    overlap: "skip",
    catchUp: "one",
    jitterMinutes: 15,
    pauseAfter: 3,
  };
}

export function valuesOf(schedule: Schedule): ScheduleValues {
  const fresh = newSchedule(schedule.connection_id);
  return {
    connectionId: schedule.connection_id,
    name: schedule.name,
    frequency: schedule.frequency,
    runTime: schedule.run_time.slice(0, 5),
    timeZone: schedule.time_zone,
    weekday: schedule.weekday ?? fresh.weekday,
    dayOfMonth: schedule.day_of_month ?? fresh.dayOfMonth,
    cron: schedule.cron ?? fresh.cron,
    incremental: schedule.incremental,
    daysBack: schedule.days_back,
    accountIds: schedule.account_ids,
    autoEnrich: schedule.auto_enrich,
    enrichTime: schedule.enrich_time?.slice(0, 5) ?? null,
    isEnabled: schedule.enabled,
    overlap: schedule.overlap,
    catchUp: schedule.catch_up,
    jitterMinutes: schedule.jitter_minutes,
    pauseAfter: schedule.pause_after_failures ?? 0,
  };
}

/** The request that the form asks for, or null while it is half written. */
export function requestOf(values: ScheduleValues): ScheduleRequest | null {
  const numbers = [values.daysBack, values.jitterMinutes, values.pauseAfter];
  if (values.frequency === "monthly") numbers.push(values.dayOfMonth);
  const isWhole = numbers.every((number) => typeof number === "number");
  if (values.connectionId === null || !isWhole || !/^\d\d:\d\d/.test(values.runTime)) return null;
  if (values.autoEnrich && values.enrichTime !== null && !/^\d\d:\d\d/.test(values.enrichTime)) return null;
  if (values.frequency === "cron" && !values.cron.trim()) return null;
  return {
    connection_id: values.connectionId,
    name: values.name.trim(),
    frequency: values.frequency,
    run_time: values.runTime,
    time_zone: values.timeZone,
    weekday: values.frequency === "weekly" ? values.weekday : null,
    day_of_month: values.frequency === "monthly" ? Number(values.dayOfMonth) : null,
    cron: values.frequency === "cron" ? values.cron.trim() : null,
    incremental: values.incremental,
    days_back: Number(values.daysBack),
    account_ids: values.accountIds,
    auto_enrich: values.autoEnrich,
    enrich_time: values.autoEnrich ? values.enrichTime : null,
    enabled: values.isEnabled,
    overlap: values.overlap,
    catch_up: values.catchUp,
    jitter_minutes: Number(values.jitterMinutes),
    pause_after_failures: Number(values.pauseAfter) || null,
  };
}
