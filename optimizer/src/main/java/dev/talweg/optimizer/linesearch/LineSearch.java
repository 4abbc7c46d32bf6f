package dev.talweg.optimizer.linesearch;

import java.util.Optional;

/**
 * How far to go along a direction. Constants are those of the library that a search is named by, so
 * that from the same direction it tries the same steps.
 */
public sealed interface LineSearch permits FixedStep, LastDecrease, MoreThuente, StrongWolfe, Zoom {

  /**
   * A point of a line that leads down; empty where none was found.
   *
   * @param first step to try
   * @param most steps to try
   */
  Optional<Trial> search(Line line, double first, int most);
}
