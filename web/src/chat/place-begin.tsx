// What stands before the first post of a place: what it is for, and how one begins.

import { useTranslation } from "react-i18next";
import type { Channel } from "../../../os/src/workplace/contract.ts";
import { useHum } from "../store/store.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon } from "../ui/icon.tsx";
import { toAbout } from "./view/about.ts";

/** The beginning. */
export function PlaceBegin({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const programs = useHum((state) => state.programs);
  const direct = channel.kind === "direct";
  const program = direct ? (channel.members.find((name) => name in programs) ?? channel.name) : "";
  return (
    <div className="begin">
      {direct ? (
        <Avatar name={program} kind="entity" size={48} />
      ) : (
        <span className="begin-icon">
          <Icon name="hash" size={24} />
        </span>
      )}
      <h2 className="begin-title">
        {direct ? channel.name : t("chat.begin.channel", { name: channel.name })}
      </h2>
      <p className="begin-about">
        {(direct ? programs[program]?.description : toAbout(channel, t)) || t("chat.begin.about")}
      </p>
      <p className="begin-how">{t(direct ? "chat.begin.direct" : "chat.begin.how")}</p>
    </div>
  );
}
