// The build of the browser half: to web/dist, nothing inlined, so that the page runs under a policy without inline
// scripts and styles. In development /api goes to a running Hum (or the server of web/test/fake-server.ts): HUM_URL.

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const hum = process.env.HUM_URL ?? "http://127.0.0.1:4870";

export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    cssTarget: ["chrome126", "firefox128", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
    // What every screen needs is one file beside the libraries, not twenty small ones: each costs a request and its head.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: "libraries",
              test: /node_modules[\\/](react|react-dom|scheduler|zustand|i18next|react-i18next|use-sync-external-store)[\\/]/,
            },
            {
              name: "base",
              test: /web[\\/]src[\\/](client[\\/]|store[\\/]|router\.|theme\.|i18n[\\/]texts|shell[\\/](focus|dialog-store|early-keys)|ui[\\/](avatar|badge|button|cx|dialog\.|face|field|icon|kbd|load|toast|tooltip))(?!.*\.css)/,
            },
          ],
        },
      },
    },
  },
  server: { host: "127.0.0.1", proxy: { "/api": { target: hum, ws: true } } },
});
