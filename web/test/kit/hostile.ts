// The worst that text can be: what an entity, a file or a stranger may write, and what must stay harmless on the page.

/** Marks that this text is there; it must be seen, as text. */
export const hostileMark = "harmless-mark";

/** A word so long that it must not widen the page. */
export const longWord = "unbreakable".repeat(60);

/** Anything hostile in one text. */
export const hostileText = [
  `${hostileMark} <script>window.hacked = "script"</script>`,
  `<img src=x onerror="window.hacked = 'img'"> <svg onload="window.hacked = 'svg'"></svg>`,
  "![pixel](http://127.0.0.1:9/pixel.png?secret=1) ![data](data:image/svg+xml;base64,PHN2Zz4=)",
  '[press](javascript:window.hacked="link") [press too](data:text/html,<script>1</script>) [out](http://127.0.0.1:9/out)',
  '<a href="javascript:window.hacked=\'a\'">press</a> <iframe src="http://127.0.0.1:9/"></iframe>',
  "invoice\u202efdp.exe and \u2066hidden\u2069 and a\u200bb and \u0007 bell",
  longWord,
  '</textarea></script><style>* { display: none !important }</style><form action="http://127.0.0.1:9/"><button>Sign in</button></form>',
].join("\n\n");

/** A hostile name for a task or a thread. */
export const hostileTitle = `${hostileMark} <b onmouseover="window.hacked='title'">bold</b> \u202etxt.exe ${"long".repeat(50)}`;
