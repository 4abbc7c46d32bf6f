package dev.talweg.optimizer.transform;

import java.util.List;

/**
 * Shampoo's preconditioning (Gupta, Koren and Singer 2018): of a matrix G, L ← L + G Gᵀ, R ← R + Gᵀ
 * G, G ← L^(−1/4) G R^(−1/4), from L = ε I, R = ε I. A vector has one side and a root of 1/2, which
 * is Adagrad with a full matrix.
 *
 * <p>Anil et al. (2020, arXiv 2002.09018) have running means in place of sums, and matrices that
 * are long cut into blocks with matrices of their own. Roots are of eigenvalues, exact to rounding;
 * their iteration of Schur and Newton stops at a part in a thousand.
 *
 * <p>The cost of a root of a side of n is some 30 n³ operations.
 *
 * @param decay β of the running means, in [0, 1]; at 1 they are sums
 * @param epsilon ε, above 0, in squared units of the gradient
 * @param every steps between two roots, at least 1
 * @param measured steps between two gradients that enter the means, at least 1
 * @param block longest side that is not cut, at least 1
 * @param root p of the power −1/p; 0 for twice the number of sides that are preconditioned
 * @param first what roots are until there are any
 */
public record ScaleByShampoo(
    double decay,
    double epsilon,
    long every,
    long measured,
    int block,
    double root,
    Sides sides,
    First first)
    implements TensorTransform<ScaleByShampoo.State> {
  private static final long serialVersionUID = 1L;

  /** Which sides of a matrix have a preconditioner. */
  public enum Sides {
    BOTH,
    ROWS,
    COLUMNS
  }

  /** What comes before the first step that is a multiple of {@code every}. */
  public enum First {
    /** Roots of the first gradient's. */
    ROOTS,
    /** I: gradients pass. */
    IDENTITY,
    /** 0: nothing moves, as in pytorch_optimizer's Shampoo. */
    ZERO
  }

  public ScaleByShampoo {
    Ranges.checkUpToOne("decay", decay);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkCount("every", every);
    Ranges.checkCount("measured", measured);
    Ranges.checkCount("block", block);
    Ranges.checkNotNegative("root", root);
  }

  /** L and R of all blocks, their roots, and the number of steps. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] statistics, double[] roots, long steps) {}

  @Override
  public State init(Tensors tensors) {
    List<SidedBlock> blocks = blocks(tensors);
    return new State(
        SidedBlock.diagonals(blocks, epsilon),
        SidedBlock.diagonals(blocks, first == First.IDENTITY ? 1 : 0),
        0);
  }

  private List<SidedBlock> blocks(Tensors tensors) {
    return SidedBlock.of(
        tensors,
        block,
        tensor -> tensor.matrix() && sides != Sides.COLUMNS,
        tensor -> !tensor.matrix() || sides != Sides.ROWS);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    long steps = state.steps() + 1;
    boolean measures = steps % measured == 0;
    boolean takesRoots = steps % every == 0 || (steps == 1 && first == First.ROOTS);
    for (SidedBlock each : blocks(step.tensors())) {
      Matrix gradient = each.of(updates);
      if (measures) {
        each.measure(gradient, state.statistics(), decay, decay == 1 ? 1 : 1 - decay);
      }
      if (takesRoots) {
        takeRoots(each, state);
      }
      each.put(each.within(state.roots(), gradient), updates);
    }
    return new State(state.statistics(), state.roots(), steps);
  }

  private void takeRoots(SidedBlock of, State state) {
    double power = -1 / (root > 0 ? root : 2.0 * of.sides());
    of.derive(
        state.statistics(),
        state.roots(),
        square ->
            SymmetricEigen.of(square)
                .applied(value -> value == 0 ? 0 : StrictMath.pow(Math.abs(value), power)));
  }
}
