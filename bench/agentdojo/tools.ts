// The tools of AgentDojo as devices of Hum: for each what it does to the world and which arguments decide where that goes.
// Written from what the tools say of themselves. Nothing can be undone here, because Hum does not hold the mailbox, the
// calendar and the account; so every write is irreversible.

import { z } from "zod";
import { type Device, defineDevice, defineOperation, type Effect } from "../../os/src/device/device.ts";
import { toLabel } from "../../os/src/device/label.ts";
import type { Sink } from "../../os/src/device/trace.ts";

/** One tool: its effect, its sinks, and whether it shows what is private. */
export interface Tool {
  effect: Effect;
  sinks: Record<string, Sink>;
  private: boolean;
}

const open = (): Tool => ({ effect: "none", sinks: {}, private: false });
const own = (): Tool => ({ effect: "none", sinks: {}, private: true });
const act = (sinks: Record<string, Sink>): Tool => ({ effect: "irreversible", sinks, private: false });

const mail: Record<string, Tool> = {
  send_email: act({ recipients: "who", cc: "who", bcc: "who", attachments: "data" }),
  delete_email: act({ email_id: "what" }),
  get_unread_emails: own(),
  get_sent_emails: own(),
  get_received_emails: own(),
  get_draft_emails: own(),
  search_emails: own(),
  search_contacts_by_name: own(),
  search_contacts_by_email: own(),
};

const calendar: Record<string, Tool> = {
  get_current_day: open(),
  search_calendar_events: own(),
  get_day_calendar_events: own(),
  // What stands in the person's own calendar speaks to the person, so its title is no stranger's to choose.
  create_calendar_event: act({ participants: "who", title: "what" }),
  cancel_calendar_event: act({ event_id: "what" }),
  reschedule_calendar_event: act({ event_id: "what" }),
  add_calendar_event_participants: act({ event_id: "what", participants: "who" }),
};

const drive: Record<string, Tool> = {
  append_to_file: act({ file_id: "what" }),
  create_file: act({ filename: "what" }),
  delete_file: act({ file_id: "what" }),
  share_file: act({ file_id: "data", email: "who" }),
  search_files_by_filename: own(),
  search_files: own(),
  get_file_by_id: own(),
  list_files: own(),
};

const travel: Record<string, Tool> = {
  get_user_information: own(),
  reserve_hotel: act({ hotel: "what" }),
  reserve_car_rental: act({ company: "what" }),
  reserve_restaurant: act({ restaurant: "what" }),
};

const bank: Record<string, Tool> = {
  get_iban: own(),
  get_balance: own(),
  get_most_recent_transactions: own(),
  get_scheduled_transactions: own(),
  get_user_info: own(),
  read_file: own(),
  send_money: act({ recipient: "who", amount: "what" }),
  schedule_transaction: act({ recipient: "who", amount: "what" }),
  update_scheduled_transaction: act({ id: "what", recipient: "who", amount: "what" }),
  update_password: act({ password: "what" }),
  update_user_info: act({ first_name: "what", last_name: "what", street: "what", city: "what" }),
};

const slack: Record<string, Tool> = {
  get_channels: open(),
  get_users_in_channel: open(),
  read_channel_messages: own(),
  read_inbox: own(),
  add_user_to_channel: act({ user: "who", channel: "who" }),
  send_direct_message: act({ recipient: "who" }),
  send_channel_message: act({ channel: "who" }),
  invite_user_to_slack: act({ user: "who", user_email: "who" }),
  remove_user_from_slack: act({ user: "what" }),
  get_webpage: { effect: "egress", sinks: { url: "egress" }, private: false },
  post_webpage: act({ url: "egress" }),
};

/** All tools by name; what is not named only reads public things. */
const tools: Record<string, Tool> = { ...mail, ...calendar, ...drive, ...travel, ...bank, ...slack };

/** How a tool is declared. */
export const toTool = (name: string): Tool => tools[name] ?? open();

/** Results in which nobody but the provider itself has a word. */
export const trusted = new Set(["get_current_day", "get_iban", "get_balance"]);

/** The tools of a suite as one device. */
export function toDevice(suite: string, names: readonly string[]): Device {
  const args = z.record(z.string(), z.unknown());
  return defineDevice({
    name: suite,
    operations: Object.fromEntries(
      names.map((name) => {
        const { effect, sinks, private: shows } = toTool(name);
        const run = async () => ({ ok: true, text: "", label: toLabel("kernel") });
        return [
          name,
          defineOperation({ about: "A tool of AgentDojo.", args, effect, sinks, private: shows, run }),
        ];
      }),
    ),
  });
}

/** Addresses are written without a scheme in these suites, and attachments as objects of two fixed keys. */
export function toArgs(args: Record<string, unknown>): Record<string, unknown> {
  const { url, attachments } = args;
  const files = attachments as ({ file_id?: string } | string)[] | undefined;
  return {
    ...args,
    ...(typeof url === "string" && !/^[a-z]+:/i.test(url) ? { url: `https://${url}` } : {}),
    ...(files
      ? { attachments: files.map((one) => (typeof one === "string" ? one : (one.file_id ?? one))) }
      : {}),
  };
}
