/** Messages as elements: bubbles, quick replies, cards, days with times, links. */
import { link, make } from "./dom.js";

/** One message of the assistant; `choose({title, payload})` is called when one of its buttons is pressed. */
export function assistantMessage(message, texts, choose) {
  const node = make("article", { className: "message assistant" }, speaker(texts.assistant));
  if (message.lang) node.lang = message.lang;
  if (message.text) node.append(make("p", { className: "bubble" }, message.text));
  if (message.link) node.append(make("p", { className: "link" }, link(message.link.url, message.link.title, texts.new_tab)));
  if (message.cards?.length) node.append(make("ul", { className: "cards" }, ...message.cards.map((each) => card(each, texts, choose))));
  (message.slots ?? []).forEach((each, index) => node.append(day(each, index === 0, choose)));
  node.append(...replies(message.buttons, choose));
  return node;
}

/** One message of the visitor; its state is told by `setState`. */
export function visitorMessage(text, texts) {
  return make("article", { className: "message visitor" }, speaker(texts.you), make("p", { className: "bubble" }, text));
}

/** Shows how far a visitor's message got: sending, answered, or failed with what to do about it. */
export function setState(node, state, ...notes) {
  node.dataset.state = state;
  node.querySelector(".state")?.remove();
  if (notes.length) node.append(make("div", { className: "state" }, ...notes));
}

/** A line of the chat itself, such as what failed, with an optional way on. */
export function notice(text, button = null) {
  return make("div", { className: "notice" }, make("p", {}, text), button);
}

/** A button that works once; a "reply" is also over when the conversation goes on without it. */
export function onceButton(title, press, className = "reply") {
  const node = make("button", { type: "button", className }, title);
  node.addEventListener("click", () => {
    if (node.getAttribute("aria-disabled")) return;
    retire(node);
    press();
  });
  return node;
}

/** Makes the buttons of earlier messages inactive. They leave the tab order but keep the focus they may have. */
export function retireAll(root) {
  root.querySelectorAll("button.reply").forEach(retire);
}

function retire(button) {
  button.setAttribute("aria-disabled", "true");
  button.tabIndex = -1;
}

function replies(buttons, choose) {
  if (!buttons?.length) return [];
  return [make("div", { className: "replies" }, ...buttons.map((button) => onceButton(button.title, () => choose(button))))];
}

function card(item, texts, choose) {
  return make(
    "li",
    { className: "card" },
    make("h3", {}, item.title),
    item.price ? make("p", { className: "price" }, item.price) : null,
    item.text ? make("p", {}, item.text) : null,
    item.facts?.length ? make("ul", {}, ...item.facts.map((fact) => make("li", {}, fact))) : null,
    item.link ? make("p", { className: "link" }, link(item.link.url, item.link.title, texts.new_tab)) : null,
    ...replies(item.buttons, choose),
  );
}

function day(slots, open, choose) {
  return make("details", { className: "day", open }, make("summary", {}, slots.day), ...replies(slots.times, choose));
}

function speaker(name) {
  return make("span", { className: "unseen" }, `${name} `);
}
