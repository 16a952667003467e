import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const API = process.env.BANKIMPORT_URL ?? "http://127.0.0.1:8000";

// Built into the Python package, which serves it; in development the API is proxied.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../backend/src/bankimport/web",
    emptyOutDir: true,
    sourcemap: false,
    manifest: "manifest.json",
    chunkSizeWarningLimit: 1000,
  },
  server: { proxy: { "/api": API, "/socket.io": { target: API, ws: true } } },
  test: { environment: "jsdom", setupFiles: "src/test/setup.ts", restoreMocks: true, testTimeout: 60_000 },
});
