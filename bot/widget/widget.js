/**
 * Puts the chat on a website:
 *
 *   <script src="https://practice.example/widget.js" defer
 *           data-assistant="https://assistant.example" data-language="en" data-privacy="https://practice.example/privacy"></script>
 *
 * data-assistant: base URL of the assistant. data-language: en or nl; without it, the page's own. data-privacy: the privacy notice.
 * Nothing is sent to the assistant, and nothing is stored, before a visitor opens the chat.
 */
(() => {
  const script = document.currentScript;
  if (!script.dataset.assistant) throw new TypeError("widget.js: the script tag needs data-assistant, the base URL of the assistant");
  if (document.querySelector("medicadermis-chat")) return; // the tag stands on the page twice

  const chat = document.createElement("medicadermis-chat");
  Object.assign(chat.dataset, script.dataset);
  const add = () => document.body.append(chat);
  if (document.body) add();
  else document.addEventListener("DOMContentLoaded", add);
  import(new URL("widget/chat.js", script.src));
})();
