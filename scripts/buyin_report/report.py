# SPDX-License-Identifier: GPL-3.0-or-later
"""`buyin report`: one HTML page that needs no network and no script."""
import argparse
import io
import os
import re
import sys

import jinja2
import matplotlib
from markupsafe import Markup, escape

import buyin_figures
import buyin_results
from buyin_report import drawing, page_tables, sections, words
from buyin_report.tables import Lacking
from buyin_report.writing import check_output, write_whole

HOME = os.path.dirname(os.path.realpath(__file__))
ID = re.compile(r'(\bid="|url\(#|href="#)')
LONG_NUMBER = re.compile(r"(\d\.\d{2})\d+")
PLACES = re.compile(r'\b(d|x|y|x1|x2|y1|y2|cx|cy|points|transform)="[^"]*"')
MOST_ROWS_TOLD = 8  # of a table, in the description of its figure


def inline_svg(figure, name, title, description):
    """A figure as SVG to stand in a page: no prolog, its own ids, a title and a description."""
    stream = io.StringIO()
    with matplotlib.rc_context(drawing.STYLE):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = stream.getvalue()
    size = re.search(r'viewBox="[^"]*"', svg).group(0)
    body = svg[svg.index(">", svg.index("<svg")) + 1:]
    body = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", body, flags=re.DOTALL)
    body = body.replace("xlink:href", "href")
    body = re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", body)
    body = PLACES.sub(lambda found: LONG_NUMBER.sub(r"\1", found.group(0)), body)
    body = ID.sub(lambda found: found.group(1) + name + "-", body)
    body = re.sub(r"\n\s*", "\n", body)
    return Markup(f'<svg {size} role="img" aria-labelledby="{name}-title {name}-desc">'
                  f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
                  + body)


def told(table):
    """A short table in words, for people who hear the figure; of a long one, where it is."""
    if len(table.rows) > MOST_ROWS_TOLD:
        return "The table that follows has the numbers."
    rows = (" ".join([str(Markup(row[0]).striptags()), str(Markup(row[-1]).striptags())]) for row in table.rows)
    return f"{table.head[-1][:1].upper()}{table.head[-1][1:]}: " + "; ".join(rows) + "."


def make_figure(result, name, prefix):
    """A figure with what stands around it; Lacking if the result does not hold it."""
    spec = sections.SPECS[name]
    figure = buyin_figures.FIGURES[name](result)
    table = spec.table(result)
    return {"title": spec.title, "caption": spec.caption, "table": table,
            "svg": inline_svg(figure, f"{prefix}-{name}", spec.title, f"{spec.caption} {told(table)}")}


def make_section(result, prefix, number, section):
    """A chapter: figures and tables that exist, and a sentence for each that does not."""
    page = {"id": f"{prefix}-{number}", "title": sections.title(section, result), "figures": [], "tables": [],
            "lacking": []}
    for name in section.figures:
        try:
            page["figures"].append(make_figure(result, name, prefix))
        except Lacking as reason:
            page["lacking"].append(f"{sections.SPECS[name].title}: not shown. {reason}")
    for function in section.tables:
        try:
            page["tables"].append(function(result))
        except Lacking as reason:
            page["lacking"].append(str(reason))
    page["lacking"] = list(dict.fromkeys(page["lacking"]))
    return page


def make_result(result, number):
    """Everything the page tells of one result."""
    prefix = f"r{number}"
    return {
        "id": prefix, "title": result.attributes.get("title", result.path), "kind": words.kind_words(result),
        "replicates": result.replicates, "asked": words.asked(result), "summary": words.summary(result),
        "warnings": words.warnings(result), "input_yaml": result.input_yaml, "lacking": sections.lacking(result),
        "sections": [make_section(result, prefix, place, section)
                     for place, section in enumerate(sections.of(result), start=1)],
        "made": page_tables.made(result),
        "changed": page_tables.changed(result, buyin_results.changed_parameters(result))}


def render(paths, title=None):
    """The page as text."""
    results = []
    for number, path in enumerate(paths, start=1):
        with buyin_results.open(path) as result:
            results.append(make_result(result, number))
    loader = jinja2.FileSystemLoader(HOME)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    environment.filters["lower_first"] = lambda text: text if text[:2].isupper() else text[:1].lower() + text[1:]
    style = loader.get_source(environment, "style.css")[0]
    if title is None:
        title = results[0]["title"] if len(results) == 1 else f"Report of {len(results)} results"
    return environment.get_template("page.html").render(
        title=title, results=results, style=Markup(style), sources=[os.path.basename(path) for path in paths])


def main(arguments=None):
    """The command."""
    parser = argparse.ArgumentParser(prog="buyin report", description="Writes one HTML page about results: headline "
                                     "numbers in words, figures with tables, warnings, how they were made.")
    parser.add_argument("results", nargs="+", metavar="RESULT", help="results file of run, compare, sweep, ablate or economics")
    parser.add_argument("-o", "--output", metavar="FILE", help="the page (default: RESULT with .html)")
    parser.add_argument("--title", help="title of the page (default: that of the result)")
    parser.add_argument("--force", action="store_true", help="replace an existing page")
    given = parser.parse_args(arguments)
    output = given.output or os.path.splitext(given.results[0])[0] + ".html"
    check_output(output, given.results, given.force)
    page = render(given.results, given.title)
    write_whole(page, output)
    print(f"Report: {output}", file=sys.stderr)
