package dev.talweg.optimizer.net;

import dev.talweg.optimizer.model.Draw;
import org.jspecify.annotations.Nullable;

/**
 * In training, a unit is 0 with probability p, else divided by 1 − p; afterwards nothing
 * (Srivastava et al., JMLR 15 (2014); inverted, as in every library). What is dropped is a hash of
 * (seed, step, row, unit).
 *
 * @param rate p, in [0, 1)
 */
public record Dropout(int inputs, double rate) implements Layer {
  private static final long serialVersionUID = 1L;

  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("a rate of " + rate + " is not in [0, 1)");
    }
  }

  @Override
  public void forward(Pass pass) {
    thin(pass.in(), pass.rows(), pass.draw(), pass.out());
  }

  @Override
  public void backward(Pass pass, double[] slopes, double[] gradient, double[] before) {
    thin(slopes, pass.rows(), pass.draw(), before);
  }

  private void thin(double[] from, int rows, @Nullable Draw draw, double[] to) {
    if (draw == null) {
      System.arraycopy(from, 0, to, 0, rows * inputs);
      return;
    }
    double scale = 1 / (1 - rate);
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < inputs; k++) {
        int unit = i * inputs + k;
        to[unit] = draw.uniform(i, k) < rate ? 0 : scale * from[unit];
      }
    }
  }
}
