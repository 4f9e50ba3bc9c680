// The sketch pad: dark strokes on white, from a mouse, a pen or a finger. It always shows the picture of its tab, whoever
// put it there; each stroke makes a new picture, which goes up as a file like any other and becomes the pad's value.
const canvas = element.querySelector("canvas");
const sheet = canvas.getContext("2d", {willReadFrequently: true});
const FINER = 2; // the pad has so many pixels for one of the picture that goes up
const side = FINER * canvas.width;
const KEPT = 12; // so many strokes can be taken back
const TOOLS = {pen: {strokeStyle: "black", lineWidth: side / 100}, eraser: {strokeStyle: "white", lineWidth: side / 14}};

let before = [];
let shown = null; // the path of the picture on the pad
let turn = 0; // of two pictures on their way up, the later one counts
let tool = "pen";
let last = null; // where the stroke has come to

const page = () => sheet.getImageData(0, 0, canvas.width, canvas.height);
const keep = () => { before = [...before, page()].slice(-KEPT); };

const empty = (width, height) => {
  Object.assign(canvas, {width: Math.round(width), height: Math.round(height)});
  sheet.fillStyle = "white";
  sheet.fillRect(0, 0, canvas.width, canvas.height);
};

const small = () => {
  const copy = document.createElement("canvas");
  Object.assign(copy, {width: Math.round(canvas.width / FINER), height: Math.round(canvas.height / FINER)});
  const pen = copy.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(canvas, 0, 0, copy.width, copy.height);
  return new Promise((done) => copy.toBlob((data) => done(new File([data], "sketch.png", {type: "image/png"}))));
};

const give = async () => {
  const mine = ++turn;
  const blank = page().data.every((value) => value === 255);
  const file = blank ? null : await upload(await small());
  if (mine !== turn) return;
  shown = file?.path ?? null;
  props.value = file && {...file, turn}; // with its turn: a stroke taken back gives a picture that was there before
};

const to = (event) => {
  const box = canvas.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  const next = [x * canvas.width / box.width, y * canvas.height / box.height];
  sheet.beginPath();
  sheet.moveTo(...(last ?? next));
  sheet.lineTo(...next);
  sheet.stroke();
  last = next;
};

const end = () => {
  if (!last) return;
  last = null;
  give();
};

canvas.addEventListener("pointerdown", (event) => {
  if (!event.isPrimary || event.button) return;
  canvas.setPointerCapture(event.pointerId);
  keep();
  Object.assign(sheet, {lineCap: "round", ...TOOLS[tool]});
  to(event);
});
canvas.addEventListener("pointermove", (event) => {
  if (!last || !event.isPrimary) return;
  const way = event.getCoalescedEvents?.() ?? [];
  (way.length ? way : [event]).forEach(to);
});
canvas.addEventListener("pointerup", end);
canvas.addEventListener("pointercancel", end);

canvas.choose = (name) => { tool = name; };

canvas.undo = () => {
  const earlier = before.pop();
  if (!earlier) return;
  empty(earlier.width, earlier.height);
  sheet.putImageData(earlier, 0, 0);
  give();
};

canvas.clear = () => {
  keep();
  empty(side, side);
  give();
};

canvas.show = async (file) => {
  const path = file?.path ?? null;
  if (path === shown) return;
  shown = path;
  turn++;
  before = [];
  const picture = new Image();
  if (path) await Object.assign(picture, {src: file.url}).decode().catch(() => null);
  if (path !== shown) return;
  const {naturalWidth: width, naturalHeight: height} = picture;
  const scale = width ? side / Math.sqrt(width * height) : 0;
  empty(width * scale || side, height * scale || side);
  if (scale) sheet.drawImage(picture, 0, 0, canvas.width, canvas.height);
};

canvas.setAttribute("role", "img");
canvas.setAttribute("aria-label", props.label);
empty(side, side);
