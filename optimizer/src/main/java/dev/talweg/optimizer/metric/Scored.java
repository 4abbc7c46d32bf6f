package dev.talweg.optimizer.metric;

import java.io.Serializable;

/**
 * A row with what a model says of it.
 *
 * @param score the probability of class 1, or of the class that is looked at; the predicted number
 * @param row its number: of equals the earlier row is first
 */
public record Scored(double score, double label, double weight, long row) implements Serializable {
  private static final long serialVersionUID = 1L;

  Scored withScore(double other) {
    return new Scored(other, label, weight, row);
  }

  Scored withLabel(double other) {
    return new Scored(score, other, weight, row);
  }
}
