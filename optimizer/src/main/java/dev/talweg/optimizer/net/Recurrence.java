package dev.talweg.optimizer.net;

import dev.talweg.optimizer.kernel.Kernels;
import dev.talweg.optimizer.random.CounterRandom;
import dev.talweg.optimizer.transform.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cell that reads a row as so many steps of some channels, step by step, from units that are 0;
 * what comes out are the units after the last one. The way back goes through all steps.
 *
 * <p><b>Lengths.</b> A row may end before the last step: then its units stay what they are, and so
 * do the slopes on the way back, which is what PyTorch's {@code pack_padded_sequence} and Keras'
 * masks do. A step that it ends within is filled up with zeros; of no steps the units are 0. All
 * rows go as far as the longest one, so that products are those of matrices.
 *
 * <p><b>Layout.</b> The weights of inputs, channels × (gates · units) by rows, those of units,
 * units × (gates · units), then a bias of each product: PyTorch's {@code weight_ih_l0} and {@code
 * weight_hh_l0} transposed, {@code bias_ih_l0} and {@code bias_hh_l0}, gates in its order.
 *
 * <p><b>Tape.</b> Step by step the gates of all rows, then their units, then what the cell keeps of
 * each unit: so that every product is one of matrices in blocks, as those of {@link Dense}.
 *
 * @param steps T, at least 1: what a row has at most
 * @param channels numbers of a step, at least 1
 * @param units at least 1
 * @param start of the biases of gates
 */
