"""Style and script of the bundle's pages, set into each page so that it stands alone."""

STYLE = """
:root { color-scheme: light; }
body { font: 1rem/1.45 system-ui, sans-serif; color: #0b0c0c; margin: 0; }
main { padding: 0 1.5rem 2rem; }
.restricted { background: #942514; color: #fff; margin: 0; padding: .6rem 1.5rem; }
a { color: #1a5fb4; }
a:focus-visible, input:focus-visible { outline: 3px solid #0b0c0c; outline-offset: 2px; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .9rem .25rem 0;
  border-bottom: 1px solid #b1b4b6; font-weight: normal;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
thead th, h1, h2, tbody th { font-weight: 600; }
caption { text-align: left; font-weight: 600; padding: .6rem 0 .2rem; }
th { overflow-wrap: break-word; }
th a { overflow-wrap: anywhere; }
td.number, thead th.number { text-align: right; overflow-wrap: normal; padding-left: .9rem; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
input { font: inherit; padding: .3rem .5rem; width: 24rem; max-width: 90%; margin-left: .6rem; }
"""

SCRIPT = """
const search = document.getElementById("search");
const rows = [...document.querySelectorAll("#estimates tbody tr")];
const count = document.getElementById("count");
const texts = rows.map((row) => (row.textContent + " " + row.dataset.search).toLowerCase());
search.addEventListener("input", () => {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  // "slide 8" is one word, so that it does not find slide 18 or the number 8 elsewhere.
  const slide = /slide (\\d+)/.exec(search.value.toLowerCase());
  let shown = 0;
  rows.forEach((row, place) => {
    const slides = row.dataset.slides.split(", ");
    const here = slide
      ? slides.includes(slide[1])
      : words.every((word) => texts[place].includes(word));
    row.hidden = !here;
    shown += here ? 1 : 0;
  });
  count.textContent = shown === 1 ? "1 estimate" : `${shown} estimates`;
});
"""
