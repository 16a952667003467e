import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Button, Group, Stack, Stepper, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconBuildingBank } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { importQueries } from "../../../api/imports";
import { EmptyState } from "../../../components/EmptyState";
import { PageHeader } from "../../../components/PageHeader";
import { Problem } from "../../../components/Problem";
import { QueryState } from "../../../components/QueryState";
import { TextLink } from "../../../components/TextLink";
import { defined } from "../../../lib/defined";
import { useOnce } from "../../../lib/useOnce";
import { JobsView } from "../job/JobsView";
import { QueuePausedAlert } from "../QueuePausedAlert";
import { AccountsStep } from "./AccountsStep";
import { type Change, type Choice, chosenOf, faultOfDays, requestsOf, shownDays, STEPS, usableOf } from "./choice";
import { DaysStep } from "./DaysStep";
import { EstimatePanel } from "./EstimatePanel";
import { ReviewStep } from "./ReviewStep";
import { SettingsStep } from "./SettingsStep";
import { wholeOf } from "./together";
import { useEstimates } from "./useEstimates";
import { useRepeat } from "./useRepeat";
import { useSources } from "./useSources";
import { useStartTogether } from "./useStartTogether";
import classes from "./wizard.module.css";

type Props = { choice: Choice; onChoose: (choice: Choice, how: { replace: boolean }) => void };

/** Five steps from days to a running import; the URL holds every choice, so that going back loses nothing. */
export function ImportWizard({ choice, onChoose }: Props) {
  const { connections, accounts, banks, sources } = useSources();
  const isPhone = useMediaQuery("(max-width: 48em)");
  const chosen = chosenOf(choice, sources);
  const isComplete = faultOfDays(choice) === null && chosen.length > 0;
  const wanted = isComplete ? requestsOf(choice, sources) : [];
  const estimates = useEstimates(wanted, banks);
  const start = useStartTogether();
  const repeat = useRepeat();
  const queue = useQuery(importQueries.queue());
  const names = STEPS.map((name) => t(name));
  const step = Math.min(choice.step ?? 1, choice.jobs === undefined ? 4 : 5);

  async function scheduleThem() {
    try {
      const made = await repeat.mutateAsync({ choice, wanted });
      const message = made.length > 1 ? t`The imports of ${{ made: made.length }} banks repeat` : t`The import repeats`;
      notifications.show({ title: t`Scheduled`, message: `${message} ${made[0]?.in_words}.`, color: "green" });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const message = t`The import has started, but scheduling failed: ${why}. Try again under Schedules.`;
      notifications.show({ title: t`Not scheduled`, message, color: "red", autoClose: false });
    }
  }
  const begin = useOnce(async () => {
    if (wanted.length === 0) return;
    const { jobIds, failure } = await start.mutateAsync(wanted);
    if (failure) {
      const message = t`${{ jobIds: jobIds.length }} of ${{ wanted: wanted.length }} banks are being imported. The others were not started: ${{ message: failure.message }}`;
      notifications.show({ title: t`Not all banks started`, message, color: "red", autoClose: false });
    }
    if (choice.repeat) await scheduleThem();
    onChoose({ ...choice, step: 5, jobs: jobIds }, { replace: false });
  });

  if (connections.data === undefined) return <QueryState query={connections} what={t`banks`} />;
  if (banks.length === 0) return <NoBank />;
  if (accounts.data === undefined) return <QueryState query={accounts} what={t`accounts`} />;

  function change(changed: Change) {
    onChoose(defined({ ...choice, ...changed }), { replace: true });
  }
  function go(to: number) {
    onChoose({ ...choice, step: to }, { replace: false });
  }
  return (
    <>
      <PageHeader title={t`New import`}>
        {step < 5 && t`Nothing is fetched until you start the import in step 4.`}
      </PageHeader>
      <Stepper
        active={step - 1}
        onStepClick={(index) => go(index + 1)}
        size={isPhone ? "xs" : "sm"}
        mb={isPhone ? "xs" : "lg"}
        wrap={false}
      >
        {names.map((label, index) => (
          <Stepper.Step
            key={label}
            label={isPhone ? null : label}
            aria-label={isPhone ? `${index + 1} ${label}` : undefined}
            allowStepSelect={index < 4 ? index < step || isComplete : choice.jobs !== undefined}
            aria-current={index === step - 1 ? "step" : undefined}
          />
        ))}
      </Stepper>
      {isPhone && (
        <Text fw={600} mb="md">
          <Trans>
            Step {step} of {ph({ steps: names.length })}: {ph({ name: names[step - 1] ?? "" })}
          </Trans>
        </Text>
      )}
      {step === 5 && choice.jobs !== undefined ? (
        <JobsView jobIds={choice.jobs} />
      ) : (
        <Stack gap="lg">
          {queue.data?.is_paused && <QueuePausedAlert />}
          {step === 1 && <DaysStep choice={choice} onChange={change} />}
          {step === 2 && (
            <AccountsStep
              choice={choice}
              sources={sources}
              whole={estimates.data ? wholeOf(estimates.data).dates : shownDays(choice)}
              onChange={change}
            />
          )}
          {step === 3 && <SettingsStep choice={choice} onChange={change} />}
          {step === 4 && estimates.data && isComplete && (
            <ReviewStep choice={choice} parts={estimates.data} chosen={chosen} />
          )}
          {(step < 3 || (step === 4 && !estimates.data)) && isComplete && (
            <EstimatePanel query={estimates} accounts={chosen} hasPicture={step === 1} />
          )}
          {step === 4 && estimates.data && estimates.error && <Problem error={estimates.error} />}
          {sources.every((source) => usableOf(source).length === 0) && (
            <Alert color="yellow" title={t`No account can be imported now`}>
              <Trans>
                Every consent has ended, or the banks list no account. Open{" "}
                <TextLink to="/connections">banks and accounts</TextLink> to reconnect them.
              </Trans>
            </Alert>
          )}
          {start.error && step === 4 && <Problem error={start.error} title={t`Starting the import failed`} />}
          <Group className={classes.buttons}>
            {step > 1 && (
              <Button variant="default" onClick={() => go(step - 1)}>
                <Trans>Back</Trans>
              </Button>
            )}
            {step < 4 && (
              <Button disabled={!isComplete} onClick={() => go(step + 1)}>
                <Trans>Next: {ph({ name: names[step] ?? "" })}</Trans>
              </Button>
            )}
            {step === 4 && (
              <Button
                disabled={wanted.length === 0 || estimates.error !== null}
                loading={start.isPending || repeat.isPending}
                onClick={() => void begin()}
              >
                {choice.dry ? t`Start the dry run` : t`Start the import`}
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
      <PageHeader title={t`New import`} />
      <EmptyState
        icon={IconBuildingBank}
        title={t`No bank is connected yet`}
        action={
          <Button component={Link} to="/connections">
            <Trans>Go to banks and accounts</Trans>
          </Button>
        }
      >
        <Trans>Connect a bank first. Then you can import its accounts and cards.</Trans>
      </EmptyState>
    </>
  );
}
