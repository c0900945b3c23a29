// A question for a yes, where it was asked. It is one line until it is looked at: an answer is only given below the exact
// payload, in the frame that all approvals have.

import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Revealed } from "../control/parts/revealed.tsx";
import { toCalls } from "../control/view/payload.ts";
import { useHum } from "../store/store.ts";
import { Spinner } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { lazily } from "../ui/load.ts";

const Approval = lazily(() => import("../home/approval.tsx"), "Approval");

/** The card of the approval with this id; when nobody waits for it any more, it says so. */
export function ApprovalCard({ id }: { id: string }) {
  const { t } = useTranslation();
  const approval = useHum((state) => state.approvals[id]);
  const [open, setOpen] = useState(false);
  const calls = approval ? toCalls(approval) : null;
  if (!approval)
    return (
      <p className="post-outcome">
        <span className="post-outcome-word">
          <Icon name="shield" size={15} />
          {t("post.answered")}
        </span>
      </p>
    );
  return (
    <div className="post-ask">
      <div className="post-ask-line">
        <Icon name="shield" size={18} />
        <span className="post-ask-what">
          <code>
            <Revealed text={approval.what} />
          </code>
          {calls && <span> × {calls.length}</span>}
          {approval.sink !== "" && approval.kind !== "budget" && (
            <span className="post-ask-sink">
              <span aria-hidden="true"> → </span>
              <Revealed text={approval.sink} />
            </span>
          )}
        </span>
        <Button small kind={open ? "quiet" : "primary"} aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? "post.close" : "post.look")}
        </Button>
      </div>
      {open && (
        <Suspense fallback={<Spinner />}>
          <Approval approval={approval} now={Date.now()} />
        </Suspense>
      )}
    </div>
  );
}
