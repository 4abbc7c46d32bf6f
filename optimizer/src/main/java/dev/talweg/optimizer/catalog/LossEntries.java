package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.loss.AbsoluteLoss;
import dev.talweg.optimizer.loss.CauchitLoss;
import dev.talweg.optimizer.loss.CauchyLoss;
import dev.talweg.optimizer.loss.CloglogLoss;
import dev.talweg.optimizer.loss.EpsilonInsensitiveLoss;
import dev.talweg.optimizer.loss.ExponentialLoss;
import dev.talweg.optimizer.loss.FocalLoss;
import dev.talweg.optimizer.loss.GammaLoss;
import dev.talweg.optimizer.loss.HingeLoss;
import dev.talweg.optimizer.loss.HuberLoss;
import dev.talweg.optimizer.loss.LogCoshLoss;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.LoglogLoss;
import dev.talweg.optimizer.loss.ModifiedHuberLoss;
import dev.talweg.optimizer.loss.NegativeBinomialLoss;
import dev.talweg.optimizer.loss.PerceptronLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.PoissonLoss;
import dev.talweg.optimizer.loss.ProbitLoss;
import dev.talweg.optimizer.loss.PseudoHuberLoss;
import dev.talweg.optimizer.loss.QuantileLoss;
import dev.talweg.optimizer.loss.SquaredEpsilonInsensitiveLoss;
import dev.talweg.optimizer.loss.SquaredHingeLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.loss.TweedieLoss;
import java.util.List;

/** The losses, those that most models are trained with first. */
final class LossEntries {
  private static final String OF_THE_LABEL =
      "units of the label; the loss falls by at most half of it";

  private static final Parameter EPSILON =
      Parameters.notNegative(
          "epsilon", 0.1, "Residual ε that costs nothing, in units of the label.");

