// A menu of actions behind a button.

import { Menu as Base } from "@base-ui/react/menu";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx.ts";
import { Icon, type IconName } from "./icon.tsx";
import { Kbd } from "./kbd.tsx";

/** One line of a menu. */
export interface MenuItem {
  label: string;
  icon?: IconName;
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Shown with a check mark when set: this item is one of a choice. */
  checked?: boolean;
  run: () => void;
}

interface MenuProps {
  /** The button that opens it; it must take a ref. */
  trigger: ReactElement;
  items: (MenuItem | "line")[];
  head?: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
  /** It is open from the beginning. */
  begins?: boolean;
}

/** A button with a menu. */
export function Menu({ trigger, items, head, align = "end", side = "bottom", begins = false }: MenuProps) {
  return (
    <Base.Root defaultOpen={begins}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={5} align={align} side={side} className="popup-place">
          <Base.Popup className="menu">
            {head && <div className="menu-head">{head}</div>}
            {items.map((item, index) =>
              item === "line" ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its place.
                <Base.Separator key={`line-${index}`} className="menu-line" />
              ) : (
                <Base.Item
                  key={item.label}
                  disabled={item.disabled ?? false}
                  onClick={item.run}
                  className={cx("menu-item", item.danger && "menu-item-danger")}
                >
                  <span className="menu-icon">
                    {item.checked ? (
                      <Icon name="check" size={16} />
                    ) : (
                      item.icon && <Icon name={item.icon} size={16} />
                    )}
                  </span>
                  <span className="menu-label">{item.label}</span>
                  {item.checked && <span className="visually-hidden">✓</span>}
                  {item.keys && <Kbd keys={item.keys} />}
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
