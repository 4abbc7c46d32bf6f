package dev.talweg.optimizer.goldens;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The losses that the golden files name. */
final class GoldenLosses {
  private static final Pattern CALL = Pattern.compile("(\\w+)\\(([^)]*)\\)");

  private GoldenLosses() {}

  /** Of a name with its parameter in parentheses, such as {@code huber(1.35)}. */
  static PointwiseLoss called(String text) {
    Matcher call = CALL.matcher(text);
    return call.matches()
        ? named(call.group(1), Double.parseDouble(call.group(2)))
        : named(text, Double.NaN);
  }

  /** Of a name and the parameter that it has, if it has one. */
  static PointwiseLoss named(String name, double parameter) {
    return switch (name) {
      case "logistic", "cross_entropy", "log_loss" -> new LogisticLoss();
      case "hinge" -> new HingeLoss(0);
      case "smoothed_hinge" -> new HingeLoss(1);
      case "squared_hinge" -> new SquaredHingeLoss();
      case "squared", "squared_error" -> new SquaredLoss();
      case "huber" -> new HuberLoss(parameter);
      case "quantile" -> new QuantileLoss(parameter, 0);
      case "poisson" -> new PoissonLoss();
      case "gamma" -> new GammaLoss();
      case "tweedie" -> new TweedieLoss(parameter);
      case "perceptron" -> new PerceptronLoss();
      case "modified_huber" -> new ModifiedHuberLoss();
      case "exponential" -> new ExponentialLoss();
      case "focal" -> new FocalLoss(parameter);
      case "absolute" -> new AbsoluteLoss(0);
      case "pseudo_huber" -> new PseudoHuberLoss(parameter);
      case "log_cosh" -> new LogCoshLoss();
      case "epsilon_insensitive" -> new EpsilonInsensitiveLoss(parameter, 0);
      case "squared_epsilon_insensitive" -> new SquaredEpsilonInsensitiveLoss(parameter);
      case "cauchy" -> new CauchyLoss(parameter);
      case "negative_binomial" -> new NegativeBinomialLoss(parameter);
      case "cloglog" -> new CloglogLoss();
      case "loglog" -> new LoglogLoss();
      case "cauchit" -> new CauchitLoss();
      case "probit" -> new ProbitLoss();
      default -> throw new NotCovered("no loss " + name);
    };
  }

  /** A label as Talweg has it: classes are 0 and 1, not -1 and 1. */
  static double label(PointwiseLoss loss, double label) {
    return loss.classifies() && label == -1 ? 0 : label;
  }
}
