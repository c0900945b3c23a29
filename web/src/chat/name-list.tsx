// The names that fit what is typed after an @: colleagues with their wave, people with their initials.

// biome-ignore-all lint/a11y/useFocusableInteractive: the text area keeps the focus and says which one is chosen
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keys are those of the text area

import { useTranslation } from "react-i18next";
import { Avatar } from "../ui/avatar.tsx";
import { cx } from "../ui/cx.ts";
import type { Name } from "./view/mention.ts";

interface NameListProps {
  id: string;
  names: readonly Name[];
  chosen: number;
  onTake: (index: number) => void;
  onChoose: (index: number) => void;
}

/** The list. */
export function NameList({ id, names, chosen, onTake, onChoose }: NameListProps) {
  const { t } = useTranslation();
  return (
    <div className="names" role="listbox" id={id} aria-label={t("chat.names")}>
      {names.map(({ name, kind, about }, index) => (
        <div
          key={name}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          className={cx("name", index === chosen && "name-chosen")}
          // The caret stays where it is.
          onPointerDown={(event) => event.preventDefault()}
          onPointerMove={() => onChoose(index)}
          onClick={() => onTake(index)}
        >
          <Avatar name={name} kind={kind} size={24} />
          <bdi className="name-word">{name}</bdi>
          <span className="name-about">{kind === "person" ? t("chat.person") : about}</span>
        </div>
      ))}
    </div>
  );
}
