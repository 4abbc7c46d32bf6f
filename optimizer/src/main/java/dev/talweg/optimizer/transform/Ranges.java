package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Schedule;

/** What hyper-parameters are allowed to be. */
final class Ranges {
  private Ranges() {}

  /** A share that is kept: at least 0 and below 1. */
  static void checkShare(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " is at least 0 and below 1, not " + value);
    }
  }

  /** The same of a schedule, where it is known before. */
  static void checkShare(String name, Schedule share) {
    if (share instanceof Constant constant) {
      checkShare(name, constant.value());
    }
  }

  static void checkUpToOne(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " is in [0, 1], not " + value);
    }
  }

  static void checkAboveZero(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " is a finite number above 0, not " + value);
    }
  }

  static void checkNotNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " is a finite number of at least 0, not " + value);
    }
  }

  /** Infinity is above 1. */
  static void checkAboveOne(String name, double value) {
    if (!(value > 1)) {
      throw new IllegalArgumentException(name + " is above 1, not " + value);
    }
  }

  static void checkOrder(String least, double low, String most, double high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          least + ", " + low + ", is above " + most + ", " + high + "; lower it or raise " + most);
    }
  }

  static void checkCount(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is at least 1, not " + value);
    }
  }
}
