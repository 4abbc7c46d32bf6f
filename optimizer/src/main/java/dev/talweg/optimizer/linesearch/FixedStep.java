package dev.talweg.optimizer.linesearch;

import java.util.Optional;

/**
 * No search: the first step, wherever it leads, as PyTorch's LBFGS without {@code line_search_fn}.
 */
public record FixedStep() implements LineSearch {
  @Override
  public Optional<Trial> search(Line line, double first, int most) {
    return Optional.of(line.at(first));
  }
}
