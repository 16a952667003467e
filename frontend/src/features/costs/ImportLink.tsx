import { TextLink } from "../../components/TextLink";

/** The import that did something, or “none”. */
export function ImportLink({ jobId }: { jobId: number | null }) {
  if (jobId === null) return "none";
  return (
    <TextLink inherit to="/imports/$jobId" params={{ jobId: String(jobId) }}>
      {jobId}
    </TextLink>
  );
}
