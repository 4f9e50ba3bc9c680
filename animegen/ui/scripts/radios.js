// Radio buttons of one picker share a name, so that arrow keys walk through it and Tab goes past it: gradio gives each
// button a name of its own, and a new one whenever it changes. The picker's title becomes the name of its group.
() => {
  const join = (radio) => {
    const picker = radio.closest("fieldset[id]");
    if (!picker || radio.name === picker.id) return;
    radio.name = picker.id;
    const title = picker.querySelector("[data-testid='block-info']");
    if (title) picker.setAttribute("aria-label", title.textContent.trim());
  };
  const joinAll = () => document.querySelectorAll("fieldset[id] input[type=radio]").forEach(join);
  new MutationObserver(joinAll).observe(document.body, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["name"],
  });
  joinAll();
}
