package dev.talweg.jobs.run;

import org.apache.spark.SparkContext;

/**
 * Which attempt of which application this process is. YARN starts an application anew where its
 * master was lost; such an attempt goes on where the one before was, and finds what that published.
 *
 * @param application empty where nobody starts a run again but the user
 * @param number from 1
 */
public record Attempt(String application, int number) {
  /** A run that only its user starts again. */
  public static final Attempt ONLY = new Attempt("", 1);

  /** Of a driver in the application master; {@link #ONLY} elsewhere. */
  public static Attempt of(SparkContext spark) {
    return spark.applicationAttemptId().isDefined()
        ? new Attempt(spark.applicationId(), Integer.parseInt(spark.applicationAttemptId().get()))
        : ONLY;
  }

  /** Whether another attempt of the same application ran before. */
  public boolean isAgain() {
    return number > 1;
  }
}
