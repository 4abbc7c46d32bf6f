package dev.talweg.optimizer.kernel;

import java.util.Locale;

/** Chooses who does the loops of {@link Kernels}, once per JVM. */
final class KernelProvider {
  static final String PROPERTY = "talweg.kernels";

  private static final String MODULE = "jdk.incubator.vector";
  private static final String VECTOR = "dev.talweg.optimizer.kernel.panama.PanamaKernels";

  private KernelProvider() {}

  static KernelSupport choose(String requested) {
    boolean present = ModuleLayer.boot().findModule(MODULE).isPresent();
    return switch (requested.toLowerCase(Locale.ROOT)) {
      case "scalar" -> new ScalarKernels();
      case "auto" ->
          present
              ? new AdaptiveKernels(KernelProvider::vector, AdaptiveKernels.WORTH)
              : new ScalarKernels();
      case "vector" -> {
        if (!present) {
          throw new IllegalStateException(
              PROPERTY
                  + "=vector needs a JVM started with --add-modules "
                  + MODULE
                  + "; add that or leave the property away");
        }
        yield vector();
      }
      default ->
          throw new IllegalStateException(
              PROPERTY + " is " + requested + "; it can be scalar, vector or auto");
    };
  }

  /** By name: a JVM without the module must not load the class. */
  private static KernelSupport vector() {
    try {
      return Class.forName(VECTOR).asSubclass(KernelSupport.class).getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(VECTOR + " is not in this jar", e);
    }
  }
}
