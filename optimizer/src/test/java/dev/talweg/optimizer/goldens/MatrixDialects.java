package dev.talweg.optimizer.goldens;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What pytorch_optimizer calls rules with matrices. */
final class MatrixDialects {
  static final Map<String, Function<Translation, Replay>> LINES =
      Map.of(
          "pytorch-optimizer/CAME", MatrixDialects::came,
          "pytorch-optimizer/Shampoo", MatrixDialects::shampoo,
          "pytorch-optimizer/ScalableShampoo", MatrixDialects::scalableShampoo,
          "pytorch-optimizer/SOAP", MatrixDialects::soap,
          "pytorch-optimizer/GaLore", MatrixDialects::galore);

  private static final List<String> GRAFTS = List.of("none", "sgd", "adagrad", "rmsprop", "sign");
  private static final List<String> SIDES = List.of("both", "rows", "columns");

  private MatrixDialects() {}

  private static Replay came(Translation t) {
    String beside = t.flag("fixed_decay") ? "independent" : "decoupled";
    return t.ignore("foreach")
        .set("decay", t.flag("weight_decouple", true) ? beside : "l2")
        .set("epsilon", t.number("eps1", 1e-30))
        .set("instability-epsilon", t.number("eps2", 1e-16))
        .set("clip-rms", t.number("clip_threshold", 1))
        .set("bound", t.flag("ams_bound") ? "largest" : "current")
        .entry("came");
  }

  private static Replay shampoo(Translation t) {
    String beside = t.flag("fixed_decay") ? "independent" : "decoupled";
    return t.set("decay", t.flag("weight_decouple") ? beside : "l2")
        .set("matrix-epsilon", t.number("matrix_eps", 1e-6))
        .set("every", (long) t.number("preconditioning_compute_steps", 1))
        .set("first", "zero")
        .set("most-side", (long) Integer.MAX_VALUE)
        .entry("shampoo");
  }

  private static Replay scalableShampoo(Translation t) {
    long block = (long) t.number("block_size", 512);
    long every = (long) t.number("preconditioning_compute_steps", 1000);
    boolean merges = t.flag("shape_interpretation", true);
    boolean iterates = !t.flag("use_svd");
    int[] at = t.run.at();
    // vectors have no preconditioner, and what is merged into one side is a vector
    if (!merges || t.run.points()[0].length > block) {
      if (iterates && at[at.length - 1] >= every) {
        throw new NotCovered("stops iterations for roots at 1e-3, from a random start");
      }
      if (merges && block < 4) { // rows of the problems' matrices
        throw new NotCovered("counts a side of 1 that merging leaves");
      }
    }
    if (t.number("skip_preconditioning_rank_lt", 1) > 2) {
      throw new NotCovered("skips matrices");
    }
    return t.set("graft", GRAFTS.get((int) t.number("graft_type", 1)))
        .set("graft-epsilon", t.number("diagonal_eps", 1e-10))
        .set("graft-until", (long) t.number("start_preconditioning_step", 25) - 1)
        .set("sides", SIDES.get((int) t.number("pre_conditioner_type", 0)))
        .set("root", t.number("inverse_exponent_override", 0))
        .set("matrix-epsilon", t.number("matrix_eps", 1e-6))
        .set("every", every)
        .set("measure-every", (long) t.number("statistics_compute_steps", 1))
        .set("first", "identity")
        .set("block-side", block)
        .set("small", merges ? "plain" : "preconditioned")
        .set("most-side", (long) t.number("no_preconditioning_for_layers_with_dim_gt", 8192))
        .set("averaging", t.flag("moving_average_for_momentum") ? "mean" : "sum")
        .set("velocity", t.flag("decoupled_learning_rate", true) ? "of-gradients" : "of-steps")
        .set("decay", t.flag("decoupled_weight_decay") ? "decoupled" : "in-velocity")
        .entry("scalable-shampoo");
  }

  private static Replay soap(Translation t) {
    double[] betas = t.numbers("betas");
    double beta2 = betas == null ? 0.95 : betas[1];
    // of matrices and vectors merging changes nothing, or fails, and there are no images
    return t.ignore("merge_dims")
        .ignore("data_format")
        .set("beta1", betas == null ? 0.95 : betas[0])
        .set("beta2", beta2)
        .set("matrix-beta", t.number("shampoo_beta", beta2))
        .set("every", (long) t.number("precondition_frequency", 10))
        .set("most-side", (long) t.number("max_precondition_dim", 10000))
        .set("vectors", t.flag("precondition_1d") ? "rotated" : "plain")
        .set("correction", t.flag("correct_bias", true) ? "bias" : "none")
        .set("length", t.flag("normalize_gradient") ? "one" : "adam")
        .entry("soap");
  }

  private static Replay galore(Translation t) {
    if (t.has("rank")) {
      throw new NotCovered(
          "projects in single precision; memories depend on the signs of its singular vectors");
    }
    return t.ignore("foreach").set("rank", 0L).entry("galore");
  }
}