public record Recurrence(int steps, int channels, int units, Cell cell, Start start)
    implements Layer {
  private static final long serialVersionUID = 1L;

  /** The biases of gates that training begins at. */
  public enum Start {
    /** Uniform in ±1/√units, as all weights. */
    PYTORCH,
    /**
     * log u of a gate that keeps what a unit was, −log u of one that lets in what is new, u uniform
     * in [1, T − 1) for each unit, which so remembers about u steps: the chrono initialization
     * (Tallec and Ollivier, ICLR 2018). Of a cell without such gates nothing.
     */
    CHRONO
  }

  /** Begun as PyTorch's. */
  public Recurrence(int steps, int channels, int units, Cell cell) {
    this(steps, channels, units, cell, Start.PYTORCH);
  }

  public Recurrence {
    if (steps < 1 || channels < 1 || units < 1) {
      throw new IllegalArgumentException(
          steps + " steps of " + channels + " channels with " + units + " units");
    }
  }

  @Override
  public int inputs() {
    return steps * channels;
  }

  @Override
  public int outputs() {
    return units;
  }

  private int products() {
    return cell.gates() * units;
  }

  @Override
  public int tape() {
    return steps * (products() + 2 * units);
  }

  @Override
  public List<Tensor> tensors(String name, int at) {
    int products = products();
    int recurrent = at + channels * products;
    int biases = recurrent + units * products;
    return List.of(
        new Tensor(name + ".input-weights", at, channels, products),
        new Tensor(name + ".recurrent-weights", recurrent, units, products),
        new Tensor(name + ".input-biases", biases, 1, products, false),
        new Tensor(name + ".recurrent-biases", biases + products, 1, products, false));
  }

  /**
   * All uniform in ±1/√units, as PyTorch's, whatever the initializer of other layers; then what the
   * start says of biases, as the sum of both that a gate has.
   */
  @Override
  public void initialize(double[] parameters, int at, Initializer initializer, long seed) {
    int biases = (channels + units) * products();
    Initializer.uniform(parameters, at, biases + 2 * products(), Math.sqrt(1.0 / units), seed);
    if (start == Start.CHRONO) {
      for (int k = 0; k < products(); k++) {
        int keeps = cell.keeps(k / units);
        if (keeps != 0) {
          double u = 1 + Math.max(0, steps - 2) * CounterRandom.uniform(seed, k % units, 1, 7);
          parameters[at + biases + k] = keeps * Math.log(u);
          parameters[at + biases + products() + k] = 0;
        }
      }
    }
  }

  /** Where a step begins in the tape of so many rows. */
  private int gatesAt(int step, int rows) {
    return step * rows * (products() + 2 * units);
  }

  private int unitsAt(int step, int rows) {
    return step < 0 ? -1 : gatesAt(step, rows) + rows * products();
  }

  @Override
  public void forward(Pass pass) {
    int rows = pass.rows();
    int products = products();
    double[] tape = pass.tape();
    int weights = pass.at() + channels * products; // of units
    int biases = weights + units * products;
    double[] q = new double[rows * products];
    Cell.Row row = new Cell.Row(tape, q);
    int[] own = own(pass);
    int longest = longest(own);
    for (int t = 0; t < longest; t++) {
      int gates = gatesAt(t, rows);
      for (int i = 0; i < rows; i++) {
        System.arraycopy(pass.parameters(), biases, tape, gates + i * products, products);
        System.arraycopy(pass.parameters(), biases + products, q, i * products, products);
      }
      Kernels.addProduct(
          pass.in(),
          t * channels,
          inputs(),
          1,
          pass.parameters(),
          pass.at(),
          tape,
          gates,
          rows,
          channels,
          products);
      if (t > 0) {
        int before = unitsAt(t - 1, rows);
        Kernels.addProduct(
            tape, before, units, 1, pass.parameters(), weights, q, 0, rows, units, products);
      }
      for (int i = 0; i < rows; i++) {
        placed(row, t, i, rows);
        if (t < own[i]) {
          cell.forward(units, row);
        } else {
          row.stay(units);
        }
      }
    }
    if (longest == 0) {
      Arrays.fill(pass.out(), 0, rows * units, 0);
    } else {
      System.arraycopy(tape, unitsAt(longest - 1, rows), pass.out(), 0, rows * units);
    }
  }

  /** The steps that each row has. */
  private int[] own(Pass pass) {
    int[] own = new int[pass.rows()];
    int @Nullable [] lengths = pass.lengths();
    Arrays.setAll(
        own,
        i -> lengths == null ? steps : Math.min(steps, (lengths[i] + channels - 1) / channels));
    return own;
  }

  private static int longest(int[] own) {
    return Arrays.stream(own).max().orElse(0);
  }

  private Cell.Row placed(Cell.Row row, int step, int i, int rows) {
    row.qAt = i * products();
    row.gatesAt = gatesAt(step, rows) + i * products();
    row.unitsAt = unitsAt(step, rows) + i * units;
    row.unitsBefore = step == 0 ? -1 : unitsAt(step - 1, rows) + i * units;
    row.apart = rows * units;
    return row;
  }

  @Override
  public void backward(Pass pass, double[] slopes, double[] gradient, double[] before) {
    int rows = pass.rows();
    int products = products();
    int weights = pass.at() + channels * products;
    double[] p = new double[rows * products];
    double[] q = new double[rows * products];
    double[] byUnits = Arrays.copyOf(slopes, rows * units);
    double[] inputsBack = transposed(pass.parameters(), pass.at(), channels);
    double[] unitsBack = transposed(pass.parameters(), weights, units);
    double[] byInputs = new double[rows * channels];
    Cell.Row row = new Cell.Row(pass.tape(), q);
    Cell.Slopes ofRow = new Cell.Slopes(byUnits, new double[rows * units], p, q);
    int[] own = own(pass);
    int longest = longest(own);
    Arrays.fill(before, 0, rows * inputs(), 0);
    for (int t = longest - 1; t >= 0; t--) {
      for (int i = 0; i < rows; i++) {
        ofRow.at = i * units;
        ofRow.gatesAt = i * products;
        if (t < own[i]) {
          cell.backward(units, placed(row, t, i, rows), ofRow);
        } // of a row that has ended p and q are still 0
      }
      addTo(pass, t, p, q, gradient);
      Arrays.fill(byInputs, 0);
      Kernels.addProduct(p, 0, products, 1, inputsBack, 0, byInputs, 0, rows, products, channels);
      for (int i = 0; i < rows; i++) {
        int to = i * inputs() + t * channels;
        System.arraycopy(byInputs, i * channels, before, to, channels);
      }
      Kernels.addProduct(q, 0, products, 1, unitsBack, 0, byUnits, 0, rows, products, units);
    }
  }

  /** A step's share of the gradient. */
  private void addTo(Pass pass, int t, double[] p, double[] q, double[] gradient) {
    int rows = pass.rows();
    int products = products();
    int weights = pass.at() + channels * products;
    int biases = weights + units * products;
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < products; k++) {
        gradient[biases + k] += p[i * products + k];
        gradient[biases + products + k] += q[i * products + k];
      }
    }
    Kernels.addProduct(
        pass.in(), t * channels, 1, inputs(), p, 0, gradient, pass.at(), channels, rows, products);
    if (t > 0) {
      int before = unitsAt(t - 1, rows);
      Kernels.addProduct(
          pass.tape(), before, 1, units, q, 0, gradient, weights, units, rows, products);
    }
  }

  /** Of inputs × products, products × inputs. */
  private double[] transposed(double[] parameters, int at, int inputs) {
    int products = products();
    double[] transposed = new double[inputs * products];
    for (int j = 0; j < inputs; j++) {
      for (int k = 0; k < products; k++) {
        transposed[k * inputs + j] = parameters[at + j * products + k];
      }
    }
    return transposed;
  }
}
