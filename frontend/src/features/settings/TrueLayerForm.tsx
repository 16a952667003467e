import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
  { value: "sandbox", label: msg`Sandbox` },
  { value: "live", label: msg`Live` },
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
      clientId: (text) => (text.trim() ? null : t`Copy it from the console`),
      secret: (text, { clientId }) =>
        text.trim() || (setup.has_secret && clientId.trim() === setup.client_id) ? null : t`Copy it from the console`,
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
    <Card component="section" aria-label={t`Your application`}>
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
              <Trans>Environment</Trans>
            </Text>
            <SegmentedControl
              aria-labelledby="environment"
              data={ENVIRONMENTS.map(({ value, label }) => ({ value, label: t(label) }))}
              value={form.values.environment}
              onChange={(value) => form.setFieldValue("environment", value === "live" ? "live" : "sandbox")}
            />
          </div>
          <TextInput
            label={t`Client id`}
            placeholder={t`sandbox-myapp-1a2b3c`}
            autoComplete="off"
            maxLength={200}
            required
            {...form.getInputProps("clientId")}
          />
          <PasswordInput
            label={t`Client secret`}
            description={setup.has_secret ? t`Leave it empty to keep the stored one.` : t`It is stored encrypted.`}
            autoComplete="off"
            maxLength={1000}
            required={!setup.has_secret}
            {...form.getInputProps("secret")}
          />
          {isOtherBanks && (
            <Checkbox
              label={t`Change it, and connect those banks again afterwards`}
              {...form.getInputProps("evenIfConnected", { type: "checkbox" })}
            />
          )}
          <Group>
            <Button type="submit" loading={save.isPending}>
              <Trans>Check and save</Trans>
            </Button>
            {save.data?.is_well === false && (
              <Button variant="default" onClick={() => submit(true)}>
                <Trans>Save anyway</Trans>
              </Button>
            )}
          </Group>
          {save.error && <Problem error={save.error} title={t`Not saved`} />}
          {save.data && <CheckList checks={save.data} />}
          {save.isSuccess && save.data === null && (
            <Alert color="yellow">
              <Trans>Saved without a check.</Trans>
            </Alert>
          )}
        </Stack>
      </form>
    </Card>
  );
}
