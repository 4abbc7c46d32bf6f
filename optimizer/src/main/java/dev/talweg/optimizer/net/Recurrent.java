package dev.talweg.optimizer.net;

import java.util.ArrayList;
import java.util.List;

/**
 * A recurrent layer over the features of a row, seen as steps of as many channels each, one step
 * after the other, as far as the row goes ({@link dev.talweg.optimizer.block.Block#lengths}); then
 * dropout of its last units, and the margins.
 *
 * <p>Weights are shared by steps, so no feature has one of its own, and columns are taken as they
 * are: no coordinates could undo another scale of each step.
 *
 * @param features steps × channels
 * @param steps T
 * @param hidden units
 * @param start of the biases of gates
 * @param dropout in [0, 1)
 */
public record Recurrent(
    int features,
    int steps,
    int hidden,
    Cell cell,
    Recurrence.Start start,
    double dropout,
    Head head)
    implements Net {
  private static final long serialVersionUID = 1L;

  /** Begun as PyTorch's. */
  public Recurrent(int features, int steps, int hidden, Cell cell, double dropout, Head head) {
    this(features, steps, hidden, cell, Recurrence.Start.PYTORCH, dropout, head);
  }

  public Recurrent {
    if (features < 1 || features % steps != 0) {
      throw new IllegalArgumentException(
          features + " features are not " + steps + " steps of as many channels each");
    }
  }

  /** No feature has weights of its own. */
  @Override
  public int width() {
    return 0;
  }

  @Override
  public int products() {
    return 0;
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Recurrence(steps, features / steps, hidden, cell, start));
    if (dropout > 0) {
      layers.add(new Dropout(hidden, dropout));
    }
    layers.add(new Dense(hidden, margins()));
    return layers;
  }

  @Override
  public List<Placed> placed() {
    return Net.placed(layers());
  }

  /** The head begins as PyTorch's linear layers do. */
  @Override
  public Initializer initializer() {
    return Initializer.PYTORCH;
  }

  /** As often as there are steps. */
  @Override
  public double work(long rows, long bytes) {
    return (double) rows * steps * layout().dimension();
  }
}
