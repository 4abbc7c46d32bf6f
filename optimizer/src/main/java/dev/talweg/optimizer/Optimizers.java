package dev.talweg.optimizer;

import dev.talweg.optimizer.schedule.InverseRoot;
import dev.talweg.optimizer.schedule.Least;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.transform.AddDecayedWeights;
import dev.talweg.optimizer.transform.AveragedSgd;
import dev.talweg.optimizer.transform.ByTensor;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.ClipByTensor;
import dev.talweg.optimizer.transform.Ema;
import dev.talweg.optimizer.transform.Epsilon;
import dev.talweg.optimizer.transform.FollowTheRegularizedLeader;
import dev.talweg.optimizer.transform.Lookahead;
import dev.talweg.optimizer.transform.Momentum;
import dev.talweg.optimizer.transform.Orthogonalize;
import dev.talweg.optimizer.transform.Rprop;
import dev.talweg.optimizer.transform.ScaleByAdabelief;
import dev.talweg.optimizer.transform.ScaleByAdadelta;
import dev.talweg.optimizer.transform.ScaleByAdagrad;
import dev.talweg.optimizer.transform.ScaleByAdam;
import dev.talweg.optimizer.transform.ScaleByAdamax;
import dev.talweg.optimizer.transform.ScaleByAdan;
import dev.talweg.optimizer.transform.ScaleByAmsgrad;
import dev.talweg.optimizer.transform.ScaleByFactoredRms;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import dev.talweg.optimizer.transform.ScaleByLion;
import dev.talweg.optimizer.transform.ScaleByNadam;
import dev.talweg.optimizer.transform.ScaleByParameterRms;
import dev.talweg.optimizer.transform.ScaleByRectifiedAdam;
import dev.talweg.optimizer.transform.ScaleByRms;
import dev.talweg.optimizer.transform.ScaleBySign;
import dev.talweg.optimizer.transform.ScaleByTensorNorm;
import dev.talweg.optimizer.transform.ScaleByTrustRatio;
import dev.talweg.optimizer.transform.ScaleByYogi;
import dev.talweg.optimizer.transform.ScheduleFree;
import dev.talweg.optimizer.transform.SharpnessAware;
import java.util.List;

/** First-order methods by the names people know them by: each a sentence of transforms. */
public final class Optimizers {
  private Optimizers() {}

  /** x ← x − η g (Robbins and Monro 1951). */
  public static Chain sgd(Schedule learningRate) {
    return Chain.of(List.of(new ScaleByLearningRate(learningRate)));
  }

  /** v ← μ v + g, x ← x − η v (Polyak 1964), or with Nesterov's look-ahead. */
  public static Chain momentum(Schedule learningRate, double decay, Momentum.Form form) {
    return new Momentum(decay, form).then(new ScaleByLearningRate(learningRate));
  }

  /** Kingma and Ba 2015. */
  public static Chain adam(Schedule learningRate, double beta1, double beta2, double epsilon) {
    return new ScaleByAdam(beta1, beta2, epsilon).then(new ScaleByLearningRate(learningRate));
  }

