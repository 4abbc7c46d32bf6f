package dev.talweg.optimizer.metric;

import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.Serializable;

/** A weighted mean with its standard error: Σω x/Σω and √(Σω²(x − mean)²)/Σω. */
final class Mean implements Serializable {
  private static final long serialVersionUID = 1L;

  private double weight;
  private double sum;
  private double weightSquares;
  private double weightedSum; // Σ ω² x
  private double weightedSquares; // Σ ω² x²

  void add(double x, double w) {
    weight += w;
    sum += w * x;
    weightSquares += w * w;
    weightedSum += w * w * x;
    weightedSquares += w * w * x * x;
  }

  void merge(Mean other) {
    weight += other.weight;
    sum += other.sum;
    weightSquares += other.weightSquares;
    weightedSum += other.weightedSum;
    weightedSquares += other.weightedSquares;
  }

  double weight() {
    return weight;
  }

  double sum() {
    return sum;
  }

  double mean() {
    return sum / weight;
  }

  double standardError() {
    double m = mean();
    double spread = weightedSquares - 2 * m * weightedSum + m * m * weightSquares;
    return Math.sqrt(Math.max(0, spread)) / weight;
  }

  void write(ObjectOutput out) throws IOException {
    out.writeDouble(weight);
    out.writeDouble(sum);
    out.writeDouble(weightSquares);
    out.writeDouble(weightedSum);
    out.writeDouble(weightedSquares);
  }

  void read(ObjectInput in) throws IOException {
    weight = in.readDouble();
    sum = in.readDouble();
    weightSquares = in.readDouble();
    weightedSum = in.readDouble();
    weightedSquares = in.readDouble();
  }
}
