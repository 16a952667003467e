import { Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { EmptyState } from "../../components/EmptyState";
import { ErrorState } from "../../components/ErrorState";
import { LoadingState } from "../../components/LoadingState";
import { PageHeader } from "../../components/PageHeader";
import { ScheduleForm } from "./ScheduleForm";
import { newSchedule, valuesOf } from "./scheduleValues";
import { useBanks } from "./useBanks";
import { useSchedule } from "./useSchedules";

/** A new schedule, of the bank with this number where one is given. */
export function NewSchedulePage({ connectionId }: { connectionId: number | undefined }) {
  const banks = useBanks();
  const navigate = useNavigate();
  if (banks.isPending) return <LoadingState what="banks" />;
  if (banks.error) return <ErrorState error={banks.error} onRetry={() => void banks.refetch()} />;
  const first = banks.data[0];
  return (
    <>
      <PageHeader title="New schedule">Repeats an import by itself, also while you are away.</PageHeader>
      {first === undefined ? (
        <EmptyState
          title="No bank is connected yet"
          action={
            <Button component={Link} to="/connections">
              Connect a bank
            </Button>
          }
        >
          There is nothing to import from.
        </EmptyState>
      ) : (
        <ScheduleForm
          initial={newSchedule(connectionId ?? first.id)}
          scheduleId={null}
          banks={banks.data}
          onSaved={(made) => void navigate({ to: "/schedules/$scheduleId", params: { scheduleId: String(made.id) } })}
          onCancel={() => void navigate({ to: "/schedules" })}
        />
      )}
    </>
  );
}

/** Changes a schedule. */
export function EditSchedulePage({ scheduleId }: { scheduleId: number }) {
  const banks = useBanks();
  const schedule = useSchedule(scheduleId);
  const navigate = useNavigate();
  const back = () => void navigate({ to: "/schedules/$scheduleId", params: { scheduleId: String(scheduleId) } });
  if (banks.error) return <ErrorState error={banks.error} onRetry={() => void banks.refetch()} />;
  if (schedule.error) return <ErrorState error={schedule.error} onRetry={() => void schedule.refetch()} />;
  if (banks.isPending || schedule.isPending) return <LoadingState what="schedule" />;
  return (
    <>
      <PageHeader title="Change the schedule">Runs that are under way are not touched.</PageHeader>
      <ScheduleForm
        initial={valuesOf(schedule.data)}
        scheduleId={scheduleId}
        banks={banks.data}
        onSaved={back}
        onCancel={back}
      />
    </>
  );
}
