import { t } from "@lingui/core/macro";
import { TextLink } from "../../components/TextLink";

/** The import that did something, or “none”. */
export function ImportLink({ jobId }: { jobId: string | null }) {
  if (jobId === null) return t`none`;
  return (
    <TextLink inherit to="/imports/$jobId" params={{ jobId: jobId }}>
      {jobId}
    </TextLink>
  );
}
