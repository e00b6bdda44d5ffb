"""Charts to take along: the drawing that stands on the page as an SVG or, at twice its size, as a PNG.

Streamlit's own menu of a chart has only a PNG, and shows it only to a pointer. What is saved here is made by the
browser from what it has drawn, so that it is what was seen, in the same colours.
"""

import streamlit as st

HTML = """
<button type="button" data-kind="svg">Download SVG</button>
<button type="button" data-kind="png">Download PNG</button>
"""
CSS = """
:host { display: block; }
button {
  background: none; border: 0; padding: 4px 0; margin-right: 16px; min-height: 28px; cursor: pointer;
  font: inherit; font-size: 13px; color: var(--st-text-color);
}
button:hover, button:focus-visible { color: var(--st-link-color); text-decoration: underline; }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; border-radius: 4px; }
"""
JS = """
export default function ({ parentElement, data }) {
  const chart = () => document.querySelector(`.st-key-${CSS.escape(data.place)}`);
  const size = (svg) => svg.getAttribute("viewBox").split(" ").slice(2).map(Number);

  function source(svg) {
    const alone = svg.cloneNode(true), [width, height] = size(svg), name = "http://www.w3.org/2000/svg";
    alone.setAttribute("xmlns", name);
    alone.setAttribute("width", width);
    alone.setAttribute("height", height);
    alone.setAttribute("font-family", "Source Sans 3, Source Sans Pro, sans-serif");
    const title = document.createElementNS(name, "title"), ground = document.createElementNS(name, "rect");
    title.textContent = data.said;
    const look = { width, height, fill: data.ground };
    Object.entries(look).forEach(([key, value]) => ground.setAttribute(key, value));
    alone.prepend(title, ground);
    return new Blob([new XMLSerializer().serializeToString(alone)], { type: "image/svg+xml" });
  }

  async function painted(svg) {
    const [width, height] = size(svg), address = URL.createObjectURL(source(svg)), image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * width;
    canvas.height = 2 * height;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(address);
    return canvas;
  }

  const blob = (canvas) => new Promise((done) => canvas.toBlob(done, "image/png"));

  function save(file, kind) {
    const link = document.createElement("a"), address = URL.createObjectURL(file);
    link.href = address;
    link.download = `${data.name}.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  for (const button of parentElement.querySelectorAll("button")) {
    const kind = button.dataset.kind;
    button.setAttribute("aria-label", `Download ${kind.toUpperCase()} of ${data.name}`);
    button.onclick = async () => {
      const svg = chart()?.querySelector("svg.marks"), canvas = chart()?.querySelector("canvas.marks");
      if (svg) save(kind === "svg" ? source(svg) : await blob(await painted(svg)), kind);
      else if (canvas) save(await blob(canvas), "png");  // of more than 2,000 marks there is no SVG on the page
    };
  }
}
"""


def offer(place: str, name: str, said: str, ground: str) -> None:
    """Two buttons for the chart inside the container of that key; `said` is the title that the SVG has for readers."""
    mount = st.components.v2.component("wonderland_pictures", html=HTML, css=CSS, js=JS)
    mount(key=f"{place}-pictures", data={"place": place, "name": name, "said": said, "ground": ground})
