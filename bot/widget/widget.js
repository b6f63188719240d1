/** Puts the chat on a website: `<script async src="https://HOST/widget.js" data-language="nl"></script>`. README.md lists what can be set. */
(() => {
  const served = {}; // the server that sends this file fills in its own addresses
  const own = document.currentScript.dataset;
  const base = document.currentScript.src;
  if (own.privacy) delete served.privacyNl;
  if (!own.assistant && !served.assistant) throw new TypeError("widget.js: the script tag needs data-assistant, the base URL of the assistant");
  if (document.querySelector("medicadermis-chat")) return; // the tag stands on the page twice

  const chat = document.createElement("medicadermis-chat");
  Object.assign(chat.dataset, served, own);
  const add = () => {
    document.body.append(chat);
    import(new URL("widget/chat.js", base));
  };
  if (document.body) add();
  else document.addEventListener("DOMContentLoaded", add);
})();
