import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { ConfirmButton } from "../../components/ConfirmButton";
import { FormDialog } from "../../components/FormDialog";
import { Problem } from "../../components/Problem";
import { counted } from "../../lib/formatCount";
import { type EnrichmentJob, isOpen, useCancel, usePause, useResume, useUndo } from "./useEnrichment";

/** The actions of an enrichment job. */
export function JobControls({ job }: { job: EnrichmentJob }) {
  const pause = usePause();
  const resume = useResume();
  const cancel = useCancel();
  const error = pause.error ?? resume.error;
  const isResumable = job.undone_at === null && ["paused", "failed"].includes(job.job_status);
  const isCancellable = isOpen(job) || ["paused", "stopped"].includes(job.job_status);
  const of = (what: string) => ({ "aria-label": `${what} enrichment ${job.id}` });
  return (
    <Stack gap="xs" align="flex-end">
      <Group gap="xs">
        {isOpen(job) && (
          <Button
            size="compact-sm"
            variant="default"
            loading={pause.isPending}
            onClick={() => pause.mutate(job.id)}
            {...of("Pause")}
          >
            Pause
          </Button>
        )}
        {isResumable && (
          <Button
            size="compact-sm"
            loading={resume.isPending}
            onClick={() => resume.mutate({ id: job.id })}
            {...of("Resume")}
          >
            Resume
          </Button>
        )}
        {job.job_status === "stopped" && <RaiseCap job={job} />}
        {isCancellable && (
          <ConfirmButton
            size="compact-sm"
            variant="default"
            label="Cancel"
            {...of("Cancel")}
            title={`Cancel enrichment ${job.id}?`}
            confirm="Cancel it"
            error={cancel.error}
            isPending={cancel.isPending}
            onConfirm={(close) => cancel.mutate(job.id, { onSuccess: close })}
          >
            <Text size="sm">
              {counted(job.total_transactions - job.processed, "row")} will not be processed. Changes made so far stay;
              you can undo them afterwards.
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
      label="Undo"
      aria-label={`Undo enrichment ${job.id}`}
      title={`Undo enrichment ${job.id}?`}
      confirm="Undo it"
      error={undo.error}
      isPending={undo.isPending}
      onConfirm={(close) =>
        undo.mutate(job.id, {
          onSuccess: (done) => {
            close();
            const since =
              done.changed_since > 0
                ? `; ${counted(done.changed_since, "change")} made since then ${done.changed_since === 1 ? "stays" : "stay"}`
                : "";
            notifications.show({ color: "green", message: `${counted(done.rows_back, "change")} undone${since}.` });
          },
        })
      }
    >
      <Text size="sm">
        {counted(job.changed, "row")} changed by this job get their previous merchant and category back. Rows that
        changed since then stay as they are. Rules and learned corrections stay too: switch a rule off, or the next
        enrichment sets the same values again.
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
      label="Resume…"
      aria-label={`Resume enrichment ${job.id}`}
      title={`Resume enrichment ${job.id}`}
      submit="Resume it"
      error={resume.error}
      isPending={resume.isPending}
      onSubmit={(close) => resume.mutate({ id: job.id, ...(cap ? { cap } : {}) }, { onSuccess: close })}
    >
      {job.error_message && <Text size="sm">The job stopped because {job.error_message}.</Text>}
      <TextInput
        label="Maximum total cost"
        description="Leave empty to keep the cap"
        placeholder={job.cap === null ? "0.50 USD" : `${job.cap} ${job.cap_currency ?? ""}`}
        {...form.getInputProps("cap")}
        data-autofocus
      />
    </FormDialog>
  );
}
