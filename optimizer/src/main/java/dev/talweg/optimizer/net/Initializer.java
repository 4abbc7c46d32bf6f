package dev.talweg.optimizer.net;

import dev.talweg.optimizer.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The weights of a layer that training begins at; a weight is a hash of (seed, its place). */
public enum Initializer {
  /** Normal with variance 2/inputs, for rectifiers: He, Zhang, Ren and Sun, ICCV (2015). */
  HE {
    @Override
    void fill(double[] w, int at, int inputs, int outputs, long seed) {
      normal(w, at, inputs * outputs, Math.sqrt(2.0 / inputs), seed);
    }
  },
  /** Uniform in ±√(6/(inputs + outputs)): Glorot and Bengio, AISTATS (2010). */
  GLOROT {
    @Override
    void fill(double[] w, int at, int inputs, int outputs, long seed) {
      uniform(w, at, inputs * outputs, Math.sqrt(6.0 / (inputs + outputs)), seed);
    }
  },
  /** Normal with variance 1/inputs: LeCun, Bottou, Orr and Müller (1998). */
  LECUN {
    @Override
    void fill(double[] w, int at, int inputs, int outputs, long seed) {
      normal(w, at, inputs * outputs, Math.sqrt(1.0 / inputs), seed);
    }
  },
  /** Uniform in ±1/√inputs, biases too: what linear layers of PyTorch begin with. */
  PYTORCH {
    @Override
    void fill(double[] w, int at, int inputs, int outputs, long seed) {
      uniform(w, at, inputs * outputs, Math.sqrt(1.0 / inputs), seed);
    }

    @Override
    void fillBiases(double[] w, int at, int inputs, int outputs, long seed) {
      uniform(w, at, outputs, Math.sqrt(1.0 / inputs), CounterRandom.bits(seed, 0, 0, 8));
    }
  },
  /**
   * Orthonormal rows or columns, whichever are fewer: Saxe, McClelland and Ganguli, ICLR (2014).
   */
  ORTHOGONAL {
    @Override
    void fill(double[] w, int at, int inputs, int outputs, long seed) {
      int few = Math.min(inputs, outputs);
      int many = Math.max(inputs, outputs);
      double[] vectors = new double[few * many];
      normal(vectors, 0, vectors.length, 1, seed);
      orthonormalize(vectors, few, many);
      for (int a = 0; a < few; a++) {
        for (int b = 0; b < many; b++) {
          w[at + (inputs <= outputs ? a * outputs + b : b * outputs + a)] = vectors[a * many + b];
        }
      }
    }
  };

  /** Writes inputs × outputs weights by rows. */
  abstract void fill(double[] w, int at, int inputs, int outputs, long seed);

  /** Writes as many biases as there are outputs: they stay 0, unless it says so. */
  void fillBiases(double[] w, int at, int inputs, int outputs, long seed) {}

  /** The name in configurations. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static List<String> texts() {
    return Arrays.stream(values()).map(Initializer::text).toList();
  }

  public static Initializer named(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  static void uniform(double[] w, int at, int count, double limit, long seed) {
    for (int k = 0; k < count; k++) {
      w[at + k] = limit * (2 * CounterRandom.uniform(seed, k, 0, 7) - 1);
    }
  }

  static void normal(double[] w, int at, int count, double deviation, long seed) {
    for (int k = 0; k < count; k++) {
      w[at + k] = deviation * CounterRandom.gaussian(seed, k, 0, 7);
    }
  }

  /** Gram and Schmidt, twice: once more is enough for the precision of doubles. */
  private static void orthonormalize(double[] vectors, int count, int length) {
    for (int a = 0; a < count; a++) {
      for (int before = 0; before < 2 * a; before++) {
        int b = before % a;
        double dot = dot(vectors, a, b, length);
        for (int k = 0; k < length; k++) {
          vectors[a * length + k] -= dot * vectors[b * length + k];
        }
      }
      double norm = Math.sqrt(dot(vectors, a, a, length));
      for (int k = 0; k < length; k++) {
        vectors[a * length + k] /= norm;
      }
    }
  }

  private static double dot(double[] vectors, int a, int b, int length) {
    double sum = 0;
    for (int k = 0; k < length; k++) {
      sum += vectors[a * length + k] * vectors[b * length + k];
    }
    return sum;
  }
}