  static final List<Entry<PointwiseLoss>> ENTRIES =
      List.of(
          new Entry<>(
              "logistic",
              "negative log likelihood of a class, given its log-odds",
              "log(1 + eᶻ) − y z",
              List.of(),
              settings -> new LogisticLoss()),
          new Entry<>(
              "squared-hinge",
              "squared violation of the margin 1, as in a support vector machine",
              "max(0, 1 − (2y − 1) z)²",
              List.of(),
              settings -> new SquaredHingeLoss()),
          new Entry<>(
              "squared", "least squares", "(z − y)²/2", List.of(), settings -> new SquaredLoss()),
          new Entry<>(
              "huber",
              "least squares with a bounded pull of outliers",
              "r²/2 for |r| ≤ δ, else δ|r| − δ²/2; Huber, Annals of Mathematical Statistics 35"
                  + " (1964)",
              List.of(
                  Parameters.number(
                      "delta",
                      1.35,
                      "a number above 0",
                      value -> value > 0,
                      "Residual δ where the loss becomes linear, in units of the label.")),
              settings -> new HuberLoss(settings.number("delta"))),
          new Entry<>(
              "poisson",
              "negative log likelihood of a count, given the logarithm of its mean",
              "eᶻ − y z; McCullagh and Nelder, Generalized Linear Models (1989)",
              List.of(),
              settings -> new PoissonLoss()),
          new Entry<>(
              "gamma",
              "negative log likelihood of an amount above 0, given the logarithm of its mean",
              "y e⁻ᶻ + z; McCullagh and Nelder, Generalized Linear Models (1989)",
              List.of(),
              settings -> new GammaLoss()),
          new Entry<>(
              "tweedie",
              "quasi-likelihood of an amount that may be 0, given the logarithm of its mean",
              "e^((2−p) z)/(2 − p) + y e^((1−p) z)/(p − 1); Jørgensen, Journal of the Royal"
                  + " Statistical Society B 49 (1987)",
              List.of(
                  Parameters.number(
                      "power",
                      1.5,
                      "a number above 1 and below 2",
                      value -> value > 1 && value < 2,
                      "Power p of the mean that the variance is proportional to.")),
              settings -> new TweedieLoss(settings.number("power"))),
          new Entry<>(
              "quantile",
              "pinball loss, whose minimizer is a quantile of the label",
              "max(q r, (q − 1) r), r = y − z; Koenker and Bassett, Econometrica 46 (1978)",
              List.of(
                  Parameters.number(
                      "quantile",
                      0.5,
                      "a number above 0 and below 1",
                      value -> value > 0 && value < 1,
                      "The share q of labels that shall lie below the prediction."),
                  Parameters.smoothing(
                      "units of the label; the loss falls by at most max(q, 1 − q)²/2 of it")),
              settings ->
                  new QuantileLoss(settings.number("quantile"), settings.number("smoothing"))),
          new Entry<>(
              "hinge",
              "violation of the margin 1, as in a support vector machine",
              "max(0, 1 − (2y − 1) z); Cortes and Vapnik, Machine Learning 20 (1995)",
              List.of(
                  Parameters.smoothing(
                      "units of the margin; the loss falls by at most half of it")),
              settings -> new HingeLoss(settings.number("smoothing"))),
          new Entry<>(
              "modified-huber",
              "squared hinge with a bounded pull of outliers, as scikit-learn's SGD has it",
              "max(0, 1 − m)² for m ≥ −1, else −4m, m = (2y − 1) z; T. Zhang, ICML (2004)",
              List.of(),
              settings -> new ModifiedHuberLoss()),
          new Entry<>(
              "perceptron",
              "corrections of mistakes; for rules of gradients, its minimum is at weights of 0",
              "max(0, −(2y − 1) z); Rosenblatt, Psychological Review 65 (1958)",
              List.of(),
              settings -> new PerceptronLoss()),
          new Entry<>(
              "exponential",
              "the loss of AdaBoost, given half the log-odds",
              "exp(−(2y − 1) z); Friedman, Hastie and Tibshirani, Annals of Statistics 28 (2000)",
              List.of(),
              settings -> new ExponentialLoss()),
          new Entry<>(
              "focal",
              "logistic loss that looks less at rows that are right; not convex, for rules of"
                  + " gradients",
              "(1 − p)^γ (−log p), p = σ((2y − 1) z); Lin et al., ICCV (2017)",
              List.of(
                  Parameters.aboveZero(
                      "gamma", 2.0, "Power γ of the probability of the other class.")),
              settings -> new FocalLoss(settings.number("gamma"))),
          new Entry<>(
              "probit",
              "negative log likelihood of a class, given the normal quantile of its probability",
              "−log Φ((2y − 1) z); Bliss, Science 79 (1934)",
              List.of(),
              settings -> new ProbitLoss()),
          new Entry<>(
              "cloglog",
              "negative log likelihood of a class, given the logarithm of a rate of events",
              "eᶻ for y = 0, −log(1 − exp(−eᶻ)) for y = 1; McCullagh and Nelder, Generalized Linear"
                  + " Models (1989)",
              List.of(),
              settings -> new CloglogLoss()),
          new Entry<>(
              "loglog",
              "negative log likelihood of a class, given minus the logarithm of a rate of events",
              "e⁻ᶻ for y = 1, −log(1 − exp(−e⁻ᶻ)) for y = 0; McCullagh and Nelder, Generalized"
                  + " Linear Models (1989)",
              List.of(),
              settings -> new LoglogLoss()),
          new Entry<>(
              "cauchit",
              "negative log likelihood of a class, given the Cauchy quantile of its probability;"
                  + " not convex, for rules of gradients",
              "−log(1/2 + arctan((2y − 1) z)/π); Koenker and Yoon, Journal of Econometrics 152"
                  + " (2009)",
              List.of(),
              settings -> new CauchitLoss()),
          new Entry<>(
              "absolute",
              "absolute residual, whose minimizer is the median",
              "|z − y|",
              List.of(Parameters.smoothing(OF_THE_LABEL)),
              settings -> new AbsoluteLoss(settings.number("smoothing"))),
          new Entry<>(
              "epsilon-insensitive",
              "absolute residual beyond a width, as in support vector regression",
              "max(0, |z − y| − ε); Vapnik, The Nature of Statistical Learning Theory (1995)",
              List.of(EPSILON, Parameters.smoothing(OF_THE_LABEL)),
              settings ->
                  new EpsilonInsensitiveLoss(
                      settings.number("epsilon"), settings.number("smoothing"))),
          new Entry<>(
              "squared-epsilon-insensitive",
              "squared residual beyond a width, as in support vector regression",
              "max(0, |z − y| − ε)²; Ho and Lin, JMLR 13 (2012)",
              List.of(EPSILON),
              settings -> new SquaredEpsilonInsensitiveLoss(settings.number("epsilon"))),
          new Entry<>(
              "pseudo-huber",
              "least squares with a bounded pull of outliers, without corners",
              "δ² (√(1 + (r/δ)²) − 1); Charbonnier et al., IEEE Transactions on Image Processing 6"
                  + " (1997)",
              List.of(
                  Parameters.aboveZero(
                      "delta", 1.0, "Residual δ around which it bends, in units of the label.")),
              settings -> new PseudoHuberLoss(settings.number("delta"))),
          new Entry<>(
              "log-cosh",
              "least squares near 0, absolute residual far out",
              "log cosh(z − y)",
              List.of(),
              settings -> new LogCoshLoss()),
          new Entry<>(
              "cauchy",
              "least squares whose outliers are let go; not convex, for rules of gradients",
              "(c²/2) log(1 + ((z − y)/c)²); Black and Anandan, Computer Vision and Image"
                  + " Understanding 63 (1996)",
              List.of(
                  Parameters.aboveZero(
                      "scale",
                      1.0,
                      "Residual c where the pull is largest, in units of the label.")),
              settings -> new CauchyLoss(settings.number("scale"))),
          new Entry<>(
              "negative-binomial",
              "negative log likelihood of a count that varies more than Poisson's",
              "(y + 1/α) log(1 + α eᶻ) − y z; Hilbe, Negative Binomial Regression (2011)",
              List.of(
                  Parameters.aboveZero(
                      "alpha", 1.0, "Dispersion α: the variance is μ + α μ² of the mean μ.")),
              settings -> new NegativeBinomialLoss(settings.number("alpha"))));

  private LossEntries() {}
}
