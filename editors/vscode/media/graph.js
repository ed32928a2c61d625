// Moves the selection and tells the extension what to open. It loads and stores nothing.
(() => {
  const host = acquireVsCodeApi();
  const list = document.getElementById("rows");
  const find = document.getElementById("find");
  const rows = [...list.children];
  let selected = -1;
  let links = { parents: [], children: [] };

  const select = (index, scroll = true) => {
    if (index < 0 || index >= rows.length) return;
    if (selected >= 0) rows[selected].setAttribute("aria-selected", "false");
    selected = index;
    rows[index].setAttribute("aria-selected", "true");
    list.setAttribute("aria-activedescendant", rows[index].id);
    if (scroll) rows[index].scrollIntoView({ block: "nearest" });
    host.setState({ selected: index });
  };
  const open = (action) => selected >= 0 && host.postMessage({ action, index: selected });

  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(innerHeight / 26) - 3);
    const moves = {
      ArrowDown: () => select(Math.min(selected + 1, rows.length - 1)),
      ArrowUp: () => select(Math.max(selected - 1, 0)),
      PageDown: () => select(Math.min(selected + page, rows.length - 1)),
      PageUp: () => select(Math.max(selected - page, 0)),
      Home: () => select(0),
      End: () => select(rows.length - 1),
      Enter: () => open("file"),
      s: () => open("sql"),
      p: () => select(links.parents[selected]?.[0] ?? -1),
      c: () => select(links.children[selected]?.[0] ?? -1),
      "/": () => find.focus(),
    };
    const move = moves[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!move) return;
    event.preventDefault();
    move();
  });
  list.addEventListener("focus", () => selected < 0 && select(0, false));
  list.addEventListener("click", (event) => {
    const row = event.target.closest("li");
    if (row) select(Number(row.dataset.index));
  });
  list.addEventListener("dblclick", () => open("file"));

  const seek = (from) => {
    const wanted = find.value.trim().toLowerCase();
    if (wanted === "") return;
    for (let step = 0; step < rows.length; ++step) {
      const index = (from + step) % rows.length;
      if (rows[index].textContent.toLowerCase().includes(wanted)) return select(index);
    }
  };
  find.addEventListener("input", () => seek(0));
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter") seek(selected + 1);
    else if (event.key === "Escape" || event.key === "ArrowDown") list.focus();
    else return;
    event.preventDefault();
  });

  addEventListener("message", (event) => {
    if (event.data?.links) links = event.data.links;
    if (typeof event.data?.select === "number") select(event.data.select);
  });
  const before = host.getState();
  if (before) select(Math.min(before.selected, rows.length - 1));
  host.postMessage({ action: "ready" });
  list.focus();
})();
