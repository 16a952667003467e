import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
  if (banks.data === undefined) return <QueryState query={banks} what={t`banks`} />;
  const first = banks.data[0];
  return (
    <>
      <PageHeader title={t`New schedule`}>
        <Trans>Repeats an import automatically, even while you are away.</Trans>
      </PageHeader>
      {first === undefined ? (
        <EmptyState
          title={t`No bank is connected yet`}
          action={
            <Button component={Link} to="/connections">
              <Trans>Connect a bank</Trans>
            </Button>
          }
        >
          <Trans>Connect a bank before you schedule imports.</Trans>
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
  if (banks.data === undefined) return <QueryState query={banks} what={t`banks`} />;
  if (schedule.data === undefined) return <QueryState query={schedule} what={t`the schedule`} />;
  return (
    <>
      <PageHeader title={t`Edit the schedule`}>
        <Trans>Running imports are not affected.</Trans>
      </PageHeader>
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