  /** The same with the usual β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
  public static Chain adam(Schedule learningRate) {
    return adam(learningRate, 0.9, 0.999, 1e-8);
  }

  /** Adam with decoupled decay of all parameters (Loshchilov and Hutter 2019). */
  public static Chain adamW(Schedule learningRate, double decay) {
    return new ScaleByAdam(0.9, 0.999, 1e-8)
        .then(new AddDecayedWeights(decay))
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Reddi, Kale and Kumar 2018, in the form of PyTorch and Keras. */
  public static Chain amsgrad(Schedule learningRate) {
    return new ScaleByAmsgrad(
            0.9,
            0.999,
            1e-8,
            Epsilon.CORRECTED,
            ScaleByAmsgrad.Maximum.RAW,
            ScaleByAmsgrad.MeanCorrection.CORRECTED)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Dozat 2016, with PyTorch's schedule of momentum. */
  public static Chain nadam(Schedule learningRate) {
    return new ScaleByNadam(0.9, 0.999, 1e-8, 4e-3).then(new ScaleByLearningRate(learningRate));
  }

  /** Liu et al. 2020. */
  public static Chain radam(Schedule learningRate) {
    return new ScaleByRectifiedAdam(0.9, 0.999, 1e-8, Epsilon.HAT, 5, ScaleByAdam.Mean.PLAIN)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Kingma and Ba 2015, section 7.1. */
  public static Chain adamax(Schedule learningRate) {
    return new ScaleByAdamax(0.9, 0.999, 1e-8, ScaleByAdamax.Floor.IN_MAXIMUM)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Tieleman and Hinton 2012, in PyTorch's form. */
  public static Chain rmsprop(Schedule learningRate) {
    return new ScaleByRms(0.99, 1e-8, ScaleByRms.Form.UNCORRECTED, 0, ScaleByRms.Centre.NONE)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Duchi, Hazan and Singer 2011, from an empty sum. */
  public static Chain adagrad(Schedule learningRate) {
    return new ScaleByAdagrad(0, 1e-10, Epsilon.UNCORRECTED)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Zeiler 2012; its own rate is 1. */
  public static Chain adadelta(Schedule learningRate) {
    return new ScaleByAdadelta(0.9, 1e-6).then(new ScaleByLearningRate(learningRate));
  }

  /** Chen et al. 2023, with decoupled decay. */
  public static Chain lion(Schedule learningRate, double decay) {
    return new ScaleByLion(0.9, 0.99)
        .then(new AddDecayedWeights(decay))
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Bernstein et al. 2018. */
  public static Chain signSgd(Schedule learningRate) {
    return new ScaleBySign().then(new ScaleByLearningRate(learningRate));
  }

  /** Zhuang et al. 2020. */
  public static Chain adabelief(Schedule learningRate) {
    return new ScaleByAdabelief(0.9, 0.999, 1e-16, 1e-16, ScaleByAdam.Mean.PLAIN)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Zaheer et al. 2018. */
  public static Chain yogi(Schedule learningRate) {
    return new ScaleByYogi(0.9, 0.999, 1e-3, 1e-6, 0).then(new ScaleByLearningRate(learningRate));
  }

  /** Xie et al. 2022. */
  public static Chain adan(Schedule learningRate) {
    return new ScaleByAdan(0.98, 0.92, 0.99, 1e-8, 0, ScaleByAdan.Difference.PAPER)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** You et al. 2020, decay inside of the trust ratio. */
  public static Chain lamb(Schedule learningRate, double decay) {
    return new ScaleByAdam(0.9, 0.999, 1e-6)
        .then(new AddDecayedWeights(decay))
        .then(new ScaleByTrustRatio(1, 0, 0))
        .then(new ScaleByLearningRate(learningRate));
  }

  /** You, Gitman and Ginsburg 2017. */
  public static Chain lars(Schedule learningRate, double decay, double momentum) {
    return new AddDecayedWeights(decay)
        .then(new ScaleByTrustRatio(1e-3, 0, 0))
        .then(new ScaleByLearningRate(learningRate))
        .then(new Momentum(momentum, Momentum.Form.HEAVY_BALL));
  }

  /** Ginsburg et al. 2019. */
  public static Chain novograd(Schedule learningRate, double decay) {
    return new ScaleByTensorNorm(0.25, 1e-6)
        .then(new AddDecayedWeights(decay))
        .then(new Momentum(0.9, Momentum.Form.HEAVY_BALL))
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Shazeer and Stern 2018, with a rate of min(η, 1/√t) relative to the parameters. */
  public static Chain adafactor(Schedule learningRate) {
    return new ScaleByFactoredRms(0.8, 0x1p-52, ScaleByFactoredRms.Floor.FLOOR_OF_PRODUCT, 1)
        .then(new ClipByTensor(1, ClipByTensor.Measure.ROOT_MEAN_SQUARE))
        .then(new ScaleByParameterRms(1e-3))
        .then(new ScaleByLearningRate(new Least(learningRate, new InverseRoot(1, 1))));
  }

  /** Jordan et al. 2024 for matrices; the rest as {@code others} says. */
  public static Chain muon(Schedule learningRate, double decay, Chain others) {
    Chain matrices =
        new Ema(0.95, Ema.Correction.NONE, Momentum.Form.NESTEROV)
            .then(Orthogonalize.jordan())
            .then(new AddDecayedWeights(decay))
            .then(new ScaleByLearningRate(learningRate));
    return Chain.of(List.of(new ByTensor(new ByTensor.Matrices(), matrices, others)));
  }

  /** McMahan et al. 2013. */
  public static Chain ftrl(Schedule learningRate, double l1, double l2) {
    return Chain.of(
        List.of(
            new FollowTheRegularizedLeader(
                learningRate, l1, l2, 0, 0, 0.1, -0.5, FollowTheRegularizedLeader.Start.KEEP)));
  }

  /** Riedmiller and Braun 1993, for full batches. */
  public static Chain rprop(double firstStep) {
    return Chain.of(List.of(new Rprop(firstStep, 0.5, 1.2, 1e-6, 50)));
  }

  /** Polyak and Juditsky 1992, in PyTorch's form. */
  public static Chain asgd(Schedule learningRate) {
    return Chain.of(List.of(new AveragedSgd(learningRate, 1e-4, 0.75, 1e6)));
  }

  /** Defazio et al. 2024, around SGD. */
  public static Chain scheduleFreeSgd(Schedule learningRate) {
    return Chain.of(List.of(new ScheduleFree(0.9, learningRate, 0, 2, sgd(learningRate))));
  }

  /** Foret et al. 2021, around any rule. */
  public static Chain sharpnessAware(double radius, Chain rule) {
    return Chain.of(List.of(new SharpnessAware(radius, 2, rule)));
  }

  /** Zhang et al. 2019, around any rule. */
  public static Chain lookahead(long period, double rate, Chain rule) {
    return Chain.of(List.of(new Lookahead(period, rate, Lookahead.Memory.KEPT, rule)));
  }
}
