// The page: top bar, sidebar, the screen of the path, and a thread beside it. On a phone one of them at a time.

import { CSPProvider } from "@base-ui/react/csp-provider";
import { Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { matchPath, readRoute, useRoute } from "../router.ts";
import { screens } from "../screens.tsx";
import { useHum } from "../store/store.ts";
import { EmptyState, Spinner } from "../ui/badge.tsx";
import { cx } from "../ui/cx.ts";
import { lazily } from "../ui/load.ts";
import { Toasts } from "../ui/toast.tsx";
import { TooltipProvider } from "../ui/tooltip.tsx";
import { Banners } from "./banners.tsx";
import { Dialogs } from "./dialogs.tsx";
import { useKeys } from "./keys.ts";
import { Locked } from "./locked.tsx";
import { Sidebar } from "./sidebar.tsx";
import { TopBar } from "./top-bar.tsx";
import { useTitle } from "./use-title.ts";

const ThreadPane = lazily(() => import("../chat/thread-pane.tsx"), "ThreadPane");

/** The whole page. */
export function App() {
  const phase = useHum((state) => state.phase);
  return (
    <CSPProvider disableStyleElements>
      <TooltipProvider>
        {phase === "ready" ? <Workplace /> : phase === "locked" ? <Locked /> : <Starting />}
        <Toasts />
      </TooltipProvider>
    </CSPProvider>
  );
}

function Starting() {
  const { t } = useTranslation();
  const line = useHum((state) => state.line);
  return (
    <main className="starting">
      <Spinner />
      {line === "broken" && <p>{t("shell.notReached")}</p>}
    </main>
  );
}

function Workplace() {
  const { t } = useTranslation();
  const route = useRoute();
  // On a phone the sidebar is a page of its own, which lies over the others.
  const [menu, setMenu] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it closes when the path changes.
  useEffect(() => setMenu(false), [route.path, route.thread]);
  useKeys();
  useTitle();
  return (
    <div className={cx("app", route.thread !== null && "app-with-thread", menu && "app-with-menu")}>
      <TopBar menu={menu} onMenu={() => setMenu((open) => !open)}>
        <a className="skip" href={`#${readRoute().path}`} onClick={toMain}>
          {t("shell.skip")}
        </a>
      </TopBar>
      <Banners />
      <div className="app-body">
        <Sidebar onClose={() => setMenu(false)} />
        <main className="main" id="main" tabIndex={-1}>
          <Suspense fallback={<Waiting />}>
            <Screen path={route.path} query={route.query} />
          </Suspense>
        </main>
        {route.thread !== null && (
          <Suspense fallback={<aside className="pane" />}>
            <ThreadPane key={route.thread} id={route.thread} at={route.threadAt} base={route.path} />
          </Suspense>
        )}
      </div>
      <Dialogs />
    </div>
  );
}

function toMain(event: { preventDefault: () => void }) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** What stands in a screen until its code is there. */
function Waiting() {
  return (
    <div className="screen-wait">
      <Spinner />
    </div>
  );
}

function Screen({ path, query }: { path: string; query: Readonly<Record<string, string>> }) {
  const { t } = useTranslation();
  for (const screen of screens) {
    const params = matchPath(screen.path, path);
    if (params) return <screen.view params={params} query={query} />;
  }
  return (
    <>
      <h1 className="visually-hidden">{t("shell.nowhere")}</h1>
      <EmptyState icon="search" title={t("shell.nowhere")} about={t("shell.nowhereAbout")}>
        <a href="#/">{t("shell.home")}</a>
      </EmptyState>
    </>
  );
}
