import { Button, Group, Stack, Stepper, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconBuildingBank } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { importQueries } from "../../../api/imports";
import { useStartPlanned } from "../../../api/useStartPlanned";
import { EmptyState } from "../../../components/EmptyState";
import { PageHeader } from "../../../components/PageHeader";
import { Problem } from "../../../components/Problem";
import { QueryState } from "../../../components/QueryState";
import { defined } from "../../../lib/defined";
import { useOnce } from "../../../lib/useOnce";
import { JobView } from "../job/JobView";
import { QueuePausedAlert } from "../QueuePausedAlert";
import { AccountsStep } from "./AccountsStep";
import { type Change, type Choice, chosenOf, faultOfDays, requestOf, STEPS } from "./choice";
import { DaysStep } from "./DaysStep";
import { EstimatePanel } from "./EstimatePanel";
import { ReviewStep } from "./ReviewStep";
import { SettingsStep, USUAL_TIME } from "./SettingsStep";
import { useEstimate } from "./useEstimate";
import { useRepeat } from "./useRepeat";
import { useSources } from "./useSources";

type Props = { choice: Choice; onChoose: (choice: Choice, how: { replace: boolean }) => void };

/** Five steps from days to a running import; the URL holds every choice, so that going back loses nothing. */
export function ImportWizard({ choice, onChoose }: Props) {
  const { connections, banks, bank, accounts } = useSources(choice.connection);
  const isPhone = useMediaQuery("(max-width: 48em)");
  const listed = accounts.data ?? [];
  const isComplete = faultOfDays(choice) === null && chosenOf(choice, listed).length > 0;
  const wanted = bank && isComplete ? requestOf(choice, bank.id, listed) : null;
  const estimate = useEstimate(wanted);
  const start = useStartPlanned();
  const repeat = useRepeat();
  const queue = useQuery(importQueries.queue());
  const step = Math.min(choice.step ?? 1, choice.job === undefined ? 4 : 5);

  async function scheduleIt(connectionId: string) {
    try {
      const made = await repeat.mutateAsync({
        connectionId,
        frequency: choice.repeat ?? "daily",
        time: choice.time ?? USUAL_TIME,
        accountIds: choice.accounts ?? [],
        isEnriched: choice.enrich ?? true,
        enrichTime: choice.enrichTime ?? null,
      });
      notifications.show({ title: "Scheduled", message: `The import repeats ${made.in_words}.`, color: "green" });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const message = `The import has started, but scheduling failed: ${why}. Try again under Schedules.`;
      notifications.show({ title: "Not scheduled", message, color: "red", autoClose: false });
    }
  }
  const begin = useOnce(async () => {
    if (!wanted || !bank) return;
    const job = await start.mutateAsync(wanted);
    if (choice.repeat) await scheduleIt(bank.id);
    onChoose({ ...choice, step: 5, job: job.job_id }, { replace: false });
  });

  if (connections.data === undefined) return <QueryState query={connections} what="banks" />;
  if (!bank) return <NoBank />;
  if (accounts.data === undefined) return <QueryState query={accounts} what="accounts" />;

  function change(changed: Change) {
    onChoose(defined({ ...choice, ...changed }), { replace: true });
  }
  function go(to: number) {
    onChoose({ ...choice, step: to }, { replace: false });
  }
  return (
    <>
      <PageHeader title="New import">
        {step < 5 && "Nothing is fetched until you start the import in step 4."}
      </PageHeader>
      <Stepper
        active={step - 1}
        onStepClick={(index) => go(index + 1)}
        size={isPhone ? "xs" : "sm"}
        mb={isPhone ? "xs" : "lg"}
        wrap={false}
      >
        {STEPS.map((label, index) => (
          <Stepper.Step
            key={label}
            label={isPhone ? null : label}
            aria-label={isPhone ? `${index + 1} ${label}` : undefined}
            allowStepSelect={index < 4 ? index < step || isComplete : choice.job !== undefined}
            aria-current={index === step - 1 ? "step" : undefined}
          />
        ))}
      </Stepper>
      {isPhone && (
        <Text fw={600} mb="md">
          Step {step} of {STEPS.length}: {STEPS[step - 1]}
        </Text>
      )}
      {step === 5 && choice.job !== undefined ? (
        <JobView jobId={choice.job} />
      ) : (
        <Stack gap="lg">
          {queue.data?.is_paused && <QueuePausedAlert />}
          {step === 1 && <DaysStep choice={choice} banks={banks} bank={bank} onChange={change} />}
          {step === 2 && <AccountsStep choice={choice} accounts={listed} onChange={change} />}
          {step === 3 && <SettingsStep choice={choice} onChange={change} />}
          {step === 4 && estimate.data && isComplete && (
            <ReviewStep choice={choice} bank={bank} accounts={listed} estimate={estimate.data} />
          )}
          {(step < 3 || (step === 4 && !estimate.data)) && isComplete && (
            <EstimatePanel query={estimate} accounts={listed} />
          )}
          {step === 4 && estimate.data && estimate.error && <Problem error={estimate.error} />}
          {start.error && step === 4 && <Problem error={start.error} title="Starting the import failed" />}
          <Group>
            {step > 1 && (
              <Button variant="default" onClick={() => go(step - 1)}>
                Back
              </Button>
            )}
            {step < 4 && (
              <Button disabled={!isComplete} onClick={() => go(step + 1)}>
                Next: {STEPS[step]}
              </Button>
            )}
            {step === 4 && (
              <Button
                disabled={!wanted || estimate.error !== null}
                loading={start.isPending || repeat.isPending}
                onClick={() => void begin()}
              >
                {choice.dry ? "Start the dry run" : "Start the import"}
              </Button>
            )}
          </Group>
        </Stack>
      )}
    </>
  );
}

function NoBank() {
  return (
    <>
      <PageHeader title="New import" />
      <EmptyState
        icon={IconBuildingBank}
        title="No bank is connected yet"
        action={
          <Button component={Link} to="/connections">
            Go to banks and accounts
          </Button>
        }
      >
        Connect a bank first. Then you can import its accounts and cards.
      </EmptyState>
    </>
  );
}
