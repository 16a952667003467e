import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Providers } from "./app/providers";
import { startLanguage } from "./lib/language";
import { shareStyleNonce } from "./lib/styleNonce";

shareStyleNonce();
const root = document.getElementById("root");
if (root === null) throw new Error("the page has no root");
// Without a top-level await, for which the bundler would split the start into many more files.
void startLanguage().then(() =>
  createRoot(root).render(
    <StrictMode>
      <Providers />
    </StrictMode>,
  ),
);
