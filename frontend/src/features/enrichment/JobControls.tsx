import { ph, plural, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { ConfirmButton } from "../../components/ConfirmButton";
import { FormDialog } from "../../components/FormDialog";
import { Problem } from "../../components/Problem";
import { type EnrichmentJob, isOpen, useCancel, usePause, useResume, useUndo } from "./useEnrichment";

/** The actions of an enrichment job. */
export function JobControls({ job }: { job: EnrichmentJob }) {
  const pause = usePause();
  const resume = useResume();
  const cancel = useCancel();
  const error = pause.error ?? resume.error;
  const isResumable = job.undone_at === null && ["paused", "failed"].includes(job.job_status);
  const isCancellable = isOpen(job) || ["paused", "stopped"].includes(job.job_status);
  const of = (what: string) => ({ "aria-label": t`${what} enrichment ${{ job: job.id }}` });
  return (
    <Stack gap="xs" align="flex-end">
      <Group gap="xs">
        {isOpen(job) && (
          <Button
            size="compact-sm"
            variant="default"
            loading={pause.isPending}
            onClick={() => pause.mutate(job.id)}
            {...of(t`Pause`)}
          >
            <Trans>Pause</Trans>
          </Button>
        )}
        {isResumable && (
          <Button
            size="compact-sm"
            loading={resume.isPending}
            onClick={() => resume.mutate({ id: job.id })}
            {...of(t`Resume`)}
          >
            <Trans>Resume</Trans>
          </Button>
        )}
        {job.job_status === "stopped" && <RaiseCap job={job} />}
        {isCancellable && (
          <ConfirmButton
            size="compact-sm"
            variant="default"
            label={t`Cancel`}
            {...of(t`Cancel`)}
            title={t`Cancel enrichment ${{ job: job.id }}?`}
            confirm={t`Cancel it`}
            error={cancel.error}
            isPending={cancel.isPending}
            onConfirm={(close) => cancel.mutate(job.id, { onSuccess: close })}
          >
            <Text size="sm">
              <Trans>
                <Plural
                  value={{ totalTransactions: job.total_transactions - job.processed }}
                  one="# row"
                  other="# rows"
                />{" "}
                will not be processed. Changes made so far stay; you can undo them afterwards.
              </Trans>
            </Text>
          </ConfirmButton>
        )}
        {job.is_undoable && <UndoButton job={job} />}
      </Group>
      {error && <Problem error={error} />}
    </Stack>
  );
}

/** Restores the rows' previous values after confirmation. */
export function UndoButton({ job }: { job: EnrichmentJob }) {
  const undo = useUndo();
  return (
    <ConfirmButton
      size="compact-sm"
      variant="default"
      label={t`Undo`}
      aria-label={t`Undo enrichment ${{ job: job.id }}`}
      title={t`Undo enrichment ${{ job: job.id }}?`}
      confirm={t`Undo it`}
      error={undo.error}
      isPending={undo.isPending}
      onConfirm={(close) =>
        undo.mutate(job.id, {
          onSuccess: (done) => {
            close();
            const since =
              done.changed_since > 0
                ? plural(
                    { changedSince: done.changed_since },
                    { one: "; # change made since then stays", other: "; # changes made since then stay" },
                  )
                : "";
            notifications.show({
              color: "green",
              message: t`${plural({ rowsBack: done.rows_back }, { one: "# change", other: "# changes" })} undone${since}.`,
            });
          },
        })
      }
    >
      <Text size="sm">
        <Trans>
          <Plural value={{ changed: job.changed }} one="# row" other="# rows" /> changed by this job get their previous
          merchant and category back. Rows that changed since then stay as they are. Rules and learned corrections stay
          too: switch a rule off, or the next enrichment sets the same values again.
        </Trans>
      </Text>
    </ConfirmButton>
  );
}

function RaiseCap({ job }: { job: EnrichmentJob }) {
  const form = useForm({ initialValues: { cap: "" } });
  const resume = useResume();
  const cap = form.values.cap.trim();
  return (
    <FormDialog
      label={t`Resume…`}
      aria-label={t`Resume enrichment ${{ job: job.id }}`}
      title={t`Resume enrichment ${{ job: job.id }}`}
      submit={t`Resume it`}
      error={resume.error}
      isPending={resume.isPending}
      onSubmit={(close) => resume.mutate({ id: job.id, ...(cap ? { cap } : {}) }, { onSuccess: close })}
    >
      {job.error_message && (
        <Text size="sm">
          <Trans>The job stopped because {ph({ errorMessage: job.error_message })}.</Trans>
        </Text>
      )}
      <TextInput
        label={t`Maximum total cost`}
        description={t`Leave empty to keep the cap`}
        placeholder={job.cap === null ? t`0.50 USD` : `${job.cap} ${job.cap_currency ?? ""}`}
        {...form.getInputProps("cap")}
        data-autofocus
      />
    </FormDialog>
  );
}
