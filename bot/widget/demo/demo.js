/** What the demonstration page does with the chat: the same that any website can do. */
await customElements.whenDefined("medicadermis-chat");
const chat = document.querySelector("medicadermis-chat");

for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", () => chat.send(button.dataset.ask));
}

document.querySelector(".looks")?.addEventListener("change", ({ target }) => {
  if (target.name === "accent") chat.classList.toggle("violet", target.value === "violet");
  else if (target.value) chat.dataset[target.name] = target.value;
  else delete chat.dataset[target.name];
});
