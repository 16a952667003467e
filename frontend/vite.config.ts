import { transformAsync } from "@babel/core";
import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig } from "vitest/config";
import { preloads } from "./preloads.ts";

const API = process.env.BANKIMPORT_URL ?? "http://127.0.0.1:8000";

// Built into the Python package, which serves it; in development the API is proxied.
export default defineConfig({
  plugins: [macros(), lingui({ failOnCompileError: true }), react(), compressed(), preloads()],
  build: {
    outDir: "../backend/src/bankimport/web",
    emptyOutDir: true,
    sourcemap: false,
    manifest: "manifest.json",
    rolldownOptions: {
      input: ["index.html", "api-docs.html"],
      output: {
        // A shared chunk's own name lists the pages that share it.
        chunkFileNames: ({ name }) => `assets/${name.startsWith("parts") ? "part" : "[name]"}-[hash].js`,
        codeSplitting: {
          // Hundreds of small chunks would need many turns to load; what most pages share comes with the first.
          groups: [
            { name: "shared", minShareCount: 10 },
            { name: "parts", minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 3_000 },
          ],
        },
      },
    },
    chunkSizeWarningLimit: 1600,
  },
  server: { proxy: { "/api": API, "/socket.io": { target: API, ws: true } } },
  test: {
    environment: "jsdom",
    setupFiles: "src/test/setup.ts",
    restoreMocks: true,
    testTimeout: 60_000,
    // Files share a thread's modules, so that Mantine, the router and msw are loaded once and not by each file.
    pool: "threads",
    isolate: false,
    maxWorkers: 2,
  },
});

/**
 * Compiles Lingui's macros away, in the files that import them. Lingui's own native transform (`macroTransform`) and
 * Rolldown's Babel plugin both need Node 22; this does the same on Node 20. English stays in the code.
 */
function macros() {
  return {
    name: "lingui-macros",
    enforce: "pre" as const,
    transform: {
      filter: { id: /\.tsx?$/, code: /@lingui\/(core|react)\/macro/ },
      async handler(code: string, id: string) {
        const done = await transformAsync(code, {
          filename: id,
          babelrc: false,
          configFile: false,
          sourceMaps: true,
          parserOpts: { plugins: ["typescript", "jsx"] },
          plugins: [["@lingui/babel-plugin-lingui-macro", { stripMessageField: false }]],
        });
        return { code: done?.code ?? code, map: done?.map ?? null };
      },
    },
  };
}

/** Puts `.br` and `.gz` beside each text asset, which the API serves to browsers that take them. */
function compressed() {
  return {
    name: "compressed",
    apply: "build" as const,
    writeBundle({ dir = "" }: { dir?: string }) {
      const assets = join(dir, "assets");
      for (const name of readdirSync(assets).filter((each) => /\.(js|css|svg)$/.test(each))) {
        const body = readFileSync(join(assets, name));
        writeFileSync(join(assets, `${name}.br`), brotliCompressSync(body));
        writeFileSync(join(assets, `${name}.gz`), gzipSync(body, { level: 9 }));
      }
    },
  };
}
