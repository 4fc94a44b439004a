// SPDX-License-Identifier: GPL-3.0-or-later
// Measures a page of the report as it stands in the browser; its value is what a test wants to know: sizes, text that is
// clipped or lies over other text, contrast after WCAG, headings, names of what can be heard or reached by keyboard.
(() => {
  const page = document.documentElement, seen = node => node.getClientRects().length > 0;
  const words = node => node.textContent.replace(/\s+/g, " ").trim().slice(0, 60);
  const all = (what, within = document) => [...within.querySelectorAll(what)];

  const rgb = colour => (colour.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = colour => rgb(colour).slice(0, 3).map(x => x / 255)
    .map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
    .reduce((sum, x, place) => sum + x * [0.2126, 0.7152, 0.0722][place], 0);
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor, [, , , alpha = 1] = rgb(colour);
      if (alpha > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const faint = [];
  let texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.parentElement;
    if (!node.data.trim() || !seen(at) || at.closest("title, desc, style, .skip")) continue;
    const style = getComputedStyle(at), inFigure = at.closest("svg");
    const contrast = ratio(inFigure ? style.fill : style.color, ground(at));
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700);
    texts++;
    if (contrast < (large && !inFigure ? 3 : 4.5)) faint.push(`${contrast.toFixed(1)}: ${words(at)}`);
  }

  const figures = all("svg").map(svg => {
    const box = svg.getBoundingClientRect(), scale = box.width / svg.viewBox.baseVal.width;
    const labels = all("text", svg).map(text => ({words: text.textContent, at: text.getBoundingClientRect(),
      size: parseFloat(getComputedStyle(text).fontSize) * scale})).filter(x => x.at.width);
    const out = labels.filter(({at}) => at.left < box.left - 1 || at.right > box.right + 1 || at.top < box.top - 1 ||
      at.bottom > box.bottom + 1).map(x => x.words);
    const over = [];
    labels.forEach((a, n) => labels.slice(n + 1).forEach(b => {
      const across = Math.min(a.at.right, b.at.right) - Math.max(a.at.left, b.at.left);
      const down = Math.min(a.at.bottom, b.at.bottom) - Math.max(a.at.top, b.at.top);
      if (across > 1.5 && down > 0.35 * Math.min(a.at.height, b.at.height)) over.push(`${a.words} | ${b.words}`);
    }));
    return {name: svg.getAttribute("aria-labelledby").split(" ").map(id => words(document.getElementById(id))).join(": "),
      width: box.width, height: box.height, out, over, smallest: Math.min(...labels.map(x => x.size)),
      marks: all("path, use, rect", svg).filter(x => x.getBoundingClientRect().width > 0).length};
  });

  const cut = all("h1, h2, h3, h4, p, li, figcaption, summary, caption, th, td, a").filter(seen).filter(node =>
    node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== "inline").map(words);
  const focusable = all("a[href], summary, [tabindex]").filter(seen);
  const nameless = focusable.filter(node => !(node.getAttribute("aria-label") || node.textContent).trim()).map(x => x.tagName);
  return {
    width: page.scrollWidth, height: page.scrollHeight, texts, faint, figures, cut, nameless,
    focusable: focusable.length,
    headings: all("h1, h2, h3, h4, h5, h6").map(x => [Number(x.tagName[1]), words(x)]),
    emptyHeads: all("th").filter(x => !x.textContent.trim()).length,
    tablesWithoutHeads: all("table").filter(x => !x.caption || !x.querySelector("thead th[scope=col]") ||
      all("tbody tr", x).some(row => !row.querySelector("th[scope=row]"))).length,
    landmarks: ["header", "nav[aria-label]", "main", "footer"].map(x => all(x).length),
    twice: all("[id]").map(x => x.id).filter((id, n, ids) => ids.indexOf(id) !== n),
    closed: all("details:not([open])").length};
})()
