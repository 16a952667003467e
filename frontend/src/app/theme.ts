/** The page's theme: colours, fonts, and contrast that meets WCAG AA in both colour schemes. */
import { t } from "@lingui/core/macro";
import { createTheme, type CSSVariablesResolver } from "@mantine/core";

const SYSTEM_FONT = 'Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

// Functions, so that they are called when a component is drawn, in the language of the page.
const closable = () => ({ closeButtonProps: { "aria-label": t`Close` } });
const hideable = () => ({ visibilityToggleButtonProps: { "aria-label": t`Toggle password visibility` } });

export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 8 },
  fontFamily: SYSTEM_FONT,
  headings: { fontFamily: SYSTEM_FONT, fontWeight: "650" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Title: { styles: { root: { overflowWrap: "anywhere" } } },
    Alert: { styles: { message: { overflowWrap: "anywhere" } } },
    Badge: { defaultProps: { radius: "sm", tt: "none", fw: 600 } },
    Card: { defaultProps: { withBorder: true, radius: "md", padding: "md" } },
    Table: { defaultProps: { verticalSpacing: "xs", highlightOnHover: true } },
    TableScrollContainer: { defaultProps: { type: "native", tabIndex: 0 } },
    Tooltip: { defaultProps: { withArrow: true, events: { hover: true, focus: true, touch: true } } },
    Notification: {
      defaultProps: closable,
      styles: { description: { color: "var(--mantine-color-dimmed)" } },
    },
    Modal: { defaultProps: () => ({ centered: true, ...closable() }) },
    Drawer: { defaultProps: closable },
    PasswordInput: { defaultProps: hideable },
  },
});

/** Mantine's dimmed, tinted and coloured texts have less than 4.5:1 contrast; these values reach it. */
export const readableColours: CSSVariablesResolver = (current) => {
  const light: Record<string, string> = {
    "--mantine-color-body": "#fbfbfd",
    "--mantine-color-dimmed": "var(--mantine-color-gray-7)",
    "--mantine-color-placeholder": "var(--mantine-color-gray-7)",
    "--mantine-color-error": "var(--mantine-color-red-9)",
    "--mantine-color-anchor": "var(--mantine-color-indigo-8)",
  };
  const dark: Record<string, string> = {
    "--mantine-color-dimmed": "var(--mantine-color-dark-1)",
    "--mantine-color-placeholder": "var(--mantine-color-dark-1)",
    "--mantine-color-error": "var(--mantine-color-red-4)",
    "--mantine-color-anchor": "var(--mantine-color-indigo-3)",
    // The library's is the colour of a card, on which a disabled button would look like words.
    "--mantine-color-disabled": "var(--mantine-color-dark-5)",
  };
  for (const colour of Object.keys(current.colors)) {
    if (colour === "dark") continue;
    const deep = `color-mix(in srgb, var(--mantine-color-${colour}-9) 65%, black)`;
    const filled = `color-mix(in srgb, var(--mantine-color-${colour}-9) 88%, black)`;
    if (colour !== current.primaryColor) {
      for (const scheme of [light, dark]) {
        scheme[`--mantine-color-${colour}-filled`] = filled;
        scheme[`--mantine-color-${colour}-filled-hover`] = deep;
      }
    }
    for (const use of ["light-color", "text", "outline"]) {
      light[`--mantine-color-${colour}-${use}`] = deep;
      dark[`--mantine-color-${colour}-${use}`] = `var(--mantine-color-${colour}-3)`;
    }
  }
  return { variables: {}, light, dark };
};
