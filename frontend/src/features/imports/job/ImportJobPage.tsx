import { PageHeader } from "../../../components/PageHeader";
import { JobView } from "./JobView";

/** The page of one import. */
export function ImportJobPage({ jobId }: { jobId: number }) {
  return (
    <>
      <PageHeader title={`Import ${jobId}`} />
      <JobView jobId={jobId} />
    </>
  );
}
