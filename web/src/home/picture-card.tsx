// The landscape at the top of the home page, with one sentence for those who do not see it and a legend for those who
// want to know.

import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { createLight, toMoment } from "../../../os/src/device/canvas/paint/light.ts";
import type { Facts } from "../../../os/src/device/canvas/paint/paint.ts";
import { Landscape } from "../landscape/picture.tsx";
import { useTalking } from "../talk/talking.ts";
import { useTheme } from "../theme.ts";
import { IconButton } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";

/** The week in which a moment lies: the place that is painted changes with it. */
export function toWeek(at: number): number {
  return Math.floor((at / 86_400_000 + 3) / 7);
}

const signs = ["running", "waiting", "done", "halted", "light", "place"] as const;

/** The picture with its legend. */
export function PictureCard({ seed, facts, now }: { seed: string; facts: Facts; now: number }) {
  const { t, i18n } = useTranslation();
  const dark = useTheme((state) => state.dark);
  // An answer is heard sooner when no picture is painted beside it.
  const talking = useTalking(({ on }) => on);
  const [legend, setLegend] = useState(false);
  const label = useMemo(() => {
    const light = createLight(toMoment(new Date(now)), "light");
    const night = light.night > 0.6;
    const seen = [
      facts.running.length > 0 &&
        t(night ? "home.picture.fireflies" : "home.picture.birds", { count: facts.running.length }),
      facts.waiting.length > 0 && t("home.picture.lanterns", { count: facts.waiting.length }),
      facts.done.length > 0 && t("home.picture.flowers", { count: facts.done.length }),
      facts.halted && t("home.picture.still"),
    ].filter((text) => text !== false);
    const scene = t("home.picture.scene", {
      season: t(`home.picture.season.${light.season.name}`),
      part: t(`home.picture.part.${light.part}`),
    });
    if (seen.length === 0) return t("home.picture.quiet", { scene });
    return t("home.picture.seen", { scene, seen: new Intl.ListFormat(i18n.language).format(seen) });
  }, [facts, now, t, i18n.language]);
  return (
    <div className="home-picture">
      <Landscape
        seed={`${seed}/${toWeek(now)}`}
        theme={dark ? "dark" : "light"}
        facts={facts}
        label={label}
        still={talking}
      />
      <div className="home-legend">
        <IconButton icon="question" label={t("home.legend.open")} small onClick={() => setLegend(true)} />
      </div>
      <Dialog open={legend} onClose={() => setLegend(false)} title={t("home.legend.title")} about={label}>
        <dl className="home-signs">
          {signs.map((sign) => (
            <div key={sign}>
              <dt>{t(`home.legend.${sign}.sign`)}</dt>
              <dd>{t(`home.legend.${sign}.means`)}</dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </div>
  );
}
