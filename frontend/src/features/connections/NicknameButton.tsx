import { t } from "@lingui/core/macro";
import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Account } from "../../api/types";
import { FormDialog } from "../../components/FormDialog";

/** Shows an account under the user's own name for it. */
export function NicknameButton({ account }: { account: Account }) {
  const client = useQueryClient();
  const form = useForm({ initialValues: { nickname: account.nickname ?? "" } });
  const rename = useMutation({
    mutationFn: (nickname: string) =>
      answered(
        api.PUT("/api/truelayer/accounts/{account_id}/nickname", {
          params: { path: { account_id: account.account_id } },
          body: { nickname: nickname.trim() || null },
        }),
      ),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <FormDialog
      label={t`Rename`}
      variant="subtle"
      size="compact-xs"
      // Its words begin where a line does.
      mx={-7}
      aria-label={t`Rename ${{ displayName: account.display_name }}`}
      title={t`Rename ${{ displayName: account.display_name }}`}
      submit={t`Save`}
      error={rename.error}
      isPending={rename.isPending}
      onSubmit={(close) => rename.mutate(form.values.nickname, { onSuccess: close })}
    >
      <TextInput
        label={t`Your name for it`}
        description={t`Leave empty to show the bank's name: ${{ listedName: account.listed_name }}`}
        maxLength={80}
        data-autofocus
        {...form.getInputProps("nickname")}
      />
    </FormDialog>
  );
}
