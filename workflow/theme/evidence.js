// Numbers and bars lead to their evidence: selecting one opens a panel that says what it is and how
// it was computed. The data are the page's own (#evidence-data); nothing is loaded.
function numbersLeadToTheirEvidence() {
  const data = JSON.parse(document.getElementById("evidence-data").textContent);
  const dialog = document.getElementById("evidence");
  const title = document.getElementById("evidence-title");
  const list = dialog.querySelector("dl");
  if (!data.estimates) return;

  const say = places => places.map(place => data.words[place]).join("");
  const known = element => Object.hasOwn(data.estimates, element.dataset.estimate);

  for (const element of document.querySelectorAll(".reveal [data-estimate]")) {
    if (!known(element)) continue;
    element.setAttribute("role", "button");
    element.setAttribute("tabindex", "0");
    element.setAttribute("aria-haspopup", "dialog");
    // A bar too short for its number has no text: its name is the number and what it is.
    if (element.namespaceURI.endsWith("svg")) {
      const [text, label] = data.estimates[element.dataset.estimate];
      element.setAttribute("aria-label", `${data.words[text]}, ${say(label)}`);
    }
  }

  function open(element) {
    const name = element.dataset.estimate;
    const [text, label, facts] = data.estimates[name];
    const rows = facts.map(([term, ...places]) => [data.words[term], say(places)]);
    title.textContent = data.words[text];
    dialog.querySelector(".evidence-label").textContent = say(label);
    list.replaceChildren(...rows.concat([["Id", name]]).flatMap(([term, told]) => {
      const dt = document.createElement("dt");
      const dd = document.createElement("dd");
      dt.textContent = term;
      dd.textContent = told;
      return [dt, dd];
    }));
    dialog.returnTo = element;
    dialog.showModal();
    dialog.scrollTop = 0;
    title.focus();
  }

  const number = event => {
    const element = event.target.closest?.("[data-estimate]");
    return element && known(element) ? element : null;
  };
  const deck = document.querySelector(".reveal");
  deck.addEventListener("click", event => {
    const element = number(event);
    if (element) open(element);
  });
  deck.addEventListener("keydown", event => {
    if (event.key !== "Enter" && event.key !== " ") return;
    const element = number(event);
    if (!element) return;
    event.preventDefault();
    event.stopPropagation(); // the space bar turns the slide
    open(element);
  });

  // While the panel is open its keys are its own: reveal.js listens to the document.
  for (const kind of ["keydown", "keypress"]) {
    dialog.addEventListener(kind, event => event.stopPropagation());
  }
  dialog.addEventListener("close", () => dialog.returnTo?.focus());
  dialog.addEventListener("click", event => {
    if (event.target === dialog || event.target.id === "evidence-close") dialog.close();
  });
}
