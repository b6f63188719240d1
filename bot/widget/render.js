/** Messages as elements: bubbles, quick replies, cards, days with times, links. */
import { link, make, withLinks } from "./dom.js";

/** One message of the assistant; `choose({title, payload})` is called when one of its buttons is pressed. */
export function assistantMessage(message, texts, choose) {
  const node = make("article", { className: "message assistant" }, speaker(texts.assistant, texts));
  if (message.lang) node.lang = message.lang;
  if (message.text) node.append(make("p", { className: "bubble" }, ...withLinks(message.text, texts.new_tab)));
  if (message.link) node.append(make("p", { className: "link" }, link(message.link.url, message.link.title, texts.new_tab)));
  if (message.cards?.length) node.append(make("ul", { className: "cards" }, ...message.cards.map((each) => card(each, texts, choose))));
  (message.slots ?? []).forEach((each, index) => node.append(day(each, index === 0, message.id, choose)));
  node.append(...replies(message.buttons, choose));
  return node;
}

/** One message of the visitor; its state is told by `setState`. */
export function visitorMessage(text, texts) {
  return make("article", { className: "message visitor" }, speaker(texts.you, texts), make("p", { className: "bubble" }, text));
}

/** Shows how far a visitor's message got: sending, waiting, sent, answered, or failed with what to do about it. */
export function setState(node, state, ...notes) {
  node.dataset.state = state;
  node.querySelector(".state")?.remove();
  node.append(make("div", { className: "state" }, ...notes));
}

/** A line of the chat itself, such as what failed, with an optional way on. */
export function notice(text, button = null) {
  return make("div", { className: "notice" }, make("p", {}, text), button);
}

/** A button that works once, or `often`; a "reply" is also over when the conversation goes on without it. */
export function onceButton(title, press, className = "reply", often = false) {
  const node = make("button", { type: "button", className }, title);
  node.addEventListener("click", () => {
    if (node.getAttribute("aria-disabled")) return;
    if (!often) retire(node);
    press();
  });
  return node;
}

/** Makes the buttons in front of the visitor's latest message inactive. They leave the tab order but keep the focus they may have. */
export function retireOld(log) {
  const latest = [...log.querySelectorAll(".visitor")].pop();
  log.querySelectorAll("button.reply").forEach((button) => {
    if (latest?.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_PRECEDING) retire(button);
  });
}

function retire(button) {
  button.setAttribute("aria-disabled", "true");
  button.tabIndex = -1;
}

function replies(buttons, choose) {
  if (!buttons?.length) return [];
  return [make("div", { className: "replies" }, ...buttons.map((button) => onceButton(button.title, () => choose(button))))];
}

let headings = 0;

function card(item, texts, choose) {
  const heading = make("h3", { id: `card-${(headings += 1)}` }, item.title);
  const actions = replies(item.buttons, choose);
  actions[0]?.querySelectorAll("button").forEach((button) => button.setAttribute("aria-describedby", heading.id)); // which one's "more"
  return make(
    "li",
    { className: "card" },
    heading,
    item.price ? make("p", { className: "price" }, item.price) : null,
    item.text ? make("p", {}, item.text) : null,
    item.facts?.length ? make("ul", {}, ...item.facts.map((fact) => make("li", {}, fact))) : null,
    item.link ? make("p", { className: "link" }, link(item.link.url, item.link.title, texts.new_tab)) : null,
    ...actions,
  );
}

/** A day that opens to its times; opening one closes the others. */
function day(slots, open, name, choose) {
  return make("details", { className: "day", name, open }, make("summary", {}, slots.day), ...replies(slots.times, choose));
}

/** Who speaks, for those who can't see it; in the language of the chat, whatever the message's own. */
function speaker(name, texts) {
  return make("span", { className: "unseen", lang: texts.code }, `${name} `);
}
