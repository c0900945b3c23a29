// The beginning: the token leaves the address, theme and language are set before the first paint, then the page.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { takeToken } from "./client/token.ts";
import { beginPreferences } from "./control/settings/preferences.ts";
import { beginTexts } from "./i18n/texts.ts";
import { App } from "./shell/app.tsx";
import { beginOutbox } from "./store/outbox.ts";
import { begin } from "./store/store.ts";
import { beginTheme } from "./theme.ts";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/buttons.css";
import "./ui/popups.css";
import "./ui/fields.css";
import "./ui/facts.css";
import "./shell/sidebar.css";
import "./shell/shell.css";

takeToken();
beginTheme();
beginPreferences();
await beginTexts();
createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
beginOutbox();
await begin();
