package dev.talweg.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The direction of dependencies and the names: docs/architecture.md, held by the build. */
@AnalyzeClasses(packages = "dev.talweg", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule THE_OPTIMIZER_KNOWS_NOTHING_OF_SPARK =
      noClasses()
          .that()
          .resideInAPackage("dev.talweg.optimizer..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache..", "scala..", "dev.talweg.datasets..", "dev.talweg.jobs..");

  @ArchTest
  static final ArchRule DATASETS_KNOW_NOTHING_OF_JOBS =
      noClasses()
          .that()
          .resideInAPackage("dev.talweg.datasets..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.talweg.jobs..");

  @ArchTest
  static final ArchRule THE_CLUSTER_AND_THE_CONFIGURATION_KNOW_NOTHING_OF_RUNS =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.talweg.jobs.cluster..", "dev.talweg.jobs.config..", "dev.talweg.jobs.console..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.talweg.jobs.run..");

  @ArchTest
  static final ArchRule PACKAGES_OF_THE_OPTIMIZER_HAVE_NO_CYCLES =
      slices().matching("dev.talweg.optimizer.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule PACKAGES_OF_JOBS_HAVE_NO_CYCLES =
      slices().matching("dev.talweg.jobs.(*)..").should().beFreeOfCycles();

  @ArchTest
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

  @ArchTest
  static final ArchRule NO_GETTERS =
      noMethods()
          .that(
              new DescribedPredicate<JavaMethod>("are our own names") {
                @Override
                public boolean test(JavaMethod method) {
                  // what a foreign interface asks for is not our choice of a name
                  return method.getOwner().getAllRawInterfaces().stream()
                      .noneMatch(i -> !i.getPackageName().startsWith("dev.talweg"));
                }
              })
          .should()
          .haveNameMatching("get[A-Z].*");

  @ArchTest
  static final ArchRule ONLY_MAIN_ENDS_THE_PROCESS =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.talweg.jobs.Main")
          .should()
          .callMethod(System.class, "exit", int.class);

  @ArchTest
  static final ArchRule ONLY_THE_CONSOLE_PRINTS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.talweg.jobs.console")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
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

  @ArchTest
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

  @ArchTest
  static final ArchRule NOTHING_IS_SYNCHRONIZED_BUT_THE_CONSOLE =
      methods()
          .that()
          .areDeclaredInClassesThat()
          .resideOutsideOfPackage("dev.talweg.jobs.console")
          .should()
          .notHaveModifier(com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED);
}
