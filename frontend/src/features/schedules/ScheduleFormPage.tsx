import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { connectionQueries } from "../../api/connections";
import { scheduleQueries } from "../../api/schedules";
import { EmptyState } from "../../components/EmptyState";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { ScheduleForm } from "./ScheduleForm";
import { newSchedule, valuesOf } from "./scheduleValues";

/** Creates a schedule, for the given connection if there is one. */
export function NewSchedulePage({ connectionId }: { connectionId: string | undefined }) {
  const banks = useQuery(connectionQueries.list());
  const navigate = useNavigate();
  if (banks.data === undefined) return <QueryState query={banks} what="banks" />;
  const first = banks.data[0];
  return (
    <>
      <PageHeader title="New schedule">Repeats an import automatically, even while you are away.</PageHeader>
      {first === undefined ? (
        <EmptyState
          title="No bank is connected yet"
          action={
            <Button component={Link} to="/connections">
              Connect a bank
            </Button>
          }
        >
          Connect a bank before you schedule imports.
        </EmptyState>
      ) : (
        <ScheduleForm
          initial={newSchedule(connectionId ?? first.id)}
          scheduleId={null}
          banks={banks.data}
          onSaved={(made) => void navigate({ to: "/schedules/$scheduleId", params: { scheduleId: made.id } })}
          onCancel={() => void navigate({ to: "/schedules" })}
        />
      )}
    </>
  );
}

/** Changes a schedule. */
export function EditSchedulePage({ scheduleId }: { scheduleId: string }) {
  const banks = useQuery(connectionQueries.list());
  const schedule = useQuery(scheduleQueries.one(scheduleId));
  const navigate = useNavigate();
  const back = () => void navigate({ to: "/schedules/$scheduleId", params: { scheduleId: scheduleId } });
  if (banks.data === undefined) return <QueryState query={banks} what="banks" />;
  if (schedule.data === undefined) return <QueryState query={schedule} what="the schedule" />;
  return (
    <>
      <PageHeader title="Edit the schedule">Running imports are not affected.</PageHeader>
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
