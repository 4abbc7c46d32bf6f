package dev.talweg.jobs.run;

import java.util.Objects;

/** The version of this build. */
public final class Version {
  private Version() {}

  /** From the jar's manifest; "development" where classes were not packaged. */
  public static String current() {
    return Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), "development");
  }
}
