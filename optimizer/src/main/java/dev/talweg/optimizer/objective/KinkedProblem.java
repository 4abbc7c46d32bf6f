package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.loss.KinkedLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A linear problem whose loss has kinks, as the family of its smoothed problems over the same
 * passes: margins do not depend on the loss, so going from one to another costs nothing.
 *
 * <p><b>Certificate of the exact problem.</b> The slopes θ of a smoothed loss are feasible for the
 * exact one's conjugate, whose domain is the same box. With the exact loss as the primal and its
 * conjugate at θ as the dual, both values enclose the exact optimum, whatever the smoothing; at the
 * smoothed optimum they are O(μ) apart, and the dual alone O(μ²) from the optimum.
 */
public final class KinkedProblem {
  private final LinearProblem problem;
  private final KinkedLoss loss;
  private final Moments moments;
  private double bound = Double.NEGATIVE_INFINITY;

  /**
   * @param loss with any smoothing; the exact one is meant
   */
  public KinkedProblem(LinearProblem problem, KinkedLoss loss, Moments moments) {
    this.problem = problem;
    this.loss = loss.smoothed(0);
    this.moments = moments;
  }

  /** Number of parameters. */
  public int dimension() {
    return problem.dimension();
  }

  /**
   * A smoothing to begin with, of the size of residuals: the labels' deviation, or the margin of
   * classes.
   */
  public double scale() {
    double mean = moments.label() / moments.weight();
    double variance = moments.labelSquares() / moments.weight() - mean * mean;
    return loss.classifies() || !(variance > 0) ? 1 : Math.sqrt(variance);
  }

  /** The problem with the smoothed loss; the one asked for last is the one that may be used. */
  public LinearObjective smoothed(double smoothing) {
    problem.under(loss.smoothed(smoothing));
    return problem;
  }

  /** The exact objective; no pass over features where the margins are at these parameters. */
  public double value(double[] parameters) {
    problem.under(loss);
    return problem.value(parameters);
  }

  /**
   * The exact objective, and the best lower bound of its optimum that was found so far, by the
   * slopes of the loss with this smoothing among others.
   */
  public Optional<Certificate> certify(double[] parameters, double smoothing) {
    problem.under(new Bounding(loss.smoothed(smoothing), loss));
    Optional<Certificate> found = problem.certify(parameters);
    found.ifPresent(certificate -> bound = Math.max(bound, certificate.dual()));
    return found.map(certificate -> new Certificate(certificate.primal(), bound));
  }

  /** The exact objective and the best lower bound found so far; empty where none was. */
  public Optional<Certificate> certify(double[] parameters) {
    return bound == Double.NEGATIVE_INFINITY
        ? Optional.empty()
        : Optional.of(new Certificate(value(parameters), bound));
  }

  /** The exact loss, with the slopes of a smoothed one. */
  private record Bounding(KinkedLoss smooth, KinkedLoss exact) implements PointwiseLoss {
    private static final long serialVersionUID = 1L;

    @Override
    public String name() {
      return exact.name();
    }

    @Override
    public double value(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
      return exact.value(margins, labels, weights, rows);
    }

    @Override
    public double differentiate(
        double[] margins, double[] labels, double @Nullable [] weights, int rows) {
      double value = exact.value(margins, labels, weights, rows);
      smooth.differentiate(margins, labels, weights, rows);
      return value;
    }

    @Override
    public void curve(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
      smooth.curve(margins, labels, weights, rows);
    }

    @Override
    public double conjugate(double multiplier, double label) {
      return exact.conjugate(multiplier, label);
    }

    @Override
    public double prior(double meanLabel) {
      return exact.prior(meanLabel);
    }

    @Override
    public double predict(double margin) {
      return exact.predict(margin);
    }

    @Override
    public boolean classifies() {
      return exact.classifies();
    }
  }
}
