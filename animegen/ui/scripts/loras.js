// The LoRAs that can be put on, as the server knows them when they are first shown: a box for each, and how much of it
// is added; then what there is to say of others. The value is a list of "name:weight".
// Names and words are foreign: they are put in as text, never as HTML.
const list = element.querySelector(".loras");
const MOST = 4;

const made = (tag, attributes, ...inside) => {
  const found = Object.assign(document.createElement(tag), attributes);
  found.append(...inside);
  return found;
};

const laidOut = (offer) => {
  const box = made("input", {type: "checkbox", value: offer.name});
  const weight = made("input", {type: "range", min: 0, max: 2, step: 0.05, value: offer.weight, ariaLabel: offer.name});
  const number = made("output", {});
  const words = [offer.triggers && `+ ${offer.triggers}`, offer.licence].filter(Boolean).join(" · ");
  const name = made("label", {}, box, made("span", {textContent: offer.name}), made("small", {textContent: words}));
  const row = made("div", {className: "lora"}, name, weight, number);
  list.append(row);
  return {offer, box, weight, number, row};
};

let rows = [];
const missed = new Set();

const follow = () => {
  const full = rows.filter(({box}) => box.checked).length >= MOST;
  for (const {box, weight, number, row} of rows) {
    number.textContent = weight.value;
    row.classList.toggle("on", box.checked);
    box.disabled = full && !box.checked;
  }
};

const give = () => {
  follow();
  props.value = rows.filter(({box}) => box.checked).map(({offer, weight}) => `${offer.name}:${weight.value}`);
};

// What comes from a picture, from the last visit or from a training run may name what was added since, or what is no
// longer offered: the server is asked once for a name that is not known.
const show = () => {
  const asked = new Map((props.value ?? []).map((each) => String(each).split(":")));
  const unknown = [...asked.keys()].filter((name) => !missed.has(name) && !rows.some(({offer}) => offer.name === name));
  if (unknown.length) {
    unknown.forEach((name) => missed.add(name));
    return load();
  }
  for (const {offer, box, weight} of rows) {
    box.checked = asked.has(offer.name);
    weight.value = asked.get(offer.name) ?? offer.weight;
  }
  follow();
  if (rows.filter(({box}) => box.checked).length !== asked.size) give();
};

const wire = ({box, weight}) => {
  box.addEventListener("change", give);
  weight.addEventListener("input", follow);
  weight.addEventListener("change", () => { box.checked ||= !box.disabled; give(); });
};

const load = () => server.offered(null).then(({offers, notes}) => {
  list.replaceChildren();
  rows = offers.map(laidOut);
  rows.forEach(wire);
  list.append(...notes.map((note) => made("small", {textContent: note})));
  show();
});

load().then(() => watch("value", show));
