package dev.talweg.jobs.bench;

import java.util.ArrayList;
import java.util.List;

/** All cases, in the order of the table. */
final class Cases {
  private Cases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    cases.addAll(ClickCase.all());
    cases.add(new DenseCase());
    return cases;
  }

  static Case named(String name) {
    return all().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no case is called " + name));
  }
}
