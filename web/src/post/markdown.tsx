// Markdown of a post as elements. Three walls, each enough by itself: HTML in the text is text; what remains goes through
// an allow list; links that are not of the web are taken off. Nothing is loaded: an image is a link to where it lies.

import { type ComponentProps, memo, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import Markdown, { type Components, type ExtraProps } from "react-markdown";
import { harden } from "rehype-harden";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import { IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { toast } from "../ui/toast.tsx";
import { ChannelChip, Mention } from "./chips.tsx";
import { decorate, imageClass, showHtml, toRaw, unloadImages } from "./decorate.ts";
import { toLinkView } from "./links.ts";

const schema = {
  ...defaultSchema,
  tagNames: (defaultSchema.tagNames ?? []).filter(
    (name) => !["img", "picture", "source", "details"].includes(name),
  ),
  attributes: { ...defaultSchema.attributes, a: ["href", ["className", imageClass]] as never },
  protocols: { ...defaultSchema.protocols, href: ["http", "https", "mailto"] },
};

type Of<T extends keyof React.JSX.IntrinsicElements> = ComponentProps<T> & ExtraProps;

function Link({ href = "", className, children }: Of<"a">) {
  const { t } = useTranslation();
  const view = toLinkView(href, toText(children));
  const image = className === imageClass;
  const words = image ? (
    <>
      <Icon name="eyeOff" size={14} />
      {children || t("post.image")}
    </>
  ) : (
    children
  );
  if (view === null) return image ? <span className="post-image">{words}</span> : children;
  if (view.inside) return <a href={href}>{words}</a>;
  return (
    <>
      <a
        href={href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        referrerPolicy="no-referrer"
        className={image ? "post-image" : undefined}
        title={image ? t("post.imageAbout") : undefined}
      >
        {words}
      </a>
      {view.host !== null && <span className="post-host">{view.host}</span>}
    </>
  );
}

/** The words of what React was given. */
function toText(children: ReactNode): string {
  if (typeof children === "string") return children;
  return Array.isArray(children) ? children.map(toText).join("") : "";
}

function CodeBlock({ node, children }: Of<"pre">) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const code = node?.children.find((child) => child.type === "element");
  const names = code?.type === "element" ? code.properties.className : undefined;
  const language = (Array.isArray(names) ? names : [])
    .map((name) => /^language-([\w+#.-]{1,20})$/.exec(String(name))?.[1])
    .find((name) => name !== undefined);
  const copy = () => {
    navigator.clipboard.writeText(node ? toRaw(node as never).replace(/\n$/, "") : "").then(
      () => {
        setCopied(true);
        setTimeout(() => setCopied(false), 1600);
      },
      () => toast(t("post.notCopied"), { kind: "error" }),
    );
  };
  return (
    <div className="post-code">
      <span className="post-code-head">
        {language && <span className="post-code-language">{language}</span>}
        <IconButton
          small
          icon={copied ? "check" : "copy"}
          label={t(copied ? "common.copied" : "common.copy")}
          onClick={copy}
        />
      </span>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <pre tabIndex={0}>{children}</pre>
    </div>
  );
}

function Piece({ node }: Of<"span">) {
  const { dataPiece, dataName, dataCode } = node?.properties ?? {};
  const name = String(dataName ?? "");
  if (dataPiece === "mention") return <Mention name={name} />;
  if (dataPiece === "channel") return <ChannelChip name={name} />;
  return (
    <span className="ctl-mark" title={String(dataCode ?? "")}>
      {name}
    </span>
  );
}

// A post stands under the headings of the page and must not add to them.
function Heading({ node, children }: ExtraProps & { children?: ReactNode }) {
  return <p className={`post-heading post-heading-${node?.tagName ?? ""}`}>{children}</p>;
}

const components: Components = {
  a: Link,
  pre: CodeBlock,
  span: Piece,
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <div className="post-table" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  input: function Box({ checked }: Of<"input">) {
    const { t } = useTranslation();
    return (
      <span className="post-box" role="img" aria-label={t(checked ? "post.ticked" : "post.open")}>
        {checked ? "☑" : "☐"}
      </span>
    );
  },
  ...{ h1: Heading, h2: Heading, h3: Heading, h4: Heading, h5: Heading, h6: Heading },
};

/** A text of a post. */
export const PostMarkdown = memo(function PostMarkdown({
  text,
  mentions,
}: {
  text: string;
  mentions: readonly string[];
}) {
  return (
    <Markdown
      remarkPlugins={[[remarkGfm, { singleTilde: false }]]}
      rehypePlugins={[
        showHtml,
        unloadImages,
        [rehypeSanitize, schema],
        [harden, { allowedLinkPrefixes: ["*"], linkBlockPolicy: "text-only", imageBlockPolicy: "text-only" }],
        [decorate, { mentions }],
      ]}
      components={components}
    >
      {text}
    </Markdown>
  );
});
