/** The setup of every test: matchers, answers of the API, and browser features that jsdom lacks. */
import { notifications } from "@mantine/notifications";
import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { startLanguage } from "../lib/language";
import { server } from "./server";

const ignored = () => undefined;

class NoResizes implements ResizeObserver {
  observe = ignored;
  unobserve = ignored;
  disconnect = ignored;
}

vi.stubGlobal("ResizeObserver", NoResizes);
Object.defineProperty(window, "matchMedia", {
  value: (query: string) => ({
    matches: false,
    media: query,
    addEventListener: ignored,
    removeEventListener: ignored,
    addListener: ignored,
    removeListener: ignored,
  }),
});
Element.prototype.scrollIntoView = ignored;
window.scrollTo = ignored;

await startLanguage();

// A busy machine must not fail a test.
configure({ asyncUtilTimeout: 15_000 });

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  cleanup();
  // Test files share modules, and so the store of messages.
  notifications.clean();
  server.resetHandlers();
});
afterAll(() => server.close());
