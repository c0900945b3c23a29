// What stands where something is loaded: a quiet sign of work, or why it failed with a way to try again.

import { useTranslation } from "react-i18next";
import { EmptyState, Spinner } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";

/** The state of a load that has no value yet. */
export function Pending({ error, again }: { error: string | null; again?: () => void }) {
  const { t } = useTranslation();
  if (error === null)
    return (
      <div className="ctl-pending">
        <Spinner />
      </div>
    );
  return (
    <EmptyState icon="warning" title={t("control.failed")} about={error}>
      {again && <Button onClick={again}>{t("control.again")}</Button>}
    </EmptyState>
  );
}
