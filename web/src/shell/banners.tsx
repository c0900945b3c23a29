// What concerns the whole page: everything is stopped, the machine is troubled, the model is not there yet.

import { useTranslation } from "react-i18next";
import { halt } from "../client/commands.ts";
import { act } from "../client/rest.ts";
import { useHum } from "../store/store.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";

/** The lines below the top bar; nothing when all is well. */
export function Banners() {
  const { t } = useTranslation();
  const halted = useHum((state) => state.halted);
  const trouble = useHum((state) => state.trouble);
  const model = useHum((state) => state.model);
  return (
    <div className="banners" role="status">
      {halted && (
        <div className="banner banner-danger">
          <Icon name="stop" />
          <p>{t("shell.haltedAbout")}</p>
          <Button small onClick={() => act(halt(false))}>
            {t("shell.unhalt")}
          </Button>
        </div>
      )}
      {trouble && (
        <div className="banner banner-warn">
          <Icon name="warning" />
          <p>{trouble}</p>
        </div>
      )}
      {model && model.state !== "ready" && (
        <div className={model.state === "missing" ? "banner banner-warn" : "banner"}>
          <Icon name={model.state === "missing" ? "warning" : "clock"} />
          <p>
            {t(`shell.model.${model.state}`, {
              id: model.id,
              part: model.total ? Math.floor(((model.done ?? 0) / model.total) * 100) : 0,
            })}
          </p>
        </div>
      )}
    </div>
  );
}
