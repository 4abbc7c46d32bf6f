package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.linesearch.FixedStep;
import dev.talweg.optimizer.linesearch.LastDecrease;
import dev.talweg.optimizer.linesearch.LineSearch;
import dev.talweg.optimizer.linesearch.MoreThuente;
import dev.talweg.optimizer.linesearch.StrongWolfe;
import dev.talweg.optimizer.linesearch.Zoom;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.minimizer.PlainLbfgs;
import java.util.List;
import java.util.Map;

/** L-BFGS in the conventions of libraries; without {@code like} those of SciPy's L-BFGS-B. */
final class LibraryLbfgs {
  static final String NAME = "plain-lbfgs";

  private static final String FIXED = "fixed";
  private static final String ABSOLUTE = "absolute";

  static final Entry<Minimizer<?, ?>> ENTRY =
      new Entry<Minimizer<?, ?>>(
              NAME,
              "limited-memory BFGS as SciPy, PyTorch and optax have it, of any model; full batch",
              "Liu and Nocedal, Mathematical Programming 45 (1989); searches: Moré and Thuente, ACM"
                  + " TOMS 20 (1994); Nocedal and Wright (2006), 3.5",
              List.of(
                  Catalog.MEMORY,
                  Parameters.choice(
                      "line-search",
                      "more-thuente",
                      List.of("more-thuente", "last-decrease", "strong-wolfe", "zoom", FIXED),
                      "How far a step goes: the search of SciPy's L-BFGS-B, that of its BFGS (which"
                          + " has a memory of all steps, first-scale: one, scaling: none), PyTorch's,"
                          + " optax', or always as far as learning-rate says."),
                  Parameters.aboveZero(
                      "learning-rate",
                      1.0,
                      "Step that a search tries first, as a multiple of the direction."),
                  Parameters.integer("trials", 20, 1, "Most steps that one search tries."),
                  Parameters.integer(
                      "max-evaluations",
                      15_000,
                      1,
                      "Evaluations of the objective after which the run ends, tried steps"
                          + " included."),
                  Parameters.choice(
                      "first-scale",
                      "inverse-norm",
                      List.of("inverse-norm", "capped-inverse-norm", "capped-inverse-sum", "one"),
                      "What scales the first gradient: one over its norm (SciPy), the same but 1 at"
                          + " most (optax), one over the sum of its entries' sizes but 1 at most"
                          + " (PyTorch), or nothing."),
                  Parameters.choice(
                      "scaling",
                      "latest",
                      List.of("latest", "none"),
                      "What scales later ones before the pairs: sᵀy/yᵀy of the latest pair, or"
                          + " nothing."),
                  Parameters.choice(
                      "pairs",
                      "by-slope",
                      List.of("by-slope", ABSOLUTE, "any"),
                      "Which curvature pairs are kept: with sᵀy above the rounding of the slope"
                          + " (SciPy), above 1e-10 (PyTorch), or other than 0 (optax)."),
                  Parameters.notNegative(
                      "gradient-tolerance",
                      1e-5,
                      "The run has converged where no entry of the gradient is larger."),
                  Parameters.choice(
                      "change",
                      "relative",
                      List.of("relative", ABSOLUTE, "none"),
                      "What else ends it: a relative decrease of the objective (SciPy), or a change"
                          + " of the objective or of all parameters (PyTorch), of change-tolerance"
                          + " at most, or nothing."),
                  Parameters.notNegative(
                      "change-tolerance",
                      1e7 * Math.ulp(1.0),
                      "Least change with which a run goes on.")),
              LibraryLbfgs::made)
          .in(Like.SCIPY, Map.of())
          .in(
              Like.SKLEARN,
              Map.of(
                  "trials",
                  50L,
                  "gradient-tolerance",
                  1e-4,
                  "change-tolerance",
                  64 * Math.ulp(1.0)))
          .in(
              Like.PYTORCH,
              Map.of(
                  "memory",
                  100L,
                  "line-search",
                  FIXED,
                  "trials",
                  25L,
                  "first-scale",
                  "capped-inverse-sum",
                  "pairs",
                  ABSOLUTE,
                  "gradient-tolerance",
                  1e-7,
                  "change",
                  ABSOLUTE,
                  "change-tolerance",
                  1e-9))
          .in(
              Like.OPTAX,
              Map.of(
                  "line-search", "zoom",
                  "first-scale", "capped-inverse-norm",
                  "pairs", "any",
                  "gradient-tolerance", 0.0,
                  "change", "none",
                  "change-tolerance", 0.0));

  private LibraryLbfgs() {}

  private static PlainLbfgs made(Settings settings) {
    PlainLbfgs.Change change = settings.choice("change", PlainLbfgs.Change.class);
    double tolerance = settings.number("change-tolerance");
    return new PlainLbfgs(
        Math.toIntExact(settings.integer("memory")),
        settings.choice("first-scale", PlainLbfgs.First.class),
        settings.choice("scaling", PlainLbfgs.Scaling.class),
        settings.choice("pairs", PlainLbfgs.Pairs.class),
        search(settings, change == PlainLbfgs.Change.ABSOLUTE ? tolerance : 0),
        settings.number("learning-rate"),
        Math.toIntExact(settings.integer("trials")),
        settings.integer("max-evaluations"),
        new PlainLbfgs.Until(settings.number("gradient-tolerance"), change, tolerance));
  }

  private static LineSearch search(Settings settings, double leastChange) {
    return switch (settings.text("line-search")) {
      case "last-decrease" -> new LastDecrease();
      case "strong-wolfe" -> new StrongWolfe(leastChange);
      case "zoom" -> new Zoom();
      case FIXED -> new FixedStep();
      default -> new MoreThuente();
    };
  }
}
