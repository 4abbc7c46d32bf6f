package dev.talweg.optimizer.net;

import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.transform.Tensor;
import java.io.Serializable;
import java.util.List;

/**
 * What becomes of the units of some rows: numbers of rows × units, row by row. Layers are values;
 * their parameters are a part of one flat vector, from {@code at} on.
 *
 * <p><b>Bits.</b> Every sum runs in the order of rows or of units, as plain loops along memory,
 * which C2 does in lanes without another order; so they have the same bits everywhere.
 */
public sealed interface Layer extends Serializable
    permits Activated, BatchNorm, Dense, Dropout, Embedding, LayerNorm, Recurrence {

  /** Units of a row before. */
  int inputs();

  /** Units of a row after: as many, unless a layer says otherwise. */
  default int outputs() {
    return inputs();
  }

  /** Its parameters, named and in order: none, unless a layer says otherwise. */
  default List<Tensor> tensors(String name, int at) {
    return List.of();
  }

  /** The same without their shapes. */
  default List<Slice> slices(String name, int at) {
    return tensors(name, at).stream()
        .map(t -> new Slice(t.name(), t.from(), t.length(), t.penalized()))
        .toList();
  }

  /** Those of its parameters that follow the batches and no gradient. */
  default List<Slice> buffers(String name, int at) {
    return List.of();
  }

  /** How many parameters. */
  default int parameters() {
    return slices("", 0).stream().mapToInt(Slice::length).sum();
  }

  /** Writes the parameters that training begins at. */
  default void initialize(double[] parameters, int at, Initializer initializer, long seed) {}

  /** Numbers of a row that the way forward leaves for the way back: none, unless it says so. */
  default int tape() {
    return 0;
  }

  /** Writes what comes out. */
  void forward(Pass pass);

  /**
   * Adds to {@code gradient}, and writes to {@code before} the derivatives by what came in, given
   * those by what came out. The same draw gives the same random numbers.
   */
  void backward(Pass pass, double[] slopes, double[] gradient, double[] before);
}
