package dev.talweg.optimizer.stopping;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When a run ends. A rule sees each state once, in order; what it remembers is in the rule it
 * returns, so rules are values: they may be shared by runs, compared and printed.
 *
 * <p>After an interruption nothing of a rule needs to be stored: {@link #after} feeds the recorded
 * history again.
 */
public interface StoppingRule {

  /** Judges the next state. */
  Verdict judge(Progress progress);

  /**
   * @param end how the run ends here, or empty: it goes on
   * @param next the rule for the next state
   */
  record Verdict(Optional<Termination> end, StoppingRule next) {
    /** The run goes on, judged by {@code next}. */
    public static Verdict goOn(StoppingRule next) {
      return new Verdict(Optional.empty(), next);
    }

    /** The run ends. */
    public static Verdict end(Termination termination, StoppingRule rule) {
      return new Verdict(Optional.of(termination), rule);
    }
  }

  /** Ends when either does; where both do, as this one says. */
  default StoppingRule or(StoppingRule other) {
    List<StoppingRule> rules = new ArrayList<>();
    for (StoppingRule rule : List.of(this, other)) {
      if (rule instanceof AnyOf anyOf) {
        rules.addAll(anyOf.rules());
      } else {
        rules.add(rule);
      }
    }
    return new AnyOf(rules);
  }

  /** This rule after it has seen a history, whatever its verdicts were. */
  default StoppingRule after(Iterable<Progress> history) {
    StoppingRule rule = this;
    for (Progress progress : history) {
      rule = rule.judge(progress).next();
    }
    return rule;
  }
}
