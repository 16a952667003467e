import { Alert } from "@mantine/core";

/** What went wrong, in the words of the API. */
export function Problem({ error }: { error: Error }) {
  return (
    <Alert color="red" title="That did not work" role="alert">
      {error.message}
    </Alert>
  );
}
