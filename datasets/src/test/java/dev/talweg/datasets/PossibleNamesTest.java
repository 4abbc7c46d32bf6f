package dev.talweg.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.datasets.FeatureSpec.Categorical;
import dev.talweg.datasets.FeatureSpec.Numeric;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PossibleNamesTest {
  private static final PossibleNames NAMES =
      PossibleNames.of(
          new FeaturePlan(
              List.of(new Numeric("age", NumericTransform.LOG1P), new Numeric("pay_1")),
              List.of(new Categorical("sex", 0, 1)),
              List.of(new Categorical("city", 10, 1)),
              List.of(List.of("sex", "city")),
              "pixels",
              List.of()));

  private static List<String> problems(String... names) {
    return NAMES.problems(Map.of("penalty.factors", new LinkedHashSet<>(List.of(names))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "age",
        "a?e",
        "log1p(age)",
        "log1p(*)",
        "pay_*",
        "age is missing",
        "* is missing",
        "sex",
        "sex=f",
        "s*=f",
        "city#12",
        "sex × city=f × Bern",
        "* × *",
        "pixels[3]",
        "pixels[*]",
        "*1",
        "*"
      })
  void whatAFeatureMayBeCalledIsLeftToTheRows(String name) {
    assertEquals(List.of(), problems(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"agee", "age=1", "sez=f", "pay_?1", "", "x*"})
  void whatNoFeatureCanBeCalledIsKnownBeforeARowIsRead(String name) {
    assertEquals(1, problems(name).size(), name);
  }

  @Test
  void everyProblemHasItsKeyAndTheNearestName() {
    assertEquals(
        List.of(
            "penalty.factors: no column or feature aeg; did you mean age?",
            "penalty.factors: no column or feature income; columns with features are"
                + " age, pay_1, sex, city, sex × city, pixels"),
        problems("aeg", "income"));
  }
}
