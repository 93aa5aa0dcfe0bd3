"""A plot as SVG: lines over a common axis, readable on light and dark pages, without anything but this file."""

import math
from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 40, 48
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .grid { stroke: #d0d7de; } .axis { stroke: #57606a; }
  .line { fill: none; stroke-width: 2.5; } .l0 { stroke: #0969da; } .l1 { stroke: #bc4c00; stroke-dasharray: 6 4; }
  .t0 { fill: #0969da; } .t1 { fill: #bc4c00; } .d0 { fill: #0969da; } .d1 { fill: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .grid { stroke: #30363d; } .axis { stroke: #8b949e; }
    .l0 { stroke: #58a6ff; } .l1 { stroke: #f0883e; }
    .t0 { fill: #58a6ff; } .t1 { fill: #f0883e; } .d0 { fill: #58a6ff; } .d1 { fill: #f0883e; }
  }
"""


def plot(
    title: str, across: str, up: str, places: Sequence[float], lines: Sequence[tuple[str, Sequence[float]]]
) -> str:
    """Return an SVG with at most two lines.

    Args:
        title: Above it.
        across, up: What the axes say.
        places: Where on the axis across.
        lines: The name of each line and its height at each place.
    """
    top = _round_up(max(max(heights) for _, heights in lines))
    right = max(places)

    def x(value: float) -> float:
        return LEFT + value / right * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)

    parts = [f'<text x="{LEFT}" y="22" font-weight="600">{escape(title)}</text>']
    for step in range(6):
        height = top * step / 5
        parts.append(f'<path class="grid" d="M{LEFT} {y(height):.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(height) + 4:.1f}" text-anchor="end">{height:g}</text>')
    under = HEIGHT - BOTTOM + 18
    parts += [f'<text x="{x(place):.1f}" y="{under}" text-anchor="middle">{place:,g}</text>' for place in places]
    parts.append(f'<path class="axis" d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}" fill="none"/>')
    parts.append(f'<text x="{x(right / 2):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(across)}</text>')
    parts.append(
        f'<text transform="translate(16 {y(top / 2):.1f}) rotate(-90)" text-anchor="middle">{escape(up)}</text>'
    )
    for number, (name, heights) in enumerate(lines):
        points = [(x(place), y(height)) for place, height in zip(places, heights, strict=True)]
        parts.append(f'<path class="line l{number}" d="M{"L".join(f"{a:.1f} {b:.1f}" for a, b in points)}"/>')
        parts += [f'<circle class="d{number}" cx="{a:.1f}" cy="{b:.1f}" r="3.5"/>' for a, b in points]
        end = points[-1]
        parts.append(f'<text class="t{number}" x="{end[0] + 10:.1f}" y="{end[1] + 4:.1f}">{escape(name)}</text>')
    inner = "\n".join(parts)
    label = escape(title, quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">\n'
        f"<style>{STYLE}</style>\n{inner}\n</svg>\n"
    )


def _round_up(value: float) -> float:
    """Return the next number of one digit times 1, 2 or 5, for an axis of five steps."""
    base = 10 ** math.floor(math.log10(value))
    return next(base * step for step in (1, 2, 2.5, 5, 10) if base * step >= value)
