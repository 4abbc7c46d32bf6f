package dev.talweg.jobs.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Lines over the steps, as SVG in the colours of the page it is in. Points that a scale cannot show
 * (not finite, or not positive where it is logarithmic) are left out.
 */
record Chart(String title, Scale scale, List<Series> series) {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 220;
  private static final int LEFT = 64;
  private static final int RIGHT = 12;
  private static final int TOP = 26;
  private static final int BOTTOM = 24;
  private static final int TICKS = 5;
  private static final List<String> COLOURS = List.of("#0b6e8a", "#c4640f");

  enum Scale {
    LINEAR,
    LOGARITHMIC;

    double of(double value) {
      return this == LINEAR ? value : Math.log10(value);
    }

    boolean shows(double value) {
      return Double.isFinite(value) && (this == LINEAR || value > 0);
    }
  }

  record Point(double x, double y) {}

  record Series(String name, List<Point> points) {}

  /** From the least to the largest of some numbers, widened where they are one. */
  private record Range(double from, double until) {
    static Range of(List<Double> values) {
      double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
      double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
      double slack = most > least ? 0.04 * (most - least) : Math.max(1e-9, 0.1 * Math.abs(most));
      return new Range(least - slack, most + slack);
    }

    double share(double value) {
      return (value - from) / (until - from);
    }

    /** Round numbers within: a power of ten, or twice or five times one, apart. */
    List<Double> ticks(double leastStep) {
      double rough = (until - from) / TICKS;
      double power = Math.pow(10, Math.floor(Math.log10(rough)));
      double factor = rough / power <= 1 ? 1 : rough / power <= 2 ? 2 : rough / power <= 5 ? 5 : 10;
      double step = Math.max(leastStep, factor * power);
      List<Double> ticks = new ArrayList<>();
      for (double k = Math.ceil(from / step); k * step <= until; k++) {
        ticks.add(k * step + 0.0); // a zero without a sign
      }
      return ticks;
    }
  }

  String svg() {
    List<Series> shown =
        series.stream()
            .map(s -> new Series(s.name(), s.points().stream().filter(this::shows).toList()))
            .filter(s -> !s.points().isEmpty())
            .toList();
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\" font-family=\"sans-serif\""
                + " font-size=\"11\" fill=\"currentColor\">",
            WIDTH,
            HEIGHT,
            TabContent.escaped(title)));
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"14\" font-size=\"13\" font-weight=\"bold\">%s</text>",
            LEFT,
            TabContent.escaped(title)));
    if (shown.isEmpty()) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\">nothing measured yet</text></svg>",
              LEFT,
              HEIGHT / 2));
      return svg.toString();
    }
    Range x = Range.of(values(shown, Point::x));
    Range y = Range.of(values(shown, point -> scale.of(point.y())));
    axes(svg, x, y);
    for (int k = 0; k < shown.size(); k++) {
      line(svg, shown.get(k), COLOURS.get(k % COLOURS.size()), x, y);
      if (shown.size() > 1) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"14\" text-anchor=\"end\" fill=\"%s\">%s</text>",
                WIDTH - RIGHT - 70 * (shown.size() - 1 - k),
                COLOURS.get(k % COLOURS.size()),
                TabContent.escaped(shown.get(k).name())));
      }
    }
    return svg.append("</svg>").toString();
  }

  private boolean shows(Point point) {
    return scale.shows(point.y());
  }

  private static List<Double> values(List<Series> series, ToDoubleFunction<Point> of) {
    return series.stream().flatMap(s -> s.points().stream()).map(of::applyAsDouble).toList();
  }

  private void axes(StringBuilder svg, Range x, Range y) {
    svg.append("<g stroke=\"currentColor\" stroke-opacity=\"0.15\">");
    List<Double> levels = y.ticks(scale == Scale.LINEAR ? 0 : 1);
    for (double level : levels) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
              LEFT,
              WIDTH - RIGHT,
              down(y, level),
              down(y, level)));
    }
    svg.append("</g><g fill-opacity=\"0.7\">");
    for (double level : levels) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              LEFT - 6,
              down(y, level) + 4,
              label(level)));
    }
    for (double step : x.ticks(1)) {
      if (step >= 0) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>",
                across(x, step),
                HEIGHT - 6,
                step));
      }
    }
    svg.append("</g>");
  }

  private String label(double level) {
    if (scale == Scale.LOGARITHMIC) {
      return "1e" + Math.round(level);
    }
    double size = Math.abs(level);
    return size != 0 && (size < 1e-3 || size >= 1e6)
        ? String.format(Locale.ROOT, "%.2g", level)
        : plain(level);
  }

  private static String plain(double level) {
    return String.format(Locale.ROOT, "%.6f", level).replaceFirst("\\.?0+$", "");
  }

  private void line(StringBuilder svg, Series series, String colour, Range x, Range y) {
    if (series.points().size() == 1) {
      Point only = series.points().get(0);
      svg.append(
          String.format(
              Locale.ROOT,
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>",
              across(x, only.x()),
              down(y, scale.of(only.y())),
              colour));
      return;
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" points=\"",
            colour));
    for (Point point : series.points()) {
      svg.append(
          String.format(
              Locale.ROOT, "%.1f,%.1f ", across(x, point.x()), down(y, scale.of(point.y()))));
    }
    svg.append("\"/>");
  }

  private static double across(Range range, double value) {
    return LEFT + range.share(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double down(Range range, double value) {
    return HEIGHT - BOTTOM - range.share(value) * (HEIGHT - TOP - BOTTOM);
  }
}
