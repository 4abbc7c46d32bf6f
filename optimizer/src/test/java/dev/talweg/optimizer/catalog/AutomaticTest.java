package dev.talweg.optimizer.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.catalog.Automatic.Facts;
import dev.talweg.optimizer.minimizer.Cocoa;
import dev.talweg.optimizer.minimizer.Lbfgs;
import dev.talweg.optimizer.objective.RayObjective.BlockOf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutomaticTest {

  @ParameterizedTest
  @CsvSource({
    "30000, 23, 23, 1e-4, 300, 0",
    "30000, 300, 300, 0, 300, 0",
    "30000, 20, 301, 1e-4, 300, 0",
    "1000000, 35, 1048576, 1e-5, 1200, 4",
    "1000000, 2499, 10000, 1e-5, 1200, 4",
    "1000000, 2500, 10000, 1e-5, 0, 0",
    "30000, 301, 1201, 1e-4, 0, 0",
    "30000, 300, 1201, 1e-4, 300, 0",
    "30000, 301, 301, 0, 0, 0",
    "1000000, 35, 9999, 1e-5, 300, 0",
    "199999, 35, 1048576, 1e-5, 300, 0",
    "1000000, 35, 1048576, 0, 0, 0",
  })
  void theBlockFollowsFromTheSizeAndThePenalty(
      long rows, int perRow, int features, double l2, int block, int after) {
    Automatic.Choice<Lbfgs> choice = new Automatic().choose(facts(rows, perRow, features, l2));
    assertEquals(new Lbfgs(10, 5, block, after), choice.minimizer());
    assertTrue(choice.describe().contains("block=" + block), choice::describe);
  }

  private static Facts facts(long rows, int perRow, int features, double l2) {
    return new Facts(rows, rows * perRow, features, l2);
  }

  @ParameterizedTest
  @CsvSource({
    "60000, 50, 100, 300, 50 values each",
    "30000, 301, 301, 1200, rows have 301 of 301 features",
    "30000, 300, 1200, 1200, rows have 300 of 1200 features",
  })
  void ofFullRowsASampleMakesTheWholeMatrix(
      long rows, int perRow, int features, int block, String why) {
    Automatic.Choice<Lbfgs> choice = new Automatic().choose(facts(rows, perRow, features, 1e-5));
    assertEquals(new Lbfgs(10, 5, block, 0, BlockOf.SAMPLE), choice.minimizer());
    assertTrue(choice.describe().contains(why), choice::describe);
  }

  @ParameterizedTest
  @CsvSource({"59999, 50, 100, 1e-5", "60000, 49, 100, 1e-5", "60000, 50, 100, 0"})
  void ofFewOrSparseRowsOrWithoutAPenaltyAllRowsMakeIt(
      long rows, int perRow, int features, double l2) {
    Automatic.Choice<Lbfgs> choice = new Automatic().choose(facts(rows, perRow, features, l2));
    assertEquals(new Lbfgs(10, 5, 300, 0, BlockOf.ALL), choice.minimizer());
  }

  @ParameterizedTest
  @CsvSource({"10, 784, 1000, share one", "3, 1000, 1000, share one", "3, 1001, 0, diagonal"})
  void classesChooseTheMethodThatHasAMarginForEach(
      int classes, int features, int block, String why) {
    Automatic.Choice<Lbfgs> choice = new Automatic().ofClasses(classes, features);
    assertEquals(new Lbfgs(10, 5, block, 0), choice.minimizer());
    assertTrue(choice.describe().contains(classes + " classes"), choice::describe);
    assertTrue(choice.describe().contains(why), choice::describe);
  }

  @Test
  void aLossWithKinksChoosesTheMethodThatClimbsItsDual() {
    Automatic.Choice<?> choice = new Automatic().ofKinks("hinge");
    assertEquals(new Cocoa(5, 0), choice.minimizer());
    assertTrue(choice.describe().contains("kinks"), choice::describe);
  }
}
