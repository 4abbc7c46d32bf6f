package dev.talweg.ml.engine;

import dev.talweg.optimizer.kernel.Exponentials;
import dev.talweg.optimizer.loss.GammaLoss;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.PoissonLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.loss.TweedieLoss;
import java.io.Serializable;
import java.util.Optional;

/**
 * A family of distributions with a link that Talweg has a loss of, and what iteratively reweighted
 * least squares makes of it (McCullagh and Nelder 1989, 2.5): with the mean μ of the margin η, the
 * link g and the variance V(μ), the working weight 1/(g′(μ)² V(μ)) and the working label η + (y −
 * μ) g′(μ).
 *
 * @param loss the negative log likelihood of a margin
 * @param power V(μ) = μ^power with a logarithm as link; without a meaning for others
 */
public record LinkedFamily(PointwiseLoss loss, Link link, double power) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** As in Spark: no mean is nearer to 0, or of a class to 1. */
  private static final double NEAREST = 1e-16;

  /** g, by the name that Spark has for it. */
  public enum Link {
    IDENTITY,
    LOGIT,
    LOG
  }

  private static final LinkedFamily GAUSSIAN =
      new LinkedFamily(new SquaredLoss(), Link.IDENTITY, 0);
  private static final LinkedFamily BINOMIAL = new LinkedFamily(new LogisticLoss(), Link.LOGIT, 0);
  private static final LinkedFamily POISSON = new LinkedFamily(new PoissonLoss(), Link.LOG, 1);
  private static final LinkedFamily GAMMA = new LinkedFamily(new GammaLoss(), Link.LOG, 2);

  /**
   * By {@code family} and {@code link} in lower case.
   *
   * @param link empty for the family's own
   * @return empty where there is no loss of ours
   */
  public static Optional<LinkedFamily> named(String family, String link) {
    return switch (family + " " + link) {
      case "gaussian ", "gaussian identity" -> Optional.of(GAUSSIAN);
      case "binomial ", "binomial logit" -> Optional.of(BINOMIAL);
      case "poisson ", "poisson log" -> Optional.of(POISSON);
      case "gamma log" -> Optional.of(GAMMA);
      default -> Optional.empty();
    };
  }

  /**
   * By {@code variancePower} and {@code linkPower} of the family {@code tweedie}.
   *
   * @param link NaN for the family's own
   * @return empty where there is no loss of ours
   */
  public static Optional<LinkedFamily> ofPowers(double variance, double link) {
    boolean own = Double.isNaN(link);
    if (variance == 0) {
      return own || link == 1 ? Optional.of(GAUSSIAN) : Optional.empty();
    }
    if (variance == 1) {
      return own || link == 0 ? Optional.of(POISSON) : Optional.empty();
    }
    if (link != 0 || variance > 2) { // the default, 1 − variance, is no logarithm
      return Optional.empty();
    }
    return Optional.of(
        variance == 2 ? GAMMA : new LinkedFamily(new TweedieLoss(variance), Link.LOG, variance));
  }

  /** Whether a label can be one of this family. */
  boolean contains(double label) {
    return link == Link.LOGIT ? label >= 0 && label <= 1 : loss.labels().contains(label);
  }

  /** μ of a margin. */
  double mean(double margin) {
    return switch (link) {
      case IDENTITY -> margin;
      case LOGIT -> Math.min(Math.max(loss.predict(margin), NEAREST), 1 - NEAREST);
      case LOG -> Math.max(loss.predict(margin), NEAREST);
    };
  }

  /** g′(μ). */
  double slope(double mean) {
    return switch (link) {
      case IDENTITY -> 1;
      case LOGIT -> 1 / (mean * (1 - mean));
      case LOG -> 1 / mean;
    };
  }

  /** 1/(g′(μ)² V(μ)) at the mean of a margin. */
  double weight(double margin) {
    double mean = mean(margin);
    return switch (link) {
      case IDENTITY -> 1;
      case LOGIT -> mean * (1 - mean);
      case LOG -> power == 1 ? mean : power == 2 ? 1 : Exponentials.exp((2 - power) * margin);
    };
  }
}
