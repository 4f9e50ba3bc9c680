// The samples of a run, a row an epoch: what the epoch is called, its pictures, and a button that puts its LoRA on.
// A click on a picture shows it large. Names and prompts are foreign: they are put in as text, never as HTML.
const rows = element.querySelector(".samples");

const made = (tag, attributes, ...inside) => {
  const found = Object.assign(document.createElement(tag), attributes);
  found.append(...inside);
  return found;
};

const enlarge = ({picture, prompt}, label) => {
  const words = made("p", {textContent: [label, prompt].filter(Boolean).join(" · ")});
  const large = made("dialog", {className: "sample-large"}, made("img", {src: picture, alt: prompt}), words);
  large.addEventListener("click", () => large.close());
  large.addEventListener("close", () => large.remove());
  element.append(large);
  large.showModal();
};

const laidOut = ({epoch, label, use, pictures}) => {
  const head = made("div", {className: "sample-head"}, made("span", {textContent: label}));
  if (use) {
    const button = made("button", {textContent: use, ariaLabel: `${use} (${label})`});
    button.addEventListener("click", () => trigger("select", {index: epoch, value: null}));
    head.append(button);
  }
  const shown = pictures.map((each) => {
    const button = made("button", {title: each.prompt}, made("img", {src: each.picture, alt: each.prompt, loading: "lazy"}));
    button.addEventListener("click", () => enlarge(each, label));
    return button;
  });
  return made("section", {}, head, made("div", {className: "sample-pictures"}, ...shown));
};

const show = () => rows.replaceChildren(...(props.value ?? []).map(laidOut));
watch("value", show);
show();
