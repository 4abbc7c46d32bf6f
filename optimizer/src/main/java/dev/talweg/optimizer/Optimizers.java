package dev.talweg.optimizer;

import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.InverseRoot;
import dev.talweg.optimizer.schedule.Least;
import dev.talweg.optimizer.schedule.Product;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.transform.AdagradDualAveraging;
import dev.talweg.optimizer.transform.AdaptiveDescent;
import dev.talweg.optimizer.transform.AddDecayedWeights;
import dev.talweg.optimizer.transform.AddDifference;
import dev.talweg.optimizer.transform.AggregatedMomentum;
import dev.talweg.optimizer.transform.Amos;
import dev.talweg.optimizer.transform.AveragedSgd;
import dev.talweg.optimizer.transform.BarzilaiBorwein;
import dev.talweg.optimizer.transform.Bound;
import dev.talweg.optimizer.transform.ByTensor;
import dev.talweg.optimizer.transform.Centralize;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.ClipByTensor;
import dev.talweg.optimizer.transform.CoinBetting;
import dev.talweg.optimizer.transform.DAdaptAdam;
import dev.talweg.optimizer.transform.DAdaptSgd;
import dev.talweg.optimizer.transform.DecayLast;
import dev.talweg.optimizer.transform.DivideByRms;
import dev.talweg.optimizer.transform.Ema;
import dev.talweg.optimizer.transform.Epsilon;
import dev.talweg.optimizer.transform.FollowTheRegularizedLeader;
import dev.talweg.optimizer.transform.HypergradientRate;
import dev.talweg.optimizer.transform.Lookahead;
import dev.talweg.optimizer.transform.Madgrad;
import dev.talweg.optimizer.transform.Mechanic;
import dev.talweg.optimizer.transform.Momentum;
import dev.talweg.optimizer.transform.Momo;
import dev.talweg.optimizer.transform.Normalize;
import dev.talweg.optimizer.transform.Orthogonalize;
import dev.talweg.optimizer.transform.PolyakStep;
import dev.talweg.optimizer.transform.Prodigy;
import dev.talweg.optimizer.transform.Project;
import dev.talweg.optimizer.transform.ProjectToTangent;
import dev.talweg.optimizer.transform.ProximalAdagrad;
import dev.talweg.optimizer.transform.QuasiHyperbolicMomentum;
import dev.talweg.optimizer.transform.RotateByLearningRate;
import dev.talweg.optimizer.transform.Rprop;
import dev.talweg.optimizer.transform.ScaleByAdabelief;
import dev.talweg.optimizer.transform.ScaleByAdabound;
import dev.talweg.optimizer.transform.ScaleByAdadelta;
import dev.talweg.optimizer.transform.ScaleByAdagrad;
import dev.talweg.optimizer.transform.ScaleByAdam;
import dev.talweg.optimizer.transform.ScaleByAdamax;
import dev.talweg.optimizer.transform.ScaleByAdan;
import dev.talweg.optimizer.transform.ScaleByAdemamix;
import dev.talweg.optimizer.transform.ScaleByAdopt;
import dev.talweg.optimizer.transform.ScaleByAmsgrad;
import dev.talweg.optimizer.transform.ScaleByConfidence;
import dev.talweg.optimizer.transform.ScaleByDistance;
import dev.talweg.optimizer.transform.ScaleByFactoredRms;
import dev.talweg.optimizer.transform.ScaleByLaprop;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import dev.talweg.optimizer.transform.ScaleByLion;
import dev.talweg.optimizer.transform.ScaleByNadam;
import dev.talweg.optimizer.transform.ScaleByParameterRms;
import dev.talweg.optimizer.transform.ScaleByQhadam;
import dev.talweg.optimizer.transform.ScaleByRectifiedAdam;
import dev.talweg.optimizer.transform.ScaleByRms;
import dev.talweg.optimizer.transform.ScaleByShampoo;
import dev.talweg.optimizer.transform.ScaleBySign;
import dev.talweg.optimizer.transform.ScaleBySimplifiedAdemamix;
import dev.talweg.optimizer.transform.ScaleBySm3;
import dev.talweg.optimizer.transform.ScaleBySoap;
import dev.talweg.optimizer.transform.ScaleBySophia;
import dev.talweg.optimizer.transform.ScaleByStableAdam;
import dev.talweg.optimizer.transform.ScaleByTensorNorm;
import dev.talweg.optimizer.transform.ScaleByTrustRatio;
import dev.talweg.optimizer.transform.ScaleByYogi;
import dev.talweg.optimizer.transform.ScheduleFree;
import dev.talweg.optimizer.transform.SharpnessAware;
import dev.talweg.optimizer.transform.StepProximally;
import dev.talweg.optimizer.transform.SwitchToSgd;
import dev.talweg.optimizer.transform.Until;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * First-order methods by the names people know them by: each a sentence of transforms, with the
 * defaults of the catalog.
 */
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

  /** Lucas et al. 2019: velocities of three decays, averaged. */
  public static Chain aggMo(Schedule learningRate) {
    return new AggregatedMomentum(List.of(0.0, 0.9, 0.99))
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Ma and Yarats 2019. */
  public static Chain qhm(Schedule learningRate) {
    return new QuasiHyperbolicMomentum(0.999, 0.7).then(new ScaleByLearningRate(learningRate));
  }

  /** g/‖g‖ (Nesterov 1984). */
  public static Chain normalizedGd(Schedule learningRate) {
    return new Normalize(1e-6).then(new ScaleByLearningRate(learningRate));
  }

  /** Popov 1980: the gradient to come is guessed to change as it did last. */
  public static Chain optimisticSgd(Schedule learningRate) {
    return new AddDifference(1, 1, AddDifference.First.NONE)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Heo et al. 2021, around momentum. */
  public static Chain sgdp(Schedule learningRate, double decay, double momentum) {
    Schedule shrinking = new Product(1 / (1 - momentum) * decay, learningRate);
    Chain rule = momentum(learningRate, momentum, Momentum.Form.HEAVY_BALL);
    return Chain.of(List.of(new ProjectToTangent(rule, 0.1, 1e-8, shrinking, 0.1)));
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

  /** Defazio and Jelassi 2022. */
  public static Chain madgrad(Schedule learningRate) {
    return Chain.of(List.of(new Madgrad(learningRate, 0.9, 1e-6, 0)));
  }

  /** Anil et al. 2019, with a running mean of steps. */
  public static Chain sm3(Schedule learningRate) {
    return new ScaleBySm3(0, 1e-8)
        .then(new Ema(0.9, Ema.Correction.NONE, Momentum.Form.HEAVY_BALL))
        .then(new ScaleByLearningRate(learningRate));
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

  /** Taniguchi et al. 2024. */
  public static Chain adopt(Schedule learningRate) {
    return new ScaleByAdopt(
            0.9, 0.9999, 1e-6, ScaleByAdopt.Limit.STEPS_BEFORE, Momentum.Form.HEAVY_BALL)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Pagliardini, Ablin and Grangier 2025, without warm-up. */
  public static Chain ademamix(Schedule learningRate) {
    return new ScaleByAdemamix(0.9, 0.999, new Constant(0.9999), new Constant(5), 1e-8, 0)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Morwani et al. 2025. */
  public static Chain simplifiedAdemamix(Schedule learningRate) {
    return new ScaleBySimplifiedAdemamix(
            new Constant(0.99),
            0.95,
            0,
            1e-8,
            0,
            ScaleBySimplifiedAdemamix.Velocity.SUM,
            ScaleBySimplifiedAdemamix.Correction.ONCE)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Daskalakis et al. 2018. */
  public static Chain optimisticAdam(Schedule learningRate) {
    return new ScaleByAdam(0.9, 0.999, 1e-8)
        .then(new AddDifference(1, 1, AddDifference.First.NONE))
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Ziyin, Wang and Ueda 2020. */
  public static Chain laprop(Schedule learningRate) {
    return new ScaleByLaprop(0.999, 1e-15, 0, ScaleByRms.Centre.NONE, 10, Bound.CURRENT)
        .then(new Ema(0.9, Ema.Correction.BIAS, Momentum.Form.HEAVY_BALL))
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Luo et al. 2019. */
  public static Chain adabound(Schedule learningRate) {
    return new ScaleByAdabound(0.9, 0.999, 1e-8, 0, 100, 1e-3, Bound.CURRENT)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Ma and Yarats 2019. */
  public static Chain qhAdam(Schedule learningRate, double nu1, double nu2) {
    return new ScaleByQhadam(new Constant(0.9), new Constant(0.999), nu1, nu2, 1e-8)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Heo et al. 2021, around Adam. */
  public static Chain adamP(Schedule learningRate, double decay) {
    Schedule shrinking = new Product(decay, learningRate);
    return Chain.of(List.of(new ProjectToTangent(adam(learningRate), 0.1, 1e-8, shrinking, 0.1)));
  }

  /** Keskar and Socher 2017: Adam, then gradient descent. */
  public static Chain swats(Schedule learningRate) {
    ScaleByAdam adam = new ScaleByAdam(0.9, 0.999, 1e-9, 0, Epsilon.HAT, ScaleByAdam.Mean.PLAIN);
    Chain rule = adam.then(new ScaleByLearningRate(learningRate));
    return Chain.of(List.of(new SwitchToSgd(rule, 0.9, 0.999, 1e-9, 0)));
  }

  /** Centralized RAdam with Lookahead (Wright and Demeure 2021). */
  public static Chain ranger(Schedule learningRate) {
    return lookahead(
        6,
        0.5,
        new Centralize()
            .then(
                new ScaleByRectifiedAdam(0.95, 0.999, 1e-5, Epsilon.HAT, 5, ScaleByAdam.Mean.PLAIN))
            .then(new ScaleByLearningRate(learningRate)));
  }

  /** Wortsman et al. 2023; the decay is shortened with the step. */
  public static Chain stableAdamW(Schedule learningRate, double decay) {
    return new ScaleByStableAdam(0.9, 0.99, 1e-8, decay)
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

  /** Bernstein et al. 2020. */
  public static Chain fromage(Schedule learningRate) {
    return new ScaleByTrustRatio(1, 0, 1e-6).then(new RotateByLearningRate(learningRate, 1e300));
  }

  /** Tian and Parikh 2022. */
  public static Chain amos(Schedule learningRate) {
    return Chain.of(List.of(new Amos(learningRate, 0.999, 0, 1e-18, 0.25, 0.25)));
  }

  /** Shazeer and Stern 2018, with a rate of min(η, 1/√t) relative to the parameters. */
  public static Chain adafactor(Schedule learningRate) {
    return new ScaleByFactoredRms(0.8, 0x1p-52, ScaleByFactoredRms.Floor.FLOOR_OF_PRODUCT, 1)
        .then(new ClipByTensor(1, ClipByTensor.Measure.ROOT_MEAN_SQUARE))
        .then(new ScaleByParameterRms(1e-3))
        .then(new ScaleByLearningRate(new Least(learningRate, new InverseRoot(1, 1))));
  }

  /** Luo et al. 2023. */
  public static Chain came(Schedule learningRate) {
    return new ScaleByFactoredRms(
            0.999,
            ScaleByFactoredRms.Kept.CONSTANT,
            1e-30,
            ScaleByFactoredRms.Floor.ADDED_TO_SQUARES,
            1,
            Bound.CURRENT)
        .then(new ClipByTensor(1, ClipByTensor.Measure.ROOT_MEAN_SQUARE))
        .then(new ScaleByConfidence(0.9, 0.9999, 1e-16))
        .then(new ScaleByLearningRate(learningRate));
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

  /** Gupta, Koren and Singer 2018; Adagrad where a side is longer than 1024. */
  public static Chain shampoo(Schedule learningRate) {
    ScaleByShampoo shampoo =
        new ScaleByShampoo(
            1,
            1e-6,
            10,
            1,
            Integer.MAX_VALUE,
            0,
            ScaleByShampoo.Sides.BOTH,
            ScaleByShampoo.First.ROOTS);
    ScaleByAdagrad adagrad = new ScaleByAdagrad(1e-6, 0, Epsilon.UNCORRECTED);
    return new ByTensor(
            new ByTensor.Sized(0, 1024, new ByTensor.All()),
            Chain.of(List.of(shampoo)),
            Chain.of(List.of(adagrad)))
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Vyas et al. 2025; the first gradient is no step. */
  public static Chain soap(Schedule learningRate, double decay) {
    ScaleBySoap soap =
        new ScaleBySoap(
            0.95,
            0.95,
            0.95,
            1e-8,
            10,
            1024,
            ScaleBySoap.Vectors.PLAIN,
            ScaleBySoap.Correction.BIAS,
            ScaleBySoap.Length.ADAM);
    Chain rule =
        soap.then(new ScaleByLearningRate(learningRate))
            .then(new DecayLast(new Product(decay, learningRate)));
    return Chain.of(List.of(new Until(1, sgd(new Constant(0)), rule)));
  }

  /** Zhao et al. 2024: Adam in 128 dimensions. */
  public static Chain galore(Schedule learningRate) {
    ScaleByAdam adam = new ScaleByAdam(0.9, 0.999, 1e-6, 0, Epsilon.HAT, ScaleByAdam.Mean.PLAIN);
    return new Project(128, 200, 0.25, Project.Sides.SHORTER, Chain.of(List.of(adam)))
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Yuan et al. 2025, as AdamW for matrices; the rest as {@code others} says. */
  public static Chain mars(Schedule learningRate, double decay, Chain others) {
    Ema mean = new Ema(0.95, Ema.Correction.BIAS, Momentum.Form.HEAVY_BALL);
    Chain matrices =
        new AddDifference(1, 0.025 * 0.95 / (1 - 0.95), AddDifference.First.WHOLE)
            .then(new ClipByTensor(1, ClipByTensor.Measure.NORM))
            .then(
                new DivideByRms(
                    Chain.of(List.of(mean)), 0.99, 1e-8, 1e-15, Epsilon.HAT, Bound.CURRENT))
            .then(new AddDecayedWeights(decay))
            .then(new ScaleByLearningRate(learningRate));
    return Chain.of(List.of(new ByTensor(new ByTensor.Matrices(), matrices, others)));
  }

  /** Liu et al. 2024, with Hutchinson's estimate at every tenth step. */
  public static Chain sophia(Schedule learningRate) {
    return new ScaleBySophia(0.965, 0.99, 1e-8, 0.01, 1, 10, ScaleBySophia.Order.MEASURE_FIRST)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** McMahan et al. 2013. */
  public static Chain ftrl(Schedule learningRate, double l1, double l2) {
    return Chain.of(
        List.of(
            new FollowTheRegularizedLeader(
                learningRate, l1, l2, 0, 0, 0.1, -0.5, FollowTheRegularizedLeader.Start.KEEP)));
  }

  /** Duchi and Singer 2009. */
  public static Chain proximalSgd(Schedule learningRate, double l1, double l2) {
    return new ScaleByLearningRate(learningRate)
        .then(new StepProximally(learningRate, l1, l2, StepProximally.Region.ALL));
  }

  /** Duchi, Hazan and Singer 2011, in Adagrad's own metric. */
  public static Chain proximalAdagrad(Schedule learningRate, double l1, double l2) {
    return Chain.of(List.of(new ProximalAdagrad(learningRate, 0.1, l1, l2)));
  }

  /** Xiao 2010; Duchi, Hazan and Singer 2011. */
  public static Chain adagradDualAveraging(Schedule learningRate, double l1, double l2) {
    return Chain.of(
        List.of(
            new AdagradDualAveraging(
                learningRate, 0.1, l1, l2, 1, FollowTheRegularizedLeader.Start.KEEP)));
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

  /** Defazio et al. 2024, around AdamW without its mean. */
  public static Chain scheduleFreeAdamW(Schedule learningRate, double decay) {
    Chain rule =
        new ScaleByRms(0.999, 1e-8, ScaleByRms.Form.CORRECTED, 0, ScaleByRms.Centre.NONE)
            .then(new AddDecayedWeights(decay))
            .then(new ScaleByLearningRate(learningRate));
    return Chain.of(List.of(new ScheduleFree(0.9, learningRate, 0, 2, rule)));
  }

  /** Mishchenko and Defazio 2024; its own rate is 1. */
  public static Chain prodigy(Schedule learningRate) {
    return Chain.of(
        List.of(
            new Prodigy(
                learningRate,
                0.9,
                0.999,
                Math.sqrt(0.999),
                1e-8,
                1e-6,
                1,
                1e300,
                0,
                Prodigy.Correction.NONE,
                Prodigy.Warmup.PLAIN,
                1)));
  }

  /** Defazio and Mishchenko 2023, around Adam; its own rate is 1. */
  public static Chain dAdaptAdam(Schedule learningRate) {
    return Chain.of(
        List.of(
            new DAdaptAdam(
                learningRate, 0.9, 0.999, 1e-8, 1e-6, 1e300, 0, Prodigy.Correction.NONE)));
  }

  /** Defazio and Mishchenko 2023; its own rate is 1. */
  public static Chain dAdaptSgd(Schedule learningRate) {
    return Chain.of(List.of(new DAdaptSgd(learningRate, 0, 1e-6, 1e300, 0)));
  }

  /** Ivgi, Hinder and Carmon 2023; its own rate is 1. */
  public static Chain dog(Schedule learningRate) {
    return new ScaleByDistance(
            ScaleByDistance.Weights.EQUAL,
            ScaleByDistance.Scope.ALL,
            ScaleByDistance.Beginning.RELATIVE,
            1e-6,
            1e-8)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Khaled, Mishchenko and Jin 2023; its own rate is 1. */
  public static Chain dowg(Schedule learningRate) {
    return new ScaleByDistance(
            ScaleByDistance.Weights.DISTANCES,
            ScaleByDistance.Scope.ALL,
            ScaleByDistance.Beginning.DISTANCE,
            1e-2,
            1e-4)
        .then(new ScaleByLearningRate(learningRate));
  }

  /** Orabona and Tommasi 2017; its own rate is 1. */
  public static Chain cocob(Schedule learningRate) {
    return Chain.of(List.of(new CoinBetting(learningRate, 100, 1e-8)));
  }

  /** Schaipp et al. 2024, from a lower bound of the loss. */
  public static Chain momo(Schedule learningRate, double minimum) {
    return momo(learningRate, Momo.Means.FROM_FIRST, null, minimum);
  }

  /** The same in Adam's metric. */
  public static Chain momoAdam(Schedule learningRate, double minimum) {
    return momo(learningRate, Momo.Means.FROM_ZERO, new Momo.Metric(0.999, 1e-8), minimum);
  }

  private static Chain momo(
      Schedule learningRate, Momo.Means means, Momo.@Nullable Metric metric, double minimum) {
    Momo rule =
        new Momo(
            learningRate,
            0.9,
            means,
            metric,
            minimum,
            Momo.Source.GIVEN,
            0,
            0,
            Momo.Decay.PROXIMAL);
    return Chain.of(List.of(rule));
  }

  /** Polyak 1987: (f − f*)/‖g‖², at most {@code largest}. */
  public static Chain polyak(double largest, double minimum) {
    return Chain.of(
        List.of(
            new PolyakStep(
                largest, 1, minimum, 0, PolyakStep.Beneath.STAY, PolyakStep.Measured.ALL)));
  }

  /** Almeida et al. 1998, Baydin et al. 2018. */
  public static Chain hypergradient(double firstRate) {
    return Chain.of(
        List.of(new HypergradientRate(firstRate, 0.02, HypergradientRate.Form.MULTIPLICATIVE)));
  }

  /** Barzilai and Borwein 1988, both secants by turns, for full batches. */
  public static Chain barzilaiBorwein(double firstRate) {
    return Chain.of(
        List.of(new BarzilaiBorwein(firstRate, 1e-10, 1e10, BarzilaiBorwein.Form.ALTERNATING)));
  }

  /** Malitsky and Mishchenko 2020, for full batches. */
  public static Chain adgd(double firstRate) {
    return Chain.of(
        List.of(
            new AdaptiveDescent(
                firstRate, 1, 1, 2, 0, 0, AdaptiveDescent.Change.NORM_OF_DIFFERENCE)));
  }

  /** Foret et al. 2021, around any rule. */
  public static Chain sharpnessAware(double radius, Chain rule) {
    return Chain.of(List.of(new SharpnessAware(radius, 2, rule)));
  }

  /** Zhang et al. 2019, around any rule. */
  public static Chain lookahead(long period, double rate, Chain rule) {
    return Chain.of(List.of(new Lookahead(period, rate, Lookahead.Memory.KEPT, rule)));
  }

  /** Cutkosky et al. 2023, around any rule. */
  public static Chain mechanic(Chain rule) {
    return Chain.of(List.of(new Mechanic(1e-6, 0.01, 1e-8, 6, rule)));
  }
}
