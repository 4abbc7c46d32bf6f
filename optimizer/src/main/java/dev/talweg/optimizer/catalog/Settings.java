package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Schedule;
import java.util.List;
import java.util.Locale;
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

  /** One of an enumeration's constants, written in kebab case. */
  <E extends Enum<E>> E choice(String name, Class<E> type) {
    return Enum.valueOf(type, text(name).toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** A nested thing that was already made, such as a schedule. */
  public <T> T made(String name, Class<T> type) {
    return type.cast(value(name));
  }

  /** A schedule that was already made, or a number as a constant one. */
  public Schedule schedule(String name) {
    return asSchedule(value(name));
  }

  /** A list of numbers. */
  public List<Double> numbers(String name) {
    return list(name).stream().map(each -> ((Number) each).doubleValue()).toList();
  }

  /** A list of whole numbers. */
  public List<Long> integers(String name) {
    return list(name).stream().map(each -> ((Number) each).longValue()).toList();
  }

  /** A list of schedules that were already made, and of numbers as constant ones. */
  public List<Schedule> schedules(String name) {
    return list(name).stream().map(Settings::asSchedule).toList();
  }

  /** A list of texts. */
  public List<String> texts(String name) {
    return list(name).stream().map(String.class::cast).toList();
  }

  /** Groups of slices. */
  List<SliceGroup> groups(String name) {
    return list(name).stream().map(SliceGroup.class::cast).toList();
  }

  private List<?> list(String name) {
    return (List<?>) value(name);
  }

  private static Schedule asSchedule(Object value) {
    return value instanceof Number number ? new Constant(number.doubleValue()) : (Schedule) value;
  }

  private Object value(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no setting " + name + " among " + values.keySet());
    }
    return value;
  }
}
