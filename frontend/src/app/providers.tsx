import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { queryClient } from "../api/queryClient";
import { PasswordDialog } from "../features/auth/PasswordDialog";
import { styleNonce } from "../lib/styleNonce";
import { router } from "./router";
import { readableColours, theme } from "./theme";

export function Providers() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readableColours}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <Notifications position="top-center" />
      <QueryClientProvider client={queryClient}>
        <PasswordDialog />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
