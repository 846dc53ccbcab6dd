#!/usr/bin/env python3
"""Opens a report as people will: wide and narrow, light and dark, on paper, without JavaScript.

Reports what axe-core finds, what sticks out of the page, and plots that are empty; takes pictures to look at. Fails on
any finding of axe-core that is serious or critical, and on anything that sticks out.
"""
import argparse
import pathlib
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

# What is wider than the screen, unless it scrolls on its own.
STICKING_OUT = """() => {
  const width = document.documentElement.clientWidth, found = [];
  const scrolls = e => e && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
  for (const e of document.querySelectorAll('body *')) {
    const box = e.getBoundingClientRect();
    if (box.width && (box.right > width + 1 || box.left < -1) && !scrolls(e)) found.push(e.outerHTML.slice(0, 80));
  }
  return found;
}"""
# Tables that only fit by scrolling: worth a look, no fault.
SCROLLING = """() => [...document.querySelectorAll('.table')].filter(e => e.scrollWidth > e.clientWidth + 1)
  .map(e => e.getAttribute('aria-label'))"""
# Texts of a plot that lie on one another or outside it.
IN_PLOTS = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('.plot svg')) {
    const frame = svg.getBoundingClientRect(), label = svg.getAttribute('aria-label').slice(0, 40);
    if (svg.querySelectorAll('path').length < 4) found.push('empty: ' + label);
    const texts = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim());
    const boxes = texts.map(t => t.getBoundingClientRect());
    boxes.forEach((a, i) => {
      if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1 || a.bottom > frame.bottom + 1)
        found.push(`clipped: "${texts[i].textContent.trim()}" in ${label}`);
      boxes.slice(i + 1).forEach((b, j) => {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        // Turned texts fill their boxes only along the diagonal.
        const turned = [texts[i], texts[i + 1 + j]].some(t => /rotate/.test(t.parentElement.getAttribute('transform')));
        if (!turned && across > 2 && down > 4)
          found.push(`overlap: "${texts[i].textContent.trim()}" and "${texts[i + 1 + j].textContent.trim()}" in ${label}`);
      });
    });
  }
  return found;
}"""


def findings(page, name):
    """What is wrong with the page as it is now shown, a line each."""
    lines = [f"{name}: sticks out: {html}" for html in page.evaluate(STICKING_OUT)]
    lines += [f"{name}: {text}" for text in page.evaluate(IN_PLOTS)]
    for table in page.evaluate(SCROLLING):
        print(f"{name}: scrolls: {table}")
    for violation in Axe().run(page).response["violations"]:
        level = violation["impact"]
        line = f"{name}: axe {level}: {violation['id']}, {len(violation['nodes'])}×: {violation['nodes'][0]['html'][:100]}"
        if level in ("serious", "critical"):
            lines.append(line)
        else:
            print(line)
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("--pictures", type=pathlib.Path, help="folder to put pictures into")
    parser.add_argument("--browser", default="/usr/bin/chromium")
    options = parser.parse_args()
    url = options.report.resolve().as_uri()
    wrong = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.browser, args=["--no-sandbox"])
        for width in (1280, 390):
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
                requests = []
                page.on("request", lambda request: requests.append(request.url))
                page.goto(url)
                name = f"{width}-{scheme}"
                wrong += [f"{name}: asks the network for {asked}" for asked in requests if asked != url]
                if options.pictures:
                    options.pictures.mkdir(parents=True, exist_ok=True)
                    page.screenshot(path=options.pictures / f"{name}.png", full_page=True)
                wrong += findings(page, name)
                page.close()
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(url)
        if page.locator(".plot svg").count() > page.locator(".plot svg:has(g > title)").count():
            wrong.append("without JavaScript: a plot whose values do not show under the pointer")
        browser.close()
    print("\n".join(wrong) or f"{options.report}: nothing serious found")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
