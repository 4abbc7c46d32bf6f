package dev.talweg.optimizer.net;

import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.model.Draw;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.random.CounterRandom;
import dev.talweg.optimizer.transform.Tensors;

/**
 * The adding problem (Hochreiter and Schmidhuber 1997): a row has T steps of two channels, numbers
 * in [0, 1) and marks; the label is the sum of the two numbers that are marked, one in each half.
 * To tell their mean, whatever the row, leaves half of their variance as the loss: 1/12.
 *
 * @param batch rows of a step, new ones each time
 */
record AddingProblem(Net net, int steps, int batch, long seed) implements BatchObjective {
  /** Of the best constant: the variance of the sum of two uniform numbers is 1/6. */
  static final double BASELINE = 1.0 / 12;

  @Override
  public int dimension() {
    return net.layout().dimension();
  }

  @Override
  public Tensors tensors() {
    return net.tensors();
  }

  @Override
  public long stepsPerEpoch() {
    return 1;
  }

  @Override
  public Evaluation evaluate(double[] parameters, long step) {
    float[] columns = new float[2 * steps * batch];
    double[] labels = new double[batch];
    for (int i = 0; i < batch; i++) {
      int first = CounterRandom.below(steps / 2, seed, step, i, 1);
      int second = steps / 2 + CounterRandom.below(steps - steps / 2, seed, step, i, 2);
      for (int t = 0; t < steps; t++) {
        float number = (float) CounterRandom.uniform(seed, step, i, 3L + t);
        boolean marked = t == first || t == second;
        columns[2 * t * batch + i] = number;
        columns[(2 * t + 1) * batch + i] = marked ? 1 : 0;
        labels[i] += marked ? number : 0;
      }
    }
    ColumnBlock rows =
        new ColumnBlock(batch, 2 * steps, 2 * steps, columns, 0, new int[0], labels, null);
    double[] gradient = new double[parameters.length];
    double value = net.accumulate(rows, 0, batch, parameters, gradient, new Draw(seed, step, 0));
    for (int j = 0; j < gradient.length; j++) {
      gradient[j] /= batch;
    }
    return new Evaluation(value / batch, gradient);
  }
}
