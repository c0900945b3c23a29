// Labels of the values that devices return. They are the same labels as those of memory pages.

export { type Integrity, joinLabels, type Label, toLabel, toUntrusted } from "../memory/label.ts";
