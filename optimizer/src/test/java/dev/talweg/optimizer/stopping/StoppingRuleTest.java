package dev.talweg.optimizer.stopping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talweg.optimizer.stopping.StoppingRule.Verdict;
import dev.talweg.optimizer.stopping.Termination.Converged;
import dev.talweg.optimizer.stopping.Termination.Exhausted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoppingRuleTest {
  private static final double NONE = Double.NaN;

  private static Progress at(long step, double value, double gradientNorm) {
    return new Progress(step, value, gradientNorm, NONE, NONE, NONE, 0);
  }

  /** The step at which the rule ends, or −1, and the termination. */
  private static Optional<Termination> first(StoppingRule rule, List<Progress> run) {
    StoppingRule current = rule;
    for (Progress progress : run) {
      Verdict verdict = current.judge(progress);
      if (verdict.end().isPresent()) {
        return verdict.end();
      }
      current = verdict.next();
    }
    return Optional.empty();
  }

  private static List<Progress> values(double... values) {
    List<Progress> run = new ArrayList<>();
    for (double value : values) {
      run.add(at(run.size(), value, 1));
    }
    return run;
  }

  private static List<Progress> validated(double... metrics) {
    List<Progress> run = new ArrayList<>();
    for (double metric : metrics) {
      run.add(at(run.size(), 1, 1).withValidation(metric));
    }
    return run;
  }

  @Test
  void iterationsAreCountedFromTheStart() {
    MaxIterations rule = new MaxIterations(2);
    assertEquals(Verdict.goOn(rule), rule.judge(at(1, 0, 0)));
    assertEquals(Verdict.end(new Exhausted("iterations", 2), rule), rule.judge(at(2, 0, 0)));
    assertThrows(IllegalArgumentException.class, () -> new MaxIterations(-1));
  }

  @Test
  void theGradientIsMeasuredAgainstALargeObjectiveButNotASmallOne() {
    GradientBelow rule = new GradientBelow(0.5);
    assertEquals(Optional.empty(), rule.judge(at(0, 1.5, 1)).end());
    assertEquals(
        Optional.of(new Converged("gradient-norm", 0.5, 0.5)), rule.judge(at(0, -2, 1)).end());
    assertEquals(Optional.empty(), rule.judge(at(0, 1e-9, 0.6)).end());
    assertEquals(Optional.empty(), rule.judge(at(0, 1, NONE)).end());
  }

  @Test
  void anUnknownGapNeverEndsARun() {
    assertEquals(Optional.empty(), new GapBelow(1).judge(at(0, 1, 1)).end());
    assertEquals(Optional.empty(), new GapEstimateBelow(1).judge(at(0, 1, 1)).end());
    Progress proven = new Progress(3, 1, 1, 0.25, NONE, NONE, 0);
    assertEquals(
        Optional.of(new Converged("gap", 0.25, 0.25)), new GapBelow(0.25).judge(proven).end());
  }

  @Test
  void anEstimateOfTheGapMustBeSmallTwiceRunning() {
    List<Progress> run = new ArrayList<>();
    for (double estimate : new double[] {1, 0.01, 1, 0.125, 0.0625}) {
      run.add(new Progress(run.size(), 1, 1, NONE, estimate, NONE, 0));
    }
    assertEquals(
        Optional.of(new Converged("gap-estimate", 0.5, 1)), first(new GapEstimateBelow(1), run));
    assertEquals(Optional.empty(), first(new GapEstimateBelow(1), run.subList(0, 4)));
  }

  @Test
  void aStallIsCountedAgainstTheBestValue() {
    ValueStalls rule = new ValueStalls(0.125, 2);
    assertEquals(Optional.empty(), first(rule, values(16, 15, 8, 7.5, 4)));
    assertEquals(
        Optional.of(new Converged("relative decrease", 0, 0.125)),
        first(rule, values(16, 8, 8, 9)));
    assertEquals(
        Optional.of(new Converged("relative decrease", 0.0625, 0.125)),
        first(rule, values(16, 16, 15)));
    assertEquals(Optional.empty(), first(rule, values(0, -1, -2, -4)));
    assertEquals(
        Optional.of(new Converged("relative decrease", 0, 0.125)), first(rule, values(0, 0, 0)));
  }

  @Test
  void patienceCountsMeasurementsOnly() {
    Patience rule = new Patience("validation log-loss", 2, Patience.Better.SMALLER);
    Optional<Termination> end =
        Optional.of(new Exhausted("rounds without a better validation log-loss", 2));
    assertEquals(end, first(rule, validated(3, 2, NONE, 2, NONE, 2.5)));
    assertEquals(Optional.empty(), first(rule, validated(3, 2, NONE, 2, NONE, 1.5, 1.75)));
    Patience larger = new Patience("validation auc-roc", 1, Patience.Better.LARGER);
    assertEquals(Optional.empty(), first(larger, validated(0.5, 0.6, 0.7)));
    assertEquals(
        Optional.of(new Exhausted("rounds without a better validation auc-roc", 1)),
        first(larger, validated(0.5, 0.7, 0.6)));
  }

  @Test
  void aLeadWithinTheToleranceIsNoImprovementButMovesTheBest() {
    Patience rule = new Patience("objective", 2, Patience.Better.SMALLER, 0.25);
    // 3.1875 leads by enough of 3.5, and by too little of 3.375
    assertEquals(
        Optional.of(new Exhausted("rounds without a better objective", 2)),
        first(rule, validated(4, 3.875, 3.75)));
    assertEquals(Optional.empty(), first(rule, validated(4, 3.875, 3.5, 3.375, 3)));
    assertEquals(
        Optional.of(new Exhausted("rounds without a better objective", 2)),
        first(rule, validated(4, 3.5, 3.375, 3.1875)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Patience("objective", 2, Patience.Better.SMALLER, -1));
  }

  @Test
  void timeIsTheCallers() {
    TimeBudget rule = new TimeBudget(1.5);
    assertEquals(Optional.empty(), rule.judge(at(0, 1, 1).withSeconds(1.25)).end());
    assertEquals(
        Optional.of(new Exhausted("time in seconds", 2)),
        rule.judge(at(0, 1, 1).withSeconds(1.5)).end());
    assertThrows(IllegalArgumentException.class, () -> new TimeBudget(0));
  }

  @Test
  void theFirstOfSeveralRulesSaysWhyAndAllRemember() {
    StoppingRule rule =
        new MaxIterations(3).or(new ValueStalls(0.125, 2)).or(new GradientBelow(1e-9));
    assertEquals(
        Optional.of(new Converged("relative decrease", 0, 0.125)), first(rule, values(1, 1, 1, 1)));
    assertEquals(Optional.of(new Exhausted("iterations", 3)), first(rule, values(8, 4, 2, 1)));
    assertEquals(3, ((AnyOf) rule).rules().size());
    assertEquals(Optional.empty(), first(new AnyOf(List.of()), values(1, 1)));
  }

  @Test
  void aRuleFedWithTheHistoryIsTheRuleThatSawIt() {
    StoppingRule fresh =
        new ValueStalls(0.125, 3).or(new Patience("rmse", 3, Patience.Better.SMALLER));
    List<Progress> run = validated(5, 4, 6, 7, 8);
    assertEquals(first(fresh, run), first(fresh.after(run.subList(0, 2)), run.subList(2, 5)));
    assertEquals(fresh.after(run), fresh.after(run.subList(0, 3)).after(run.subList(3, 5)));
  }

  @Test
  void aToleranceIsANumberOfAtLeastZero() {
    for (double tolerance : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> new GradientBelow(tolerance));
      assertThrows(IllegalArgumentException.class, () -> new GapBelow(tolerance));
      assertThrows(IllegalArgumentException.class, () -> new ValueStalls(tolerance, 1));
    }
  }
}
