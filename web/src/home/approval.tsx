// One effect that waits for your yes, in the same frame as on the page of approvals, to be answered where it stands.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ShownApproval } from "../../../os/src/workplace/api.ts";
import { answerApproval } from "../client/commands.ts";
import { act } from "../client/rest.ts";
import { ApprovalFrame } from "../control/approvals/approval-frame.tsx";
import { toCalls } from "../control/view/payload.ts";
import { Button } from "../ui/button.tsx";
import "../control/control.css";
import "../control/parts/controls.css";
import "../control/approvals/approvals.css";

/** An approval with its two answers. */
export function Approval({ approval, now }: { approval: ShownApproval; now: number }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const calls = toCalls(approval);
  const answer = (to: "approved" | "denied") => {
    setBusy(true);
    act(answerApproval(approval.id, to).finally(() => setBusy(false)));
  };
  return (
    <ApprovalFrame approval={approval} now={now}>
      <div className="home-answers">
        <Button busy={busy} onClick={() => answer("denied")}>
          {calls ? t("control.approvals.denyMany", { count: calls.length }) : t("home.needs.deny")}
        </Button>
        <Button kind="primary" busy={busy} onClick={() => answer("approved")}>
          {calls ? t("control.approvals.approveMany", { count: calls.length }) : t("home.needs.approve")}
        </Button>
      </div>
    </ApprovalFrame>
  );
}
