/** The one way elements are made here: text goes in as text, so nothing that anybody wrote becomes HTML. */
export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A drawing of 24 by 24 in the colour of the text around it. */
export function icon(path) {
  const [drawing, line] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

/** The address if it is a plain web address, else null: no javascript:, data: or the like. */
export function webAddress(url) {
  try {
    const address = new URL(url);
    return ["http:", "https:"].includes(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

/** A link that opens beside the page; its bare title where the address can't be trusted. */
export function link(url, title, hint) {
  const href = webAddress(url);
  if (!href) return make("span", {}, title);
  const note = make("span", { className: "unseen" }, ` ${hint}`);
  return make("a", { href, target: "_blank", rel: "noopener noreferrer" }, title, note);
}

/** A text whose web addresses are links. */
export function withLinks(text, hint) {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,:;!?)])/).map((part, index) => (index % 2 ? link(part, part, hint) : part));
}
