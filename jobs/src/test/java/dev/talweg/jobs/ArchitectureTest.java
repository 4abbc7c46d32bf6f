package dev.talweg.jobs;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The direction of dependencies and the names: docs/architecture.md, held by the build. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.talweg");

  /** All rules of this class; ArchUnit's own engine is found by surefire, which counts none. */
  static Stream<Arguments> rules() {
    return Arrays.stream(ArchitectureTest.class.getDeclaredFields())
        .filter(field -> field.getType() == ArchRule.class)
        .map(ArchitectureTest::rule);
  }

  private static Arguments rule(Field field) {
    try {
      return Arguments.of(field.getName(), field.get(null));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void holds(String name, ArchRule rule) {
    rule.check(CLASSES);
  }

  @Test
  void thereAreRulesAndClasses() {
    assertTrue(rules().count() >= 12);
    assertTrue(CLASSES.size() > 300);
  }

  static final ArchRule THE_OPTIMIZER_KNOWS_NOTHING_OF_SPARK =
      noClasses()
          .that()
          .resideInAPackage("dev.talweg.optimizer..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache..", "scala..", "dev.talweg.datasets..", "dev.talweg.jobs..");

  static final ArchRule DATASETS_KNOW_NOTHING_OF_JOBS =
      noClasses()
          .that()
          .resideInAPackage("dev.talweg.datasets..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.talweg.jobs..");

  static final ArchRule THE_CLUSTER_AND_THE_CONFIGURATION_KNOW_NOTHING_OF_RUNS =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.talweg.jobs.cluster..", "dev.talweg.jobs.config..", "dev.talweg.jobs.console..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.talweg.jobs.run..");

  static final ArchRule NOTHING_KNOWS_OF_THE_CLASSES_OF_SPARK_ML =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.talweg.ml..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.talweg.ml..");

  static final ArchRule THE_CLASSES_OF_SPARK_ML_KNOW_NOTHING_OF_RUNS =
      noClasses()
          .that()
          .resideInAPackage("dev.talweg.ml..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.talweg.jobs.run..",
              "dev.talweg.jobs.config..",
              "dev.talweg.jobs.console..",
              "dev.talweg.jobs.report..");

  /** What is private in Scala is public in bytecode, and may change with any version of Spark. */
  static final ArchRule ONE_CLASS_TOUCHES_WHAT_IS_PRIVATE_IN_SPARK_ML =
      noClasses()
          .that()
          .resideInAPackage("dev.talweg.ml..")
          .and()
          .doNotHaveFullyQualifiedName("dev.talweg.ml.engine.SparkMl")
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "org\\.apache\\.spark\\.ml\\.(ann\\..*|util\\..*(Utils\\$|ParamsReader))")
          .orShould()
          .callConstructorWhere(
              target(owner(nameMatching("org\\.apache\\.spark\\.ml\\..*(Model|Summary(Impl)?)"))));

  /** A JVM without the incubating module must load no class that names it. */
  static final ArchRule ONLY_ONE_PACKAGE_KNOWS_THE_VECTOR_API =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.talweg.optimizer.kernel.panama")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jdk.incubator..", "dev.talweg.optimizer.kernel.panama");

  /** What is private[spark] may be another in the next version: one place to mend. */
  static final ArchRule ONLY_ONE_PACKAGE_KNOWS_SPARKS_USER_INTERFACE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.talweg.jobs.monitor")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark.ui..",
              "org.apache.spark.status..",
              "org.apache.spark.metrics..",
              "org.apache.spark.util.kvstore..",
              "jakarta.servlet..");

  static final ArchRule PACKAGES_OF_THE_OPTIMIZER_HAVE_NO_CYCLES =
      slices().matching("dev.talweg.optimizer.(*)..").should().beFreeOfCycles();

  static final ArchRule PACKAGES_OF_JOBS_HAVE_NO_CYCLES =
      slices().matching("dev.talweg.jobs.(*)..").should().beFreeOfCycles();

  static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveSimpleNameEndingWith("Base")
          .orShould()
          .haveSimpleNameStartingWith("Abstract");

  static final ArchRule NO_GETTERS =
      noMethods()
          .that(
              new DescribedPredicate<JavaMethod>("are our own names") {
                @Override
                public boolean test(JavaMethod method) {
                  // what a foreign type asks for is not our choice of a name
                  return Stream.concat(
                          method.getOwner().getAllRawInterfaces().stream(),
                          method.getOwner().getAllRawSuperclasses().stream()
                              .filter(c -> !c.isEquivalentTo(Object.class)))
                      .allMatch(c -> c.getPackageName().startsWith("dev.talweg"));
                }
              })
          .should()
          .haveNameMatching("get[A-Z].*");

  static final ArchRule ONLY_MAIN_ENDS_THE_PROCESS =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.talweg.jobs.Main")
          .should()
          .callMethod(System.class, "exit", int.class);

  static final ArchRule ONLY_THE_CONSOLE_PRINTS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.talweg.jobs.console")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  static final ArchRule STATES_AND_SPECIFICATIONS_ARE_VALUES =
      classes()
          .that()
          .haveSimpleNameEndingWith("State")
          .or()
          .haveSimpleNameEndingWith("Spec")
          .and()
          .areNotInterfaces()
          .should()
          .beAssignableTo(Record.class);

  static final ArchRule LOSSES_AND_TRANSFORMS_ARE_RECORDS =
      classes()
          .that()
          .implement("dev.talweg.optimizer.loss.PointwiseLoss")
          .or()
          .implement("dev.talweg.optimizer.transform.GradientTransform")
          .or()
          .implement("dev.talweg.optimizer.schedule.Schedule")
          .and()
          .areNotInterfaces()
          .should()
          .beAssignableTo(Record.class);

  static final ArchRule NOTHING_IS_SYNCHRONIZED_BUT_THE_CONSOLE =
      methods()
          .that()
          .areDeclaredInClassesThat()
          .resideOutsideOfPackage("dev.talweg.jobs.console")
          .should()
          .notHaveModifier(com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED);
}
