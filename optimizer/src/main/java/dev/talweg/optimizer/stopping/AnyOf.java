package dev.talweg.optimizer.stopping;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ends when one of the rules does. All of them see every state; where several end, the first in the
 * list says why. With no rule it never ends.
 */
public record AnyOf(List<StoppingRule> rules) implements StoppingRule {
  public AnyOf {
    rules = List.copyOf(rules);
  }

  @Override
  public Verdict judge(Progress progress) {
    Optional<Termination> end = Optional.empty();
    List<StoppingRule> next = new ArrayList<>(rules.size());
    for (StoppingRule rule : rules) {
      Verdict verdict = rule.judge(progress);
      end = end.or(verdict::end);
      next.add(verdict.next());
    }
    return new Verdict(end, new AnyOf(next));
  }
}
