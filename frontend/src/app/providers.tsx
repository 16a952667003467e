import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { queryClient } from "../api/queryClient";
import { styleNonce } from "../lib/styleNonce";
import { router } from "./router";
import { readableColours, theme } from "./theme";

// The frame is drawn without it.
const PasswordDialog = lazy(async () => ({
  default: (await import("../features/auth/PasswordDialog")).PasswordDialog,
}));

export function Providers() {
  return (
    <I18nProvider i18n={i18n}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={readableColours}
        defaultColorScheme="auto"
        getStyleNonce={styleNonce}
      >
        <Notifications position="top-center" />
        <QueryClientProvider client={queryClient}>
          <Suspense>
            <PasswordDialog />
          </Suspense>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>
  );
}
