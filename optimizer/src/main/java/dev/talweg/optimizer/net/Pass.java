package dev.talweg.optimizer.net;

import dev.talweg.optimizer.model.Draw;
import org.jspecify.annotations.Nullable;

/**
 * Some rows on their way through a layer.
 *
 * @param parameters of the whole net, those of the layer from {@code at} on
 * @param in units of the rows before the layer, row by row
 * @param draw in training; null where a trained model is used
 * @param out units after it, written on the way forward
 * @param tape what the way forward leaves for the way back: {@link Layer#tape} numbers a row
 * @param lengths how many of the units before are each row's own, from the first one on; null where
 *     all are
 */
@SuppressWarnings("ArrayRecordComponent") // views of arrays that are used again, never compared
public record Pass(
    double[] parameters,
    int at,
    double[] in,
    int rows,
    @Nullable Draw draw,
    double[] out,
    double[] tape,
    int @Nullable [] lengths) {

  /** Through a layer that takes rows whole. */
  public Pass(
      double[] parameters,
      int at,
      double[] in,
      int rows,
      @Nullable Draw draw,
      double[] out,
      double[] tape) {
    this(parameters, at, in, rows, draw, out, tape, null);
  }

  /** Through a layer that leaves nothing. */
  public Pass(
      double[] parameters, int at, double[] in, int rows, @Nullable Draw draw, double[] out) {
    this(parameters, at, in, rows, draw, out, new double[0]);
  }
}
