// The last step of reading a post's Markdown: names, channels and hidden characters become elements of their own, which
// components draw. It runs after everything that cleans, so that no text can pretend to be one of them. Pure.

import type { harden } from "rehype-harden";
import { type PostPiece, toCodePieces, toPieces } from "./pieces.ts";

/** The tree of a page of HTML, as unified's plugins pass it on. */
export type Tree = Parameters<ReturnType<typeof harden>>[0];
/** One node of it. */
export type Node = Tree["children"][number];
type Element = Extract<Node, { type: "element" }>;

/** Class of a link that stands where an image was; no text can set one. */
export const imageClass = "post-image";

/** Elements whose words are no places for names: they are code, or already lead somewhere. */
const still = new Set(["code", "pre", "a"]);
/** Elements in which a single end of a line is one, as people write. */
const flowing = new Set(["p", "li", "td", "th", "em", "strong", "del"]);

/** HTML becomes the words that it is: what was written is seen, as it was written. Runs before anything is cleaned. */
export function showHtml() {
  return (tree: Tree): void => toWords(tree as unknown as Element, true);
}

function toWords(parent: Element, root: boolean): void {
  parent.children = parent.children.map((node) => {
    if (node.type === "element") toWords(node, false);
    if ((node.type as string) !== "raw") return node;
    const text: Node = { type: "text", value: (node as unknown as { value: string }).value };
    return root ? { type: "element", tagName: "p", properties: {}, children: [text] } : text;
  });
}

/** Images become links to where they lie: nothing of outside is loaded. Runs before the cleaning of links. */
export function unloadImages() {
  return (tree: Tree): void => walk(tree, (node) => [node.tagName === "img" ? toImageLink(node) : node]);
}

/** Makes the elements. `mentions` are the names that the server knows in the post. */
export function decorate({ mentions }: { mentions: readonly string[] }) {
  return (tree: Tree): void => {
    walk(tree, (node) => {
      // Anchors of a post would be anchors of the page.
      delete node.properties.id;
      delete node.properties.ariaDescribedBy;
      return [node];
    });
    inText(tree as unknown as Element, { mentions, quiet: false });
  };
}

function walk(parent: { children: Node[] }, change: (node: Element) => Node[]): void {
  parent.children = parent.children.flatMap((node) => (node.type === "element" ? change(node) : [node]));
  for (const node of parent.children) if (node.type === "element") walk(node, change);
}

function toImageLink(node: Element): Element {
  const { src, alt } = node.properties;
  const text = typeof alt === "string" && alt.trim() !== "" ? alt : "";
  return {
    type: "element",
    tagName: "a",
    properties: { href: typeof src === "string" ? src : "", className: [imageClass] },
    children: [{ type: "text", value: text }],
  };
}

function inText(parent: Element, how: { mentions: readonly string[]; quiet: boolean }): void {
  parent.children = parent.children.flatMap((node): Element["children"] => {
    if (node.type === "element") {
      inText(node, { ...how, quiet: how.quiet || still.has(node.tagName) });
      return [node];
    }
    if (node.type !== "text") return [node];
    const pieces = how.quiet ? toCodePieces(node.value) : toPieces(node.value, how.mentions);
    return pieces.flatMap((piece) => toNodes(piece, !how.quiet && flowing.has(parent.tagName)));
  });
}

function toNodes(piece: PostPiece, breaks: boolean): Element["children"] {
  if (piece.kind === "text") return breaks ? toLines(piece.text) : [{ type: "text", value: piece.text }];
  const properties =
    piece.kind === "mark"
      ? { dataPiece: "mark", dataName: piece.name, dataCode: piece.code, dataRaw: piece.raw }
      : { dataPiece: piece.kind, dataName: piece.name };
  return [{ type: "element", tagName: "span", properties, children: [] }];
}

// Between blocks there are ends of lines that mean nothing; within words they are the writer's.
function toLines(text: string): Element["children"] {
  if (text.trim() === "" || !text.includes("\n")) return [{ type: "text", value: text }];
  return text.split("\n").flatMap((line, index): Element["children"] => {
    const node: Node = { type: "text", value: line };
    return index === 0 ? [node] : [{ type: "element", tagName: "br", properties: {}, children: [] }, node];
  });
}

/** The words of a node, with what its marks stand for: what is copied is what was written. */
export function toRaw(node: Element): string {
  return node.children
    .map((child) => {
      if (child.type === "text") return child.value;
      if (child.type !== "element") return "";
      const raw = child.properties.dataRaw;
      return typeof raw === "string" ? raw : toRaw(child);
    })
    .join("");
}
