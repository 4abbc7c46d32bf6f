/** Tests against HDFS and YARN that run in this JVM, through the real {@code spark-submit}. */
@NullMarked
package dev.talweg.jobs.yarn;

import org.jspecify.annotations.NullMarked;
