package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Schedule;
import java.util.Map;

/** Checked values by parameter name, defaults filled in. */
public record Settings(Map<String, Object> values) {
  public double number(String name) {
    return ((Number) value(name)).doubleValue();
  }

  public long integer(String name) {
    return ((Number) value(name)).longValue();
  }

  public boolean flag(String name) {
    return (Boolean) value(name);
  }

  public String text(String name) {
    return (String) value(name);
  }

  /** A nested thing that was already made, such as a schedule. */
  public <T> T made(String name, Class<T> type) {
    return type.cast(value(name));
  }

  /** A schedule that was already made, or a number as a constant one. */
  public Schedule schedule(String name) {
    return value(name) instanceof Number number
        ? new Constant(number.doubleValue())
        : made(name, Schedule.class);
  }

  private Object value(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no setting " + name + " among " + values.keySet());
    }
    return value;
  }
}
