import {
  Alert,
  Button,
  Card,
  Checkbox,
  Group,
  PasswordInput,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { ApiError } from "../../api/errors";
import type { TrueLayerSetup } from "../../api/types";
import { Problem } from "../../components/Problem";
import { CheckList } from "./CheckList";
import { useTrueLayerSetup } from "./useTrueLayerSetup";

const ENVIRONMENTS = [
  { value: "sandbox", label: "Sandbox" },
  { value: "live", label: "Live" },
];

/** Checks a client id and secret with TrueLayer, and stores them if all is well. */
export function TrueLayerForm({ setup }: { setup: TrueLayerSetup }) {
  const save = useTrueLayerSetup();
  const form = useForm({
    initialValues: {
      environment: setup.environment ?? ("sandbox" as const),
      clientId: setup.client_id ?? "",
      secret: "",
      evenIfConnected: false,
    },
    validate: {
      clientId: (text) => (text.trim() ? null : "Copy it from the console"),
      secret: (text, { clientId }) =>
        text.trim() || (setup.has_secret && clientId.trim() === setup.client_id) ? null : "Copy it from the console",
    },
  });
  const isOtherBanks = save.error instanceof ApiError && save.error.code === "banks_connected";
  function submit(isUnchecked: boolean) {
    if (form.validate().hasErrors) return;
    const { environment, clientId, secret, evenIfConnected } = form.values;
    save.mutate(
      {
        environment,
        client_id: clientId.trim(),
        client_secret: secret.trim() || null,
        isUnchecked,
        evenIfConnected,
      },
      { onSuccess: (checks) => checks?.is_well !== false && form.setFieldValue("secret", "") },
    );
  }
  return (
    <Card component="section" aria-label="Your application">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit(false);
        }}
        noValidate
      >
        <Stack maw={480}>
          <div>
            <Text size="sm" fw={600} id="environment" mb={4}>
              Environment
            </Text>
            <SegmentedControl
              aria-labelledby="environment"
              data={ENVIRONMENTS}
              value={form.values.environment}
              onChange={(value) => form.setFieldValue("environment", value === "live" ? "live" : "sandbox")}
            />
          </div>
          <TextInput
            label="Client id"
            placeholder="sandbox-myapp-1a2b3c"
            autoComplete="off"
            maxLength={200}
            required
            {...form.getInputProps("clientId")}
          />
          <PasswordInput
            label="Client secret"
            description={setup.has_secret ? "Leave it empty to keep the stored one." : "It is stored encrypted."}
            autoComplete="off"
            maxLength={1000}
            required={!setup.has_secret}
            {...form.getInputProps("secret")}
          />
          {isOtherBanks && (
            <Checkbox
              label="Change it, and connect those banks again afterwards"
              {...form.getInputProps("evenIfConnected", { type: "checkbox" })}
            />
          )}
          <Group>
            <Button type="submit" loading={save.isPending}>
              Check and save
            </Button>
            {save.data?.is_well === false && (
              <Button variant="default" onClick={() => submit(true)}>
                Save anyway
              </Button>
            )}
          </Group>
          {save.error && <Problem error={save.error} title="Not saved" />}
          {save.data && <CheckList checks={save.data} />}
          {save.isSuccess && save.data === null && <Alert color="yellow">Saved without a check.</Alert>}
        </Stack>
      </form>
    </Card>
  );
}
