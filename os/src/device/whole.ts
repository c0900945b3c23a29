// Sets that a person names as a whole: "write to all my contacts", "tell each contact". Who wants everybody of a kind to be
// reached has named each one; who looks "through all my contacts" has not. So the words must say it in so many words:
//
//   before   a word of reaching: to, tell, mail, invite, share ... with, send ... (a letter)
//   the set  all, every or each (one of, of my, of the, our) with the noun of the kind, and nothing between
//   after    the end, a sign, or a word that begins something else: "all contacts in Rome", "all my contacts' sons",
//            "every contact form", "contacts.txt" and "send all contacts to Ann" name no set
//
// Who makes an exception, says no to anything or takes something back in any of the messages is asked: what is left out is not
// understood here.

import { toPlainPattern } from "./match.ts";

/** What one and several of a kind are called: contact, contacts. */
export interface Kind {
  one: string;
  many: string;
}

/** Whether a person has named everybody of a kind as those who are to be reached. */
export function namesAll(kind: Kind, words: readonly string[]): boolean {
  const asked = toPattern(kind);
  const texts = words.map(toSingle);
  return texts.some((text) => asked.test(text)) && !texts.some((text) => excepting.test(text));
}

/** Whether a text is nothing but the name of such a set: "all my contacts". */
export const isSet = (kind: Kind, text: string): boolean =>
  new RegExp(`^${toSet(kind)}$`, "iu").test(toSingle(text).trim());

/** With single spaces, so that a pattern need not try how many there are. */
const toSingle = (text: string): string => text.replace(/[^\S\n]+/g, " ");

function toSet({ one, many }: Kind): string {
  const several = `${own} ${toPlainPattern(many)}`;
  return `(?:all (?:of )?(?:${several}|${toPlainPattern(many)})|(?:each|every) ${toPlainPattern(one)}|(?:each|every one) of ${several})`;
}

function toPattern(kind: Kind): RegExp {
  const set = toSet(kind);
  const whole = [
    `(?:${reaching}) ${set}(?: ?$| ?\\n| ?[.,;:!?)"”]${edge}| (?:${after})${edge})`,
    `(?:${giving}) ${set} (?:${article})${edge}`,
    `(?:${calling}) ${set} to${edge}`,
  ].join("|");
  return new RegExp(`(?<![\\p{L}\\p{N}_'’-])(?:${whole})`, "iu");
}

/** Where a word or a sign ends. */
const edge = "(?![\\p{L}\\p{N}\\p{M}_'’-])";
const own = "(?:my|our|the|these)";
const article = "a|an|the|my|our|this|these|it";
/** Words after which those stand who are reached. */
const reaching =
  "(?<!(?:according|compared?|addition|relative|next|close) )to|share [^.!?;\\n]{1,200} with|cc|bcc|tell|mail|e-?mail|message|" +
  "invite|ask|remind|notify|inform|warn|thank|greet|congratulate|write|add";
/** Words after which what is sent may stand as well. */
const giving = "send|give|show|forward";
/** Words after whose set "to" tells what for, not whom. */
const calling = "invite|ask|remind";
/** Words that can neither narrow a set nor make the noun a part of another one. */
const after = `${article}|and|or|then|about|as|if|when|before|once|today|tomorrow|tonight|now|please|individually|separately|personally|write|send|say|give`;
const excepting =
  /(?<![\p{L}\p{N}_])(?:not|never|no|nobody|none|nor|neither|except|excepting|excluding|exclude|but|without|unless|only|instead|rather|skip|omit|ignore|leave|apart|aside|others?|besides|until|cannot|dont|just|forget|stop|cancel|scratch|actually|wait)(?![\p{L}\p{N}_])|n['’]t(?![\p{L}\p{N}_])/iu;
