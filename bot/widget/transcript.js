/** The conversation as a text file. */
import { make } from "./dom.js";

/** Offers `messages` for keeping, under a name that says nothing of them. */
export function download(messages, texts, language) {
  const content = [texts.title, ...messages.map((message) => said(message, texts, language))].join("\n\n");
  const url = URL.createObjectURL(new Blob([content, "\n"], { type: "text/plain;charset=utf-8" }));
  make("a", { href: url, download: texts.file }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function said(message, texts, language) {
  const who = message.from === "visitor" ? texts.you : texts.assistant;
  const when = message.at ? ` (${new Date(message.at).toLocaleString(language)})` : "";
  return [`${who}${when}`, ...words(message)].join("\n");
}

function words({ title, price, text, facts, link, cards, slots, buttons }) {
  return [
    ...[title, price, text, ...(facts ?? []), link && `${link.title}: ${link.url}`].filter(Boolean),
    ...(cards ?? []).flatMap(words),
    ...(slots ?? []).map(({ day, times }) => `${day}: ${times.map((time) => time.title).join(", ")}`),
    ...(buttons ?? []).map((button) => `[${button.title}]`),
  ];
}
