package dev.talweg.optimizer.catalog;

import static dev.talweg.optimizer.catalog.Like.OPTAX;

import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.transform.ScaleBySophia;
import java.util.List;
import java.util.Map;

/** Rules that measure the curvature of batches. */
final class CurvatureRules {
  /** The one that evaluates a batch beside where it is. */
  static final String MEASURES = "sophia";

  static final Entry<Minimizer<?, ?>> SOPHIA =
      Rules.own(
              Rules.entry(
                  MEASURES,
                  "steps of a running mean over a running curvature, cut where that is small",
                  "Liu et al., ICLR (2024); the diagonal is Hutchinson's estimate",
                  List.of(
                      Parameters.share("beta1", 0.965, "Share of the running mean that is kept."),
                      Parameters.share(
                          "beta2", 0.99, "Share of the running curvature that is kept."),
                      Parameters.aboveZero("epsilon", 1e-8, "Least that divides."),
                      Parameters.aboveZero("gamma", 0.01, "Multiplies the curvature."),
                      Parameters.aboveZero(
                          "clip-threshold", 1.0, "Largest step of an entry, in rates."),
                      Parameters.integer(
                          "update-interval",
                          10,
                          1,
                          "Steps between two measurements, which cost two batches each."),
                      Parameters.choice(
                          "order",
                          "measure-first",
                          List.of("measure-first", "measure-after"),
                          "Whether a step divides by the curvature that is measured in it (the"
                              + " paper), or only the next ones (optax).")),
                  s ->
                      Sentence.of(
                          s,
                          List.of(
                              new ScaleBySophia(
                                  s.number("beta1"),
                                  s.number("beta2"),
                                  s.number("epsilon"),
                                  s.number("gamma"),
                                  s.number("clip-threshold"),
                                  s.integer("update-interval"),
                                  s.choice("order", ScaleBySophia.Order.class))),
                          List.of())),
              Map.of("decay", "decoupled"))
          .in(OPTAX, Map.of("order", "measure-after", "weight-decay", 1e-4));

  private CurvatureRules() {}
}
