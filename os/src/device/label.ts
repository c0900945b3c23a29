// Labels of the values that devices return. They are the same labels as those of memory pages.

export {
  homeReader,
  type Integrity,
  isUntrusted,
  joinLabels,
  type Label,
  toLabel,
  toPrivate,
  toUntrusted,
} from "../memory/label.ts";
