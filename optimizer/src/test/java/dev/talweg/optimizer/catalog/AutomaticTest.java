package dev.talweg.optimizer.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.catalog.Automatic.Facts;
import dev.talweg.optimizer.minimizer.Cocoa;
import dev.talweg.optimizer.minimizer.Lbfgs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutomaticTest {

  @ParameterizedTest
  @CsvSource({
    "30000, 23, 1e-4, 300, 0",
    "30000, 300, 0, 300, 0",
    "30000, 301, 1e-4, 300, 0",
    "1000000, 1048576, 1e-5, 1200, 4",
    "1000000, 9999, 1e-5, 300, 0",
    "199999, 1048576, 1e-5, 300, 0",
    "1000000, 1048576, 0, 0, 0",
  })
  void theBlockFollowsFromTheSizeAndThePenalty(
      long rows, int features, double l2, int block, int after) {
    Automatic.Choice choice = new Automatic().choose(new Facts(rows, features, l2));
    assertEquals(new Lbfgs(10, 5, block, after), choice.minimizer());
    assertTrue(choice.describe().contains("block=" + block), choice::describe);
  }

  @ParameterizedTest
  @CsvSource({"10, 784, 1000, share one", "3, 1000, 1000, share one", "3, 1001, 0, diagonal"})
  void classesChooseTheMethodThatHasAMarginForEach(
      int classes, int features, int block, String why) {
    Automatic.Choice choice = new Automatic().ofClasses(classes, features);
    assertEquals(new Lbfgs(10, 5, block, 0), choice.minimizer());
    assertTrue(choice.describe().contains(classes + " classes"), choice::describe);
    assertTrue(choice.describe().contains(why), choice::describe);
  }

  @Test
  void aLossWithKinksChoosesTheMethodThatClimbsItsDual() {
    Automatic.Choice choice = new Automatic().ofKinks("hinge");
    assertEquals(new Cocoa(5, 0), choice.minimizer());
    assertTrue(choice.describe().contains("kinks"), choice::describe);
  }
}
