package org.apache.spark.sql.connect.plugin;

import java.util.Optional;

/**
 * The signature of Spark 4.1's interface, to compile against: a Connect server has the interface
 * itself, in a jar that Spark's distributions contain and that could not be had as an artifact.
 * Neither the jar nor any test has this file; test_connect.py holds the class that implements it to
 * a real server.
 */
public interface MLBackendPlugin {
  /** The class to use in place of the one called {@code mlName}, if another. */
  Optional<String> transform(String mlName);
}
