import { t } from "@lingui/core/macro";
import { PageHeader } from "../../../components/PageHeader";
import { JobView } from "./JobView";

/** The page of one import. */
export function ImportJobPage({ jobId }: { jobId: string }) {
  return (
    <>
      <PageHeader title={t`Import ${jobId}`} />
      <JobView jobId={jobId} />
    </>
  );
}
