package dev.talweg.optimizer.net;

import dev.talweg.optimizer.kernel.Exponentials;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a recurrent layer does in a step, with the conventions and the order of gates of PyTorch: of
 * the products of the inputs, p, and of the units before, q, each with its biases.
 *
 * <p>In {@code gates} of a row there is p on the way in and the gates on the way out. On the way
 * back, their derivatives by p and q come out; {@code kept} is a number of each unit that the way
 * forward leaves.
 */
public enum Cell {
  /** h ← tanh(p + q): Elman, Cognitive Science 14 (1990). */
  RNN(0) {
    @Override
    void forward(int units, Row row) {
      for (int k = 0; k < units; k++) {
        double h = Tanh.of(row.gate(k) + row.q[row.qAt + k]);
        row.set(k, h);
        row.to(k, h, 0);
      }
    }

    @Override
    void backward(int units, Row row, Slopes slopes) {
      for (int k = 0; k < units; k++) {
        double h = row.gate(k);
        slopes.both(k, slopes.ofUnit(k) * (1 - h * h));
        slopes.before(k, 0, 0);
      }
    }
  },
  /**
   * r, z ← σ(p + q), n ← tanh(p + r q), h ← (1 − z) n + z h: Cho et al., EMNLP (2014), with the
   * reset gate after the product. It keeps q of n.
   */
  GRU(0, 1, 0) {
    @Override
    void forward(int units, Row row) {
      for (int k = 0; k < units; k++) {
        double r = Exponentials.sigmoid(row.gate(k) + row.q[row.qAt + k]);
        double z = Exponentials.sigmoid(row.gate(units + k) + row.q[row.qAt + units + k]);
        double q = row.q[row.qAt + 2 * units + k];
        double n = Tanh.of(row.gate(2 * units + k) + r * q);
        row.set(k, r);
        row.set(units + k, z);
        row.set(2 * units + k, n);
        row.to(k, (1 - z) * n + z * row.unitBefore(k), q);
      }
    }

    @Override
    void backward(int units, Row row, Slopes slopes) {
      for (int k = 0; k < units; k++) {
        double r = row.gate(k);
        double z = row.gate(units + k);
        double n = row.gate(2 * units + k);
        double slope = slopes.ofUnit(k);
        double candidate = slope * (1 - z) * (1 - n * n);
        slopes.both(k, candidate * row.kept(k) * r * (1 - r));
        slopes.both(units + k, slope * (row.unitBefore(k) - n) * z * (1 - z));
        slopes.apart(2 * units + k, candidate, candidate * r);
        slopes.before(k, slope * z, 0);
      }
    }
  },
  /**
   * i, f, o ← σ(p + q), g ← tanh(p + q), c ← f c + i g, h ← o tanh c: Hochreiter and Schmidhuber,
   * Neural Computation 9 (1997), with the forget gate of Gers et al. (2000). It keeps c.
   */
  LSTM(-1, 1, 0, 0) {
    @Override
    void forward(int units, Row row) {
      for (int k = 0; k < units; k++) {
        double i = Exponentials.sigmoid(row.gate(k) + row.q[row.qAt + k]);
        double f = Exponentials.sigmoid(row.gate(units + k) + row.q[row.qAt + units + k]);
        double g = Tanh.of(row.gate(2 * units + k) + row.q[row.qAt + 2 * units + k]);
        double o = Exponentials.sigmoid(row.gate(3 * units + k) + row.q[row.qAt + 3 * units + k]);
        row.set(k, i);
        row.set(units + k, f);
        row.set(2 * units + k, g);
        row.set(3 * units + k, o);
        double c = f * row.keptBefore(k) + i * g;
        row.to(k, o * Tanh.of(c), c);
      }
    }

    @Override
    void backward(int units, Row row, Slopes slopes) {
      for (int k = 0; k < units; k++) {
        double i = row.gate(k);
        double f = row.gate(units + k);
        double g = row.gate(2 * units + k);
        double o = row.gate(3 * units + k);
        double t = Tanh.of(row.kept(k));
        double slope = slopes.ofUnit(k);
        double memory = slopes.ofKept(k) + slope * o * (1 - t * t);
        slopes.both(k, memory * g * i * (1 - i));
        slopes.both(units + k, memory * row.keptBefore(k) * f * (1 - f));
        slopes.both(2 * units + k, memory * i * (1 - g * g));
        slopes.both(3 * units + k, slope * t * o * (1 - o));
        slopes.before(k, 0, memory * f);
      }
    }
  };

  @SuppressWarnings("ImmutableEnumChecker") // nobody else has the array
  private final int[] keeps; // of each gate

  Cell(int... keeps) {
    this.keeps = keeps;
  }

  /** Products of each unit. */
  public int gates() {
    return keeps.length;
  }

  /** 1 of a gate that keeps what a unit was, −1 of one that lets in what is new, 0 of others. */
  int keeps(int gate) {
    return keeps[gate];
  }

  /** The name in configurations. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static List<String> texts() {
    return Arrays.stream(values()).map(Cell::text).toList();
  }

  public static Cell named(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  abstract void forward(int units, Row row);

  abstract void backward(int units, Row row, Slopes slopes);

  /** A row in a step: where its numbers are. */
  static final class Row {
    final double[] q;
    private final double[] tape;
    int qAt;
    int gatesAt; // in the tape
    int unitsAt; // of this step, in the tape, then as many that are kept
    int unitsBefore; // the same of the step before, or −1 at the first
    int apart; // of units and what is kept

    Row(double[] tape, double[] q) {
      this.tape = tape;
      this.q = q;
    }

    double gate(int k) {
      return tape[gatesAt + k];
    }

    void set(int k, double gate) {
      tape[gatesAt + k] = gate;
    }

    double kept(int k) {
      return tape[unitsAt + apart + k];
    }

    double unitBefore(int k) {
      return unitsBefore < 0 ? 0 : tape[unitsBefore + k];
    }

    double keptBefore(int k) {
      return unitsBefore < 0 ? 0 : tape[unitsBefore + apart + k];
    }

    /** The units of the step before, and what was kept: the row has ended. */
    void stay(int units) {
      for (int k = 0; k < units; k++) {
        to(k, unitBefore(k), keptBefore(k));
      }
    }

    void to(int k, double unit, double kept) {
      tape[unitsAt + k] = unit;
      tape[unitsAt + apart + k] = kept;
    }
  }

  /** Derivatives in a step, of one row: where they are. */
  static final class Slopes {
    private final double[] units;
    private final double[] kept;
    private final double[] p;
    private final double[] q;
    int at; // of the row among units
    int gatesAt; // of the row among p and q

    /**
     * @param units by the units of this step; becomes a part of those by the units before
     * @param kept by what is kept; becomes those by what was kept before
     */
    Slopes(double[] units, double[] kept, double[] p, double[] q) {
      this.units = units;
      this.kept = kept;
      this.p = p;
      this.q = q;
    }

    double ofUnit(int k) {
      return units[at + k];
    }

    double ofKept(int k) {
      return kept[at + k];
    }

    void both(int gate, double slope) {
      apart(gate, slope, slope);
    }

    void apart(int gate, double byInputs, double byUnits) {
      p[gatesAt + gate] = byInputs;
      q[gatesAt + gate] = byUnits;
    }

    void before(int k, double byUnit, double byKept) {
      units[at + k] = byUnit;
      kept[at + k] = byKept;
    }
  }
}
